"""One cv2 in the image, and it is the headless one."""
import unittest

import make_wheels
import oci
from cli_test_case import CliTestCase

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

NUMPY = "numpy==1.26.4\n"
# requirements, the one distribution that ships cv2, words that the build must say
SWAPS = [
    ("watermark-lib==0.2.0\nopencv-python==4.10.0.84\naugment-lib==1.4.3\nopencv-python-headless==4.10.0.84\n",
     "opencv-python-headless==4.10.0.84", ["opencv-python-headless"]),
    ("opencv-python==4.8.1.78\n", "opencv-python-headless==4.8.1.78", ["opencv-python-headless"]),
    ("opencv-python==4.5.3.56\n", "opencv-python==4.5.3.56", ["libGL"]),
    ("contrib-user==1.0\nopencv-contrib-python==4.10.0.84\nwatermark-lib==0.2.0\nopencv-python==4.10.0.84\n",
     "opencv-contrib-python-headless==4.10.0.84", ["opencv-contrib-python-headless"]),
    ("opencv-contrib-python-headless==4.10.0.84\nwatermark-lib==0.2.0\n",
     "opencv-contrib-python-headless==4.10.0.84", []),
    ("opencv-python-headless==4.10.0.84\n", "opencv-python-headless==4.10.0.84", []),
]


class OpencvTest(CliTestCase):
    def setUp(self):
        super().setUp()
        for name, version, requires in PACKAGES:
            files = {"cv2/__init__.py": f"# {name} {version}\n"} if name.startswith("opencv") else None
            make_wheels.make_wheel(self.wheels, name, version, files, requires)

    def test_exactly_one_distribution_ships_cv2(self):
        for number, (requirements, expected, words) in enumerate(SWAPS):
            with self.subTest(requirements=requirements):
                self.write_project({"requirements.txt": requirements + NUMPY})
                out = self.path(f"out-{number}")
                done = self.build("--output", "oci:" + out)
                image = self.load(out)
                freeze = image.labels["run.cog.pip_freeze"].splitlines()
                self.assertEqual([line for line in freeze if line.startswith("opencv")], [expected])
                owners = [layer.read(name).decode() for layer in image.layers for name in layer.files()
                          if name.endswith("cv2/__init__.py")]
                self.assertEqual(owners, [f"# {expected.replace('==', ' ')}\n"])
                for word in words:
                    self.assertIn(word, done.err)

    def load(self, directory):
        image = oci.Layout(directory)
        self.assertEqual(image.problems(), [])
        return image

    def test_the_replacement_names_who_asked(self):
        self.write_project({"requirements.txt": "watermark-lib==0.2.0\nopencv-python==4.10.0.84\n" + NUMPY})
        self.assertIn("watermark-lib", self.build().err)

    def test_swapped_off_two_owners_of_cv2_are_a_conflict(self):
        self.write_project({"requirements.txt": SWAPS[0][0] + NUMPY})
        done = self.build("--no-opencv-headless", expect=(1, 2))
        self.assert_one_error(done)
        for word in ("cv2/__init__.py", "opencv-python", "opencv-python-headless"):
            self.assertIn(word, done.err)
        self.assert_store_sound()


if __name__ == "__main__":
    unittest.main()
