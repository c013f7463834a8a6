"""Chooses the next token from a model's probabilities."""
import numpy as np


def choose_token(
    probabilities: np.ndarray,
    generator: np.random.Generator,
    temperature: float,
    top_k: int,
    top_p: float,
) -> int:
    """The number of a token. Temperature 0 takes the likeliest; `top_k` 0 and `top_p` 1 leave all in."""
    if temperature == 0:
        return int(np.argmax(probabilities))
    likeliest_first = np.argsort(-probabilities, kind="stable")
    if top_k > 0:
        likeliest_first = likeliest_first[:top_k]
    kept = probabilities[likeliest_first]
    kept = kept / kept.sum()
    # The token that passes the bound still counts, so that at least one is left.
    enough = int(np.searchsorted(np.cumsum(kept), top_p)) + 1
    likeliest_first, kept = likeliest_first[:enough], kept[:enough]
    # By way of logarithms: a low temperature would else round every power to zero.
    with np.errstate(divide="ignore"):
        scaled = np.log(kept) / temperature
    weights = np.exp(scaled - scaled.max())
    return int(generator.choice(likeliest_first, p=weights / weights.sum()))
