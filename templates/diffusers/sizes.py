"""Sizes that the model can make."""

MULTIPLE_OF = 8  # the model works on squares of 8 x 8 pixels


def round_down(pixels: int, multiple_of: int = MULTIPLE_OF) -> int:
    """The largest multiple that is not longer, and at least one."""
    return max(1, pixels // multiple_of) * multiple_of
