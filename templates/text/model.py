"""A stand-in for a language model: it learns from a text which character follows which.

Put your own model here; run.py needs `next_probabilities` and `tokens` of it, and nothing else.
"""
import numpy as np


class CharacterModel:
    """Counts what follows the last `order` characters, and fewer where those never stood there."""

    def __init__(self, text: str, order: int = 8) -> None:
        self.tokens = sorted(set(text))
        self.order = order
        self._counts: dict[str, np.ndarray] = {}
        index = {token: number for number, token in enumerate(self.tokens)}
        for position, token in enumerate(text):
            for length in range(min(order, position) + 1):
                context = text[position - length : position]
                counts = self._counts.setdefault(context, np.zeros(len(self.tokens)))
                counts[index[token]] += 1

    def next_probabilities(self, text: str) -> np.ndarray:
        """How likely each of `tokens` is to come after the text."""
        for length in range(min(self.order, len(text)), -1, -1):
            counts = self._counts.get(text[len(text) - length :])
            if counts is not None:
                return counts / counts.sum()
        raise ValueError("the model has learned nothing: its text is empty")
