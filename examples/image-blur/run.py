import tempfile

from cog import BaseRunner, Input, Path
from PIL import Image, ImageFilter, ImageOps

MAX_SIDE = 4096  # pixels; bounds the memory and time of one run
FORMATS = {"png": "PNG", "webp": "WEBP", "jpg": "JPEG"}


def open_picture(path: Path) -> Image.Image:
    """The picture upright, as RGB or RGBA, no side longer than MAX_SIDE."""
    with Image.open(path) as source:
        # draft() lets the JPEG decoder itself scale a huge photograph down while reading.
        source.draft("RGB", (MAX_SIDE, MAX_SIDE))
        picture = ImageOps.exif_transpose(source)
        transparent = "A" in picture.getbands() or "transparency" in picture.info
        picture = picture.convert("RGBA" if transparent else "RGB")
    picture.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    return picture


def blur(picture: Image.Image, radius: float) -> Image.Image:
    """Gaussian blur. Colours of invisible pixels must not bleed into visible ones."""
    if picture.mode == "RGB":
        return picture.filter(ImageFilter.GaussianBlur(radius))
    return picture.convert("RGBa").filter(ImageFilter.GaussianBlur(radius)).convert("RGBA")


class Runner(BaseRunner):
    def run(
        self,
        image: Path = Input(
            description="Picture to blur, in any common format, with or without transparency",
            accept="image/*",
        ),
        radius: float = Input(
            description="How strongly to blur, as the radius in pixels; 0 leaves the picture as it is",
            default=8.0,
            ge=0,
            le=200,
        ),
        output_format: str = Input(
            description="Format of the result; jpg puts transparent pictures on white",
            choices=["png", "webp", "jpg"],
            default="png",
        ),
    ) -> Path:
        """Blur a picture."""
        picture = blur(open_picture(image), radius)
        if output_format == "jpg" and picture.mode == "RGBA":
            white = Image.new("RGBA", picture.size, "white")
            picture = Image.alpha_composite(white, picture).convert("RGB")
        result = Path(tempfile.mkdtemp()) / f"blurred.{output_format}"
        picture.save(result, FORMATS[output_format])
        return result
