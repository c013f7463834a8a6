import tempfile

from cog import BaseRunner, Input, Path
from PIL import Image, ImageFilter

from images import open_image, pad_to_multiple, save_image, scale_to_fit

MULTIPLE_OF = 8  # of the sides: what most models of images need


class Runner(BaseRunner):
    def setup(self) -> None:
        """Loads the model once, before the first request: put yours here, its weights in weights/."""
        self.radius = 2

    def sharpen(self, image: Image.Image, strength: float) -> Image.Image:
        """A stand-in for a model: an image in, an image of the same size out."""
        return image.filter(ImageFilter.UnsharpMask(self.radius, round(strength * 100), threshold=0))

    def run(
        self,
        image: Path = Input(
            description="Image to sharpen, in any common format. Transparent parts stay transparent.",
            accept="image/*",
        ),
        strength: float = Input(
            description="How strongly to sharpen: 0 changes nothing, 0.5 to 1.5 suits photographs, more shows bright edges.",
            default=1.0,
            ge=0,
            le=5,
        ),
        longest_side: int = Input(
            description="Longest side of the result in pixels. Larger images are scaled down in proportion; smaller ones stay.",
            default=2048,
            ge=64,
            le=8192,
        ),
        output_format: str = Input(
            description="File format of the result. png loses nothing, webp and jpg are smaller; jpg puts transparent images on white.",
            choices=["png", "webp", "jpg"],
            default="png",
        ),
        output_quality: int = Input(
            description="Quality of webp and jpg, from 1 to 100. 80 to 95 looks like the original; png does not need it.",
            default=90,
            ge=1,
            le=100,
        ),
    ) -> Path:
        """Sharpens an image."""
        picture = scale_to_fit(open_image(image), longest_side)
        padded = pad_to_multiple(picture.convert("RGB"), MULTIPLE_OF)
        result = self.sharpen(padded, strength).crop((0, 0, *picture.size))
        if picture.mode == "RGBA":
            result.putalpha(picture.getchannel("A"))
        path = Path(tempfile.mkdtemp()) / f"image.{output_format}"
        save_image(result, path, output_format, output_quality)
        return path
