"""The Python packages of an image in a folder, and a Python that sees them and pip and nothing else."""
import os
import subprocess
import sys
import tempfile


class SitePackages:
    def __init__(self, case, image):
        """Unpacks what the image's own layers, those above its base, hold; gone with the test's folder."""
        self.case = case
        self.folder = tempfile.mkdtemp(prefix="site-", dir=case.dir)
        for layer in image.layers[1:]:
            for path in layer.files():
                if "-packages/" in path:
                    case.write(os.path.join(self.folder, path.split("-packages/", 1)[1]), layer.read(path))

    def python(self, *arguments):
        """Runs Python, expects it to succeed, and returns what it said."""
        alone = os.path.join(self.case.dir, "pip-alone")
        if not os.path.exists(alone):
            os.makedirs(alone)
            where = subprocess.run([sys.executable, "-c", "import pip; print(pip.__path__[0])"], check=True,
                                   stdout=subprocess.PIPE, text=True).stdout.strip()
            os.symlink(where, os.path.join(alone, "pip"))
        done = subprocess.run([sys.executable, "-S", "-B", *arguments], stdin=subprocess.DEVNULL, text=True,
                              env={**self.case.environment(), "PYTHONPATH": f"{self.folder}:{alone}"},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.case.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout
