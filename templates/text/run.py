import secrets
from typing import Optional

import numpy as np
from cog import BaseRunner, ConcatenateIterator, Input, Path, streaming

from model import CharacterModel
from sampling import choose_token


class Runner(BaseRunner):
    def setup(self) -> None:
        """Loads the weights once, before the first request."""
        self.model = CharacterModel(Path("weights/sample.txt").read_text(encoding="utf-8"))

    @streaming
    def run(
        self,
        prompt: str = Input(
            description="Text to continue. The last words count most: end where the model is to go on.",
            default="The lighthouse",
            max_length=100_000,
        ),
        max_new_tokens: int = Input(
            description="Length of the answer in tokens (here a token is one character).",
            default=300,
            ge=1,
            le=4096,
        ),
        temperature: float = Input(
            description="How freely to choose: 0 always takes the likeliest token, 0.7 to 1 reads naturally, more becomes random.",
            default=0.8,
            ge=0,
            le=5,
        ),
        top_k: int = Input(
            description="Choose among this many of the likeliest tokens; 0 for no limit. Lower is safer.",
            default=0,
            ge=0,
            le=1000,
        ),
        top_p: float = Input(
            description="Choose among the likeliest tokens that together have this probability; 1 for no limit, 0.9 is safer.",
            default=0.95,
            ge=0,
            le=1,
        ),
        seed: Optional[int] = Input(
            description="The same number gives the same answer again; leave it empty for a new one.",
            default=None,
            ge=0,
            le=4294967295,
        ),
    ) -> ConcatenateIterator[str]:
        """Continues a text."""
        if seed is None:
            seed = secrets.randbits(32)
        print(f"seed: {seed}")
        generator = np.random.default_rng(seed)
        text = prompt
        for _ in range(max_new_tokens):
            probabilities = self.model.next_probabilities(text[-self.model.order :])
            number = choose_token(probabilities, generator, temperature, top_k, top_p)
            token = self.model.tokens[number]
            text += token
            yield token
