"""A tiny base image that looks like Debian 12 with python3.11, made without network or root."""
import gzip
import hashlib
import io
import json
import os
import tarfile

EPOCH = 315532800
DPKG_STATUS = """\
Package: libc6
Status: install ok installed
Architecture: amd64
Version: 2.36-9+deb12u10
Maintainer: Nobody <nobody@example.org>
Description: C library

Package: python3.11-minimal
Status: install ok installed
Architecture: amd64
Version: 3.11.2-6+deb12u5
Maintainer: Nobody <nobody@example.org>
Description: interpreter

Package: tini
Status: install ok installed
Architecture: amd64
Version: 0.19.0-1+b3
Maintainer: Nobody <nobody@example.org>
Description: init

"""
OS_RELEASE = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n'

DIRECTORIES = ("dev etc proc root run src sys tmp usr usr/bin usr/lib usr/lib/python3 usr/lib/python3/dist-packages "
               "usr/lib/python3.11 usr/lib/x86_64-linux-gnu usr/lib64 usr/local usr/local/bin usr/local/lib "
               "usr/local/lib/python3.11 usr/local/lib/python3.11/dist-packages usr/sbin var var/lib "
               "var/lib/dpkg").split()
MODES = {"root": 0o700, "tmp": 0o1777}
FILES = {
    "etc/debian_version": (b"12.11\n", 0o644),
    "etc/passwd": (b"root:x:0:0:root:/root:/bin/sh\n", 0o644),
    "usr/bin/python3.11": (b"\x7fELF not really python\n", 0o755),
    "usr/bin/tini": (b"\x7fELF not really tini\n", 0o755),
    "usr/lib/os-release": (OS_RELEASE.encode(), 0o644),
    "usr/lib/python3.11/os.py": (b"name = 'posix'\n", 0o644),
    "usr/lib/x86_64-linux-gnu/libc.so.6": (b"\x7fELF GNU C Library (Debian GLIBC 2.36-9+deb12u10)\n", 0o755),
    "usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2": (b"\x7fELF not really a loader\n", 0o755),
    "var/lib/dpkg/status": (DPKG_STATUS.encode(), 0o644),
}
LINKS = {
    "bin": "usr/bin", "lib": "usr/lib", "lib64": "usr/lib64", "sbin": "usr/sbin",
    "etc/os-release": "../usr/lib/os-release",
    "usr/bin/python3": "python3.11",
    "usr/lib64/ld-linux-x86-64.so.2": "../lib/x86_64-linux-gnu/ld-linux-x86-64.so.2",
}


def layer_tar(directories, files, links):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as layer:
        entries = [(name, None) for name in directories] + list(files.items()) + \
            [(name, target) for name, target in links.items()]
        for name, value in sorted(entries):
            entry = tarfile.TarInfo(name)
            entry.mtime, entry.uid, entry.gid = EPOCH, 0, 0
            if value is None:
                entry.type, entry.mode = tarfile.DIRTYPE, MODES.get(name, 0o755)
                layer.addfile(entry)
            elif isinstance(value, str):
                entry.type, entry.mode, entry.linkname = tarfile.SYMTYPE, 0o777, value
                layer.addfile(entry)
            else:
                entry.size, entry.mode = len(value[0]), value[1]
                layer.addfile(entry, io.BytesIO(value[0]))
    return out.getvalue()


def write_layout(directory, layers, architecture="amd64", tag="latest", **config):
    """An OCI layout of uncompressed layer tars, stored as gzip. Returns the manifest's digest."""
    blobs = os.path.join(directory, "blobs", "sha256")
    os.makedirs(blobs)

    def add(content):
        name = hashlib.sha256(content).hexdigest()
        with open(os.path.join(blobs, name), "wb") as file:
            file.write(content)
        return {"digest": "sha256:" + name, "size": len(content)}

    descriptors = [{"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",
                    **add(gzip.compress(tar, 6, mtime=0))} for tar in layers]
    image_config = {"architecture": architecture, "os": "linux", "created": "1980-01-01T00:00:00Z",
                    "config": {"Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"], **config},
                    "rootfs": {"type": "layers",
                               "diff_ids": ["sha256:" + hashlib.sha256(tar).hexdigest() for tar in layers]},
                    "history": [{"created": "1980-01-01T00:00:00Z", "created_by": "test base"} for _ in layers]}
    manifest = add(json.dumps({
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json", **add(json.dumps(image_config).encode())},
        "layers": descriptors}).encode())
    with open(os.path.join(directory, "oci-layout"), "w") as file:
        file.write('{"imageLayoutVersion":"1.0.0"}')
    with open(os.path.join(directory, "index.json"), "w") as file:
        json.dump({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [
            {"mediaType": "application/vnd.oci.image.manifest.v1+json", **manifest,
             "platform": {"architecture": architecture, "os": "linux"},
             "annotations": {"org.opencontainers.image.ref.name": tag}}]}, file)
    return manifest["digest"]


def make_base(directory, without=(), **options):
    """The Debian-like base; `without` names paths to leave out."""
    def keep(names):
        return {name: value for name, value in names.items() if name not in without}
    tar = layer_tar([name for name in DIRECTORIES if name not in without], keep(FILES), keep(LINKS))
    return write_layout(directory, [tar], **options)
