"""One cv2 in the image, and it is the headless one."""
import unittest

import make_wheels
import oci
from cli_test_case import CliTestCase
from site_packages import SitePackages

PACKAGES = [
    ("opencv-python", "4.8.1.78", ["numpy"]),
    ("opencv-python", "4.10.0.84", ["numpy"]),
    ("opencv-python-headless", "4.8.1.78", ["numpy"]),
    ("opencv-python-headless", "4.10.0.84", ["numpy"]),
    ("opencv-contrib-python", "4.10.0.84", ["numpy"]),
    ("opencv-contrib-python-headless", "4.10.0.84", ["numpy"]),
    ("opencv-python", "4.5.3.56", ["numpy"]),
    ("watermark-lib", "0.2.0", ["opencv-python>=4.1.0.25"]),
    ("augment-lib", "1.4.3", ["opencv-python-headless>=4.9.0.80"]),
    ("contrib-user", "1.0", ["opencv-contrib-python"]),
    ("numpy", "1.26.4", []),
]

AS_GIVEN = "watermark-lib==0.2.0\naugment-lib==1.4.3\n"
# requirements; the one distribution that ships cv2; names that it stands for; words that the build must say
SWAPS = [
    (AS_GIVEN, "opencv-python-headless==4.10.0.84", ["opencv-python"],
     ["opencv-python -> opencv-python-headless 4.10.0.84", "asked for by watermark-lib"]),
    ("opencv-python==4.8.1.78\n", "opencv-python-headless==4.8.1.78", [], ["opencv-python-headless"]),
    ("opencv-python==4.5.3.56\n", "opencv-python==4.5.3.56", [], ["libGL"]),
    ("contrib-user\nwatermark-lib\n", "opencv-contrib-python-headless==4.10.0.84",
     ["opencv-contrib-python", "opencv-python"], ["opencv-contrib-python-headless"]),
    ("opencv-contrib-python-headless==4.10.0.84\nwatermark-lib\n", "opencv-contrib-python-headless==4.10.0.84",
     ["opencv-python"], []),
    ("contrib-user\naugment-lib\n", "opencv-contrib-python-headless==4.10.0.84",
     ["opencv-contrib-python", "opencv-python-headless"], []),
    ("opencv-python-headless==4.10.0.84\n", "opencv-python-headless==4.10.0.84", [], []),
    # The range of a line, and those of metadata, are kept under the new name.
    ("opencv-python>=4.1.0.25,<4.9\n", "opencv-python-headless==4.8.1.78", [], []),
    ("opencv-python<5\naugment-lib\n", "opencv-python-headless==4.10.0.84", [], []),
    ("opencv_python==4.8.1.78\nwatermark-lib\n", "opencv-python-headless==4.8.1.78", ["opencv-python"], []),
]

WINDOWS = """\
import cv2


def debug(image):
    # cv2.imshow("in a comment", image)
    cv2.imshow("image", image)
    cv2.waitKey(0)
"""


class OpencvTest(CliTestCase):
    def setUp(self):
        super().setUp()
        for name, version, requires in PACKAGES:
            files = {"cv2/__init__.py": f"# {name} {version}\n"} if name.startswith("opencv") else None
            make_wheels.make_wheel(self.wheels, name, version, files, requires)

    def load(self, directory):
        image = oci.Layout(directory)
        self.assertEqual(image.problems(), [])
        return image

    def test_exactly_one_distribution_ships_cv2(self):
        for number, (requirements, expected, answered, words) in enumerate(SWAPS):
            with self.subTest(requirements=requirements):
                self.write_project({"requirements.txt": requirements + "numpy==1.26.4\n"})
                out = self.path(f"out-{number}")
                done = self.build("--output", "oci:" + out)
                image = self.load(out)
                freeze = image.labels["run.cog.pip_freeze"]
                version = expected.split("==")[1]
                self.assertEqual(sorted(line for line in freeze.splitlines() if line.startswith("opencv")),
                                 sorted([expected] + [f"{name}=={version}" for name in answered]))
                owners = [layer.read(name).decode() for layer in image.layers for name in layer.files()
                          if name.endswith("cv2/__init__.py")]
                self.assertEqual(owners, [f"# {expected.replace('==', ' ')}\n"])
                for word in words:
                    self.assertIn(word, done.err)
                site = SitePackages(self, image)
                self.assertEqual(site.python("-m", "pip", "freeze"), freeze)
                self.assertEqual(site.python("-m", "pip", "check"), "No broken requirements found.\n")
                for name in answered:
                    code = f"import importlib.metadata; print(importlib.metadata.version({name!r}))"
                    self.assertEqual(site.python("-c", code), version + "\n")

    def test_a_stub_lies_in_the_layer_of_what_it_stands_for(self):
        self.write_project({"requirements.txt": AS_GIVEN})
        first = self.build_layout()
        stub = "opencv_python-4.10.0.84.dist-info/"
        layers = [layer for layer in first.layers if any(name.endswith("/cv2/__init__.py") for name in layer.files())]
        self.assertEqual(len(layers), 1)
        files = sorted(name.split(stub)[1] for name in layers[0].files() if stub in name)
        self.assertEqual(files, ["INSTALLER", "METADATA", "RECORD"])
        # Who asks for nothing else gets none, in a layer of its own bytes; and the same again.
        self.write_project({"requirements.txt": "opencv-python==4.10.0.84\naugment-lib==1.4.3\n"})
        other = self.build_layout()
        self.assertFalse([name for layer in other.layers for name in layer.files() if stub in name])
        self.write_project({"requirements.txt": AS_GIVEN})
        self.assertEqual(self.build_layout("--no-cache").digests, first.digests)

    def test_the_replacement_names_who_asked(self):
        self.write_project({"requirements.txt": "watermark-lib==0.2.0\nopencv-python==4.10.0.84\nnumpy==1.26.4\n"})
        self.assertIn("watermark-lib", self.build().err)

    def test_swapped_off_two_owners_of_cv2_are_a_conflict(self):
        self.write_project({"requirements.txt": AS_GIVEN})
        done = self.build("--no-opencv-headless", expect=(1, 2))
        self.assert_one_error(done)
        for word in ("cv2/__init__.py", "opencv-python", "opencv-python-headless"):
            self.assertIn(word, done.err)
        self.assert_store_sound()

    def test_calls_that_need_a_window_are_told_where_the_build_without_was_taken(self):
        self.write_project({"requirements.txt": "opencv-python==4.10.0.84\n", "tool/debug.py": WINDOWS,
                            ".dockerignore": "left-out\n", "left-out/gui.py": WINDOWS, "notes.txt": WINDOWS,
                            "big.py": WINDOWS + "#" * (1 << 20)})
        for _ in range(2):  # a rebuild says it again
            done = self.build()
            self.assertIn("tool/debug.py:6:5: `cv2.imshow` opens a window, which the headless build cannot", done.err)
            self.assertIn("tool/debug.py:7:5: `cv2.waitKey`", done.err)
            self.assertIn("--no-opencv-headless", done.err)
            self.assertEqual(done.err.count("cv2.imshow"), 1)
        # Nothing was replaced: nothing to tell.
        self.assertNotIn("cv2.imshow", self.build("--no-opencv-headless").err)
        self.write("%s/requirements.txt" % self.project, "opencv-python-headless==4.10.0.84\n")
        self.assertNotIn("cv2.imshow", self.build().err)


if __name__ == "__main__":
    unittest.main()
