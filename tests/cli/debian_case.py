"""A project beside a small signed archive of Debian packages: what tests of composed bases and system_packages share.

The packages have the names that a composed base is made of, and next to nothing in them. The project's
cogbuild.yaml names the archive, on loopback, as its only source.
"""
import os
import re
import shutil
import subprocess
import sys

from cli_test_case import COG_YAML, ROOT, SCHEMA, CliTestCase

sys.path.insert(0, os.path.join(ROOT, "tests", "support"))
from debian_archive import Deb, DebianArchive, HardLink, Key  # noqa: E402, F401

GLIBC = b"\x7fELF GNU C Library (Debian GLIBC 2.36-9+deb12u10)\n"
OS_RELEASE = b'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n'
ELF = b"\x7fELF not really a program\n"
DOCUMENTS = {"usr/share/doc/{}/copyright": b"may be copied\n", "usr/share/doc/{}/changelog.gz": b"changes\n",
             "usr/share/man/man1/{}.1.gz": b"a page\n", "usr/share/locale/de/LC_MESSAGES/{}.mo": b"words\n"}
SMALL = ("bash coreutils debianutils dpkg findutils grep gzip libcrypt1 libgomp1 libstdc++6 mawk ncurses-base netbase sed "
         "tar tzdata").split()


def documents(name):
    return {path.format(name): content for path, content in DOCUMENTS.items()}


def make_certificate(directory):
    """A certificate in PEM, signed by itself."""
    path = os.path.join(directory, "root.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-days", "3650", "-subj", "/CN=Test Root",
                    "-keyout", os.devnull, "-out", path], check=True, stderr=subprocess.DEVNULL)
    with open(path, "rb") as file:
        return file.read()


def base_debs(certificate=None, architecture="amd64", library="x86_64-linux-gnu"):
    """The packages of a base with Python 3.11."""
    library = f"lib/{library}"
    files = {
        "base-files": {"etc/debian_version": b"12.11\n", "etc/os-release": "../usr/lib/os-release",
                       "usr/lib/os-release": OS_RELEASE},
        "base-passwd": {"usr/share/base-passwd/passwd.master": b"root:*:0:0:root:/root:/bin/bash\n"
                                                               b"nobody:*:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n",
                        "usr/share/base-passwd/group.master": b"root:*:0:\nnogroup:*:65534:\n"},
        "dash": {"bin/dash": (0o755, ELF), "bin/sh": "dash"},
        "ca-certificates": {"usr/share/ca-certificates/mozilla/Test_Root.crt": certificate} if certificate else {},
        "libc-bin": {"usr/share/libc-bin/nsswitch.conf": b"passwd: files\n",
                     "etc/ld.so.conf": b"include /etc/ld.so.conf.d/*.conf\n"},
        "libc6": {f"{library}/libc.so.6": (0o755, GLIBC), f"{library}/ld-linux-x86-64.so.2": (0o755, ELF)},
        "tini": {"usr/bin/tini": (0o755, ELF)},
        **{name: {f"usr/share/{name}/about": name.encode()} for name in SMALL},
        "python3.11-minimal": {"usr/bin/python3.11": (0o755, ELF), "usr/lib/python3.11/os.py": b"name = 'posix'\n"},
        "python3.11": {"usr/lib/python3.11/EXTERNALLY-MANAGED": b"[externally-managed]\n",
                       "usr/lib/python3.11/json.py": b"loads = None\n"},
        "python3-distutils": {"usr/lib/python3.11/distutils/__init__.py": b"\n"},
    }
    needs = {"base-files": "libcrypt1", "dash": "libc6", "tini": "libc6 (>= 2.34)", "libgomp1": "libc6",
             "python3.11-minimal": "libc6", "python3.11": "python3.11-minimal (= 3.11.2-6+deb12u5)",
             "python3-distutils": "python3.11"}
    versions = {"libc6": "2.36-9+deb12u10", "python3.11": "3.11.2-6+deb12u5", "python3.11-minimal": "3.11.2-6+deb12u5"}
    return [Deb(name, versions.get(name, "1.0"), architecture=architecture, depends=needs.get(name, ""),
                files={**content, **documents(name)}) for name, content in files.items()]


def tool(name, version="1.0", **options):
    """A package with a program of its name, and documents."""
    files = {f"usr/bin/{name}": (0o755, ELF), **documents(name), **options.pop("files", {})}
    return Deb(name, version, files=files, **options)


class DebianCase(CliTestCase):
    """`self.archive` serves `self.debs`, once `publish` was called; the project takes packages from nowhere else."""
    system_packages = ()

    @classmethod
    def setUpClass(cls):
        cls.key = cls.enterClassContext(Key())

    def setUp(self):
        super().setUp()
        self.keyring = self.path("archive.asc")  # the key's own folder is readable to its owner alone
        shutil.copy(self.key.keyring, self.keyring)
        self.archive = self.enterContext(DebianArchive(self.path("served"), self.key, codename="bookworm"))
        self.write_project({"cog.yaml": self.cog_yaml(*self.system_packages), "cogbuild.yaml": self.settings()})

    def cog_yaml(self, *packages, text=COG_YAML):
        lines = "".join(f'    - "{name}"\n' for name in packages)
        return text.replace("build:\n", "build:\n  system_packages:\n" + lines) if packages else text

    def source(self):
        return f"deb [signed-by={self.keyring}] {self.archive.url} {{suite}} main"

    def settings(self, source=None, **keys):
        """cogbuild.yaml; `keys` are further lines of `debian`."""
        lines = "".join(f"  {key}: {value}\n" for key, value in keys.items())
        return f'debian:\n  sources: "{source or self.source()}"\n{lines}'

    def publish(self, *debs, **times):
        return self.archive.add(*debs).publish(**times)

    def build_arguments(self, project=None, name="app", image_base=None, schema=True):
        """A base is composed, unless one is named."""
        arguments = ["build", "-C", project or self.project, "-t", name, "--index-url", self.start_index().url]
        if image_base:
            arguments += ["--base", "oci:" + image_base]
        return arguments + (["--openapi-schema", SCHEMA] if schema else [])

    def lock(self, *extra, **options):
        return self.cogbuild("lock", "-C", self.project, "--index-url", self.start_index().url, *extra, **options)

    def read(self, name):
        with open(os.path.join(self.project, name), encoding="utf-8") as file:
            return file.read()

    def fetched(self):
        """The packages whose .debs were asked for since `self.archive.requests` was cleared."""
        found = (re.search(r"/([^/_]+)_[^/]*\.deb$", path) for path in self.archive.requests)
        return sorted(match.group(1) for match in found if match)

    def assert_fails(self, expected, *extra, code=1, **options):
        """One error, with exactly these lines (each from its beginning) of message and hints."""
        done = self.build(*extra, expect=code, **options)
        self.assert_one_error(done)
        self.assertIn(expected, done.err, str(done))
        return done


def titles(image):
    """What the layers are, in order."""
    return [item["created_by"].removeprefix("cogbuild: ") for item in image.config["history"]
            if not item.get("empty_layer")]


def status_stanzas(layer):
    """name -> stanza of dpkg's database."""
    text = layer.read("var/lib/dpkg/status").decode()
    return {re.search(r"(?m)^Package: (.*)$", stanza).group(1): stanza for stanza in text.split("\n\n") if stanza.strip()}
