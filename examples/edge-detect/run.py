import tempfile

import cv2
import numpy as np
from cog import BaseRunner, Input, Path

MAX_SIDE = 4096  # pixels; bounds the memory and time of one run


def read_gray(path: Path) -> np.ndarray:
    """The picture as one 8-bit channel on white, no side longer than MAX_SIDE."""
    picture = cv2.imdecode(np.fromfile(str(path), dtype=np.uint8), cv2.IMREAD_UNCHANGED)
    if picture is None:
        raise ValueError("the file is not a picture that OpenCV can read")
    if picture.dtype != np.uint8:
        picture = cv2.normalize(picture, None, 0, 255, cv2.NORM_MINMAX).astype(np.uint8)
    if picture.ndim == 3 and picture.shape[2] == 4:
        alpha = picture[:, :, 3:].astype(np.float32) / 255
        picture = (picture[:, :, :3] * alpha + 255 * (1 - alpha)).astype(np.uint8)
    if picture.ndim == 3:
        picture = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    scale = MAX_SIDE / max(picture.shape)
    if scale < 1:
        picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return picture


class Runner(BaseRunner):
    def run(
        self,
        image: Path = Input(
            description="Picture to find edges in, in any common format", accept="image/*"
        ),
        low_threshold: int = Input(
            description="Edges weaker than this are dropped", default=80, ge=0, le=1000
        ),
        high_threshold: int = Input(
            description="Edges stronger than this are kept; between the two, where they join one",
            default=160,
            ge=0,
            le=1000,
        ),
        smoothing: int = Input(
            description="Radius in pixels of the blur that removes noise first; 0 for none",
            default=1,
            ge=0,
            le=20,
        ),
        invert: bool = Input(description="Draw black lines on white", default=False),
    ) -> Path:
        """Draw the edges of a picture."""
        gray = read_gray(image)
        if smoothing:
            gray = cv2.GaussianBlur(gray, (2 * smoothing + 1, 2 * smoothing + 1), 0)
        low, high = sorted((low_threshold, high_threshold))
        edges = cv2.Canny(gray, low, high)
        if invert:
            edges = 255 - edges
        result = Path(tempfile.mkdtemp()) / "edges.png"
        cv2.imwrite(str(result), edges)
        return result
