"""The label with what is installed is what pip freeze prints."""
import os
import sys
import unittest

import make_wheels
from cli_test_case import CliTestCase, sha256_file
from site_packages import SitePackages


class PipFreezeTest(CliTestCase):
    def test_names_versions_urls_and_what_pip_leaves_out(self):
        for name, version in [("Zope.Interface", "5.0"), ("PyYAML", "6.0.2"), ("typing-local", "1.0+abc.1"),
                              ("pip", "25.0"), ("setuptools", "66.0"), ("wheel", "0.42.0"), ("argparse", "1.4.0")]:
            make_wheels.make_wheel(self.wheels, name, version)
        direct = make_wheels.make_wheel(self.path("direct"), "Direct", "2.0")
        beside = make_wheels.make_wheel(self.wheels, "from-url", "1.0")
        url = f"{self.start_index().root}/files/{os.path.basename(beside)}"
        with open(direct, "rb") as file:
            wheel = file.read()
        self.write_project({f"wheels/{os.path.basename(direct)}": wheel, "requirements.txt": f"""\
zope.interface
pyyaml
typing_local
setuptools
wheel
argparse
from-url @ {url}
./wheels/{os.path.basename(direct)}
"""})
        image = self.build_layout()
        freeze = image.labels["run.cog.pip_freeze"]
        self.assertIn(f"from-url @ {url}#{sha256_file(beside).replace(':', '=')}\n", freeze)
        for line in ("Zope.Interface==5.0", "PyYAML==6.0.2", "typing-local==1.0+abc.1"):
            self.assertIn(line + "\n", freeze)
        self.assertNotIn("argparse", freeze)
        if sys.version_info < (3, 12):  # as the image's: pip leaves out the same
            self.assertEqual(SitePackages(self, image).python("-m", "pip", "freeze"), freeze)


if __name__ == "__main__":
    unittest.main()
