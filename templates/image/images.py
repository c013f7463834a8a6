"""Images as models want them: upright, 8-bit sRGB, sides of a suitable length; and back to a file."""
import io

import numpy as np
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

MAX_PIXELS = 80_000_000  # bounds the memory of one request
FORMATS = {"png": "PNG", "webp": "WEBP", "jpg": "JPEG"}
SRGB = ImageCms.createProfile("sRGB")


def open_image(path) -> Image.Image:
    """The image upright, RGBA if any of it is transparent, else RGB; the first frame of a moving one.

    Whatever Pillow opens is accepted: palettes, grey with 1, 8, 16 or 32 bits, CMYK, colour profiles.
    """
    try:
        with Image.open(path) as source:
            if source.width * source.height > MAX_PIXELS:
                raise ValueError(f"the image is larger than {MAX_PIXELS // 1_000_000} megapixels")
            return _to_rgb(ImageOps.exif_transpose(source))
    except Image.DecompressionBombError as error:
        raise ValueError(f"the image is larger than {MAX_PIXELS // 1_000_000} megapixels") from error
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise ValueError("the file is no image that can be read, or only a part of one") from error


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith(("I", "F")):
        return _to_8_bits(image).convert("RGB")
    profile = image.info.get("icc_profile")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        alpha = image.getchannel("A")
        if alpha.getextrema() == (255, 255):
            image = image.convert("RGB")
        else:
            rgb = _to_srgb(image.convert("RGB"), profile)
            rgb.putalpha(alpha)
            return rgb
    if image.mode not in ("RGB", "CMYK"):
        image = image.convert("RGB")
    return _to_srgb(image, profile)


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, SRGB, outputMode="RGB")
            if converted is not None:
                return converted
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # damaged, or for another kind of image: the numbers are taken as they are
    return image.convert("RGB")


def _to_8_bits(image: Image.Image) -> Image.Image:
    """Grey with 16 or 32 bits, or with fractions, which `convert` would cut off at 255."""
    values = np.nan_to_num(np.asarray(image, dtype=np.float64))
    largest = values.max()
    if largest > 65535:
        values = values * (255 / largest)
    elif largest > 255 or image.mode.startswith("I;16"):
        values = values / 257
    elif largest <= 1 and image.mode == "F":
        values = values * 255
    return Image.fromarray(np.clip(np.rint(values), 0, 255).astype(np.uint8))


def fit_size(size: tuple[int, int], longest_side: int) -> tuple[int, int]:
    """`size` in the same proportions, at most `longest_side` long; never larger than it is."""
    scale = min(1.0, longest_side / max(size))
    width, height = (max(1, round(side * scale)) for side in size)
    return width, height


def scale_to_fit(image: Image.Image, longest_side: int) -> Image.Image:
    size = fit_size(image.size, longest_side)
    return image if size == image.size else image.resize(size, Image.Resampling.LANCZOS)


def pad_to_multiple(image: Image.Image, multiple_of: int) -> Image.Image:
    """More of its right and lower edge, until both sides are multiples: crop the result again.

    Unlike scaling to a multiple, it keeps the proportions exactly and blurs nothing.
    """
    right, below = -image.width % multiple_of, -image.height % multiple_of
    if right == 0 and below == 0:
        return image
    pixels = np.pad(np.asarray(image), ((0, below), (0, right), (0, 0)), mode="edge")
    return Image.fromarray(pixels)


def save_image(image: Image.Image, path, output_format: str, quality: int) -> None:
    """Writes png, webp or jpg; jpg has no transparency and puts the image on white."""
    if output_format == "jpg" and image.mode == "RGBA":
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image).convert("RGB")
    options = {} if output_format == "png" else {"quality": quality}
    image.save(path, FORMATS[output_format], **options)
