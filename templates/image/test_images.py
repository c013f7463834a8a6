import io
import unittest

import numpy as np
from PIL import Image, ImageCms

from images import MAX_PIXELS, fit_size, open_image, pad_to_multiple, save_image, scale_to_fit


def stored(image, file_format, **options):
    """The image as a file."""
    file = io.BytesIO()
    image.save(file, file_format, **options)
    file.seek(0)
    return file


class OpenTest(unittest.TestCase):
    def test_opaque_images_of_every_kind_become_rgb(self):
        for mode, file_format in [
            ("1", "PNG"), ("L", "PNG"), ("P", "GIF"), ("RGB", "PNG"), ("RGB", "BMP"), ("CMYK", "JPEG"),
            ("L", "JPEG"), ("CMYK", "TIFF"), ("RGB", "WEBP"), ("F", "TIFF"), ("I;16", "PNG"),
        ]:
            with self.subTest(mode=mode, file_format=file_format):
                image = open_image(stored(Image.new(mode, (9, 6)), file_format))
                self.assertEqual((image.mode, image.size), ("RGB", (9, 6)))

    def test_transparency_is_kept(self):
        half = Image.new("RGBA", (4, 4), (200, 100, 50, 128))
        for file_format in ("PNG", "WEBP", "TIFF"):
            self.assertEqual(open_image(stored(half, file_format, **(
                {"lossless": True} if file_format == "WEBP" else {}))).getpixel((0, 0)), (200, 100, 50, 128))
        palette = Image.new("P", (4, 4), 1)
        palette.putpalette([255, 0, 0, 0, 255, 0])
        palette.putpixel((0, 0), 0)
        opened = open_image(stored(palette, "GIF", transparency=0))
        self.assertEqual(opened.getpixel((0, 0))[3], 0)
        self.assertEqual(opened.getpixel((1, 1)), (0, 255, 0, 255))

    def test_an_alpha_channel_that_hides_nothing_is_dropped(self):
        self.assertEqual(open_image(stored(Image.new("RGBA", (4, 4), (1, 2, 3, 255)), "PNG")).mode, "RGB")

    def test_16_bits_are_scaled_not_cut_off(self):
        grey = Image.fromarray(np.full((4, 4), 32896, dtype=np.uint16))
        self.assertEqual(open_image(stored(grey, "PNG")).getpixel((0, 0)), (128, 128, 128))

    def test_fractions_from_0_to_1_are_scaled(self):
        grey = Image.fromarray(np.full((4, 4), 0.5, dtype=np.float32))
        self.assertEqual(open_image(stored(grey, "TIFF")).getpixel((0, 0)), (128, 128, 128))

    def test_a_turned_photograph_is_put_upright(self):
        exif = Image.Exif()
        exif[0x0112] = 6  # Orientation: the camera was held upright
        opened = open_image(stored(Image.new("RGB", (8, 4)), "JPEG", exif=exif))
        self.assertEqual(opened.size, (4, 8))

    def test_cmyk_has_the_right_colours(self):
        red = open_image(stored(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "JPEG", quality=100))
        self.assertGreater(red.getpixel((0, 0))[0], 200)
        self.assertLess(red.getpixel((0, 0))[2], 60)

    def test_a_colour_profile_is_followed_and_a_damaged_one_ignored(self):
        grey = Image.new("RGB", (4, 4), (100, 100, 100))
        srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        for profile in (srgb, b"no profile"):
            self.assertEqual(open_image(stored(grey, "PNG", icc_profile=profile)).getpixel((0, 0)), (100, 100, 100))

    def test_the_first_frame_of_a_moving_image(self):
        frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
        opened = open_image(stored(frames[0], "GIF", save_all=True, append_images=frames[1:]))
        self.assertEqual(opened.getpixel((0, 0))[:3], (255, 0, 0))

    def test_what_is_no_image_is_told_in_words(self):
        whole = stored(Image.effect_noise((64, 64), 50), "PNG").getvalue()
        for content in (b"", b"plain text", whole[: len(whole) // 2]):
            with self.assertRaisesRegex(ValueError, "no image that can be read"):
                open_image(io.BytesIO(content))

    def test_what_is_too_large_is_told_before_it_is_read(self):
        side = int(MAX_PIXELS**0.5) + 1
        with self.assertRaisesRegex(ValueError, "megapixels"):
            open_image(stored(Image.new("1", (side, side)), "PNG"))


class SizeTest(unittest.TestCase):
    def test_table(self):
        for size, longest_side, expected in [
            ((4000, 3000), 1024, (1024, 768)),
            ((3000, 4000), 1024, (768, 1024)),
            ((800, 600), 1024, (800, 600)),
            ((4000, 10), 100, (100, 1)),
            ((1, 1), 1, (1, 1)),
        ]:
            self.assertEqual(fit_size(size, longest_side), expected)

    def test_padding_repeats_the_edge_and_leaves_the_rest(self):
        noise = Image.effect_noise((13, 9), 50).convert("RGB")
        padded = pad_to_multiple(noise, 8)
        self.assertEqual(padded.size, (16, 16))
        self.assertEqual(padded.crop((0, 0, 13, 9)).tobytes(), noise.tobytes())
        self.assertEqual(padded.getpixel((15, 15)), noise.getpixel((12, 8)))

    def test_padding_to_a_multiple_that_fits_changes_nothing(self):
        image = Image.new("RGB", (16, 8))
        self.assertIs(pad_to_multiple(image, 8), image)

    def test_scaling_does_not_let_hidden_colours_bleed(self):
        image = Image.new("RGBA", (64, 64), (255, 0, 0, 0))
        image.paste((0, 0, 255, 255), (32, 0, 64, 64))
        scaled = scale_to_fit(image, 16)
        visible = [pixel for _, pixel in scaled.getcolors() if pixel[3] > 0]
        self.assertTrue(all(pixel[0] < 10 for pixel in visible), visible)


class SaveTest(unittest.TestCase):
    def test_every_format(self):
        for output_format, mode in [("png", "RGBA"), ("webp", "RGBA"), ("jpg", "RGB")]:
            file = io.BytesIO()
            save_image(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), file, output_format, 90)
            self.assertEqual(Image.open(file).mode, mode)

    def test_jpg_puts_transparent_parts_on_white(self):
        file = io.BytesIO()
        save_image(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), file, "jpg", 100)
        self.assertEqual(Image.open(file).getpixel((0, 0)), (255, 255, 255))


if __name__ == "__main__":
    unittest.main()
