"""Reads an OCI image layout and checks what must hold for every image."""
import gzip
import hashlib
import io
import json
import os
import subprocess
import tarfile

GZIP = "application/vnd.oci.image.layer.v1.tar+gzip"
ZSTD = "application/vnd.oci.image.layer.v1.tar+zstd"
PLAIN = "application/vnd.oci.image.layer.v1.tar"


def sha256(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


class Layer:
    def __init__(self, layout, descriptor, diff_id):
        self.layout, self.descriptor, self.diff_id = layout, descriptor, diff_id
        self.digest, self.size, self.media_type = descriptor["digest"], descriptor["size"], descriptor["mediaType"]
        self._tar = None

    @property
    def path(self):
        return self.layout.blob_path(self.digest)

    def tar_bytes(self):
        if self._tar is None:
            with open(self.path, "rb") as file:
                content = file.read()
            if self.media_type == GZIP:
                content = gzip.decompress(content)
            elif self.media_type == ZSTD:
                content = subprocess.run(["zstd", "-dcq"], input=content, stdout=subprocess.PIPE, check=True).stdout
            self._tar = content
        return self._tar

    def members(self):
        """Every entry in order, as tarfile.TarInfo."""
        with tarfile.open(fileobj=io.BytesIO(self.tar_bytes())) as tar:
            return tar.getmembers()

    def names(self):
        return [member.name for member in self.members()]

    def files(self):
        """Names that are not directories."""
        return [member.name for member in self.members() if not member.isdir()]

    def read(self, name):
        with tarfile.open(fileobj=io.BytesIO(self.tar_bytes())) as tar:
            return tar.extractfile(name).read()


class Layout:
    """The one image of a layout directory (or of the tag asked for)."""

    def __init__(self, directory, tag=None):
        self.directory = directory
        with open(os.path.join(directory, "index.json"), encoding="utf-8") as file:
            manifests = json.load(file)["manifests"]
        if tag is not None:
            manifests = [m for m in manifests
                         if m.get("annotations", {}).get("org.opencontainers.image.ref.name") == tag]
        assert len(manifests) == 1, f"{len(manifests)} images in {directory}"
        self.digest = manifests[0]["digest"]
        self.manifest = json.loads(self.blob(self.digest))
        self.config = json.loads(self.blob(self.manifest["config"]["digest"]))
        diff_ids = self.config["rootfs"]["diff_ids"]
        assert len(diff_ids) == len(self.manifest["layers"]), "a diff_id per layer"
        self.layers = [Layer(self, descriptor, diff_id)
                       for descriptor, diff_id in zip(self.manifest["layers"], diff_ids)]

    def blob_path(self, digest):
        return os.path.join(self.directory, "blobs", *digest.split(":"))

    def blob(self, digest):
        with open(self.blob_path(digest), "rb") as file:
            return file.read()

    @property
    def labels(self):
        return self.config["config"].get("Labels") or {}

    @property
    def digests(self):
        return [layer.digest for layer in self.layers]

    def layer_of(self, path):
        """The topmost layer that has `path`, else None."""
        for layer in reversed(self.layers):
            if path in layer.names():
                return layer
        return None

    def tree(self):
        """The merged root: path -> tarfile.TarInfo, whiteouts applied."""
        merged = {}
        for layer in self.layers:
            for member in layer.members():
                folder, name = os.path.split(member.name)
                if name == ".wh..wh..opq":
                    _remove_below(merged, folder)
                elif name.startswith(".wh."):
                    hidden = os.path.join(folder, name[4:])
                    merged.pop(hidden, None)
                    _remove_below(merged, hidden)
                else:
                    if not member.isdir() and merged.get(member.name) is not None and merged[member.name].isdir():
                        _remove_below(merged, member.name)
                    merged[member.name] = member
        return merged

    def problems(self):
        """What is wrong with this image, as sentences: an empty list for a sound one."""
        found = []
        descriptors = [self.manifest["config"]] + self.manifest["layers"]
        for descriptor in descriptors:
            content = self.blob(descriptor["digest"])
            if len(content) != descriptor["size"]:
                found.append(f"{descriptor['digest']} has {len(content)} bytes, not {descriptor['size']}")
            if sha256(content) != descriptor["digest"]:
                found.append(f"{descriptor['digest']} is the name of other bytes")
        with_layers = [item for item in self.config.get("history", []) if not item.get("empty_layer")]
        if self.config.get("history") and len(with_layers) != len(self.layers):
            found.append("history and layers differ in number")
        links = {}
        for number, layer in enumerate(self.layers):
            if sha256(layer.tar_bytes()) != layer.diff_id:
                found.append(f"layer {number} does not unpack to its diff_id")
            seen = set()
            for member in layer.members():
                parts = member.name.split("/")
                if member.name.startswith("/") or ".." in parts or "." in parts:
                    found.append(f"layer {number}: name {member.name!r}")
                if member.name in seen:
                    found.append(f"layer {number}: {member.name!r} twice")
                seen.add(member.name)
                if member.ischr() or member.isblk() or member.isfifo():
                    found.append(f"layer {number}: {member.name!r} is a special file")
                if member.islnk() and member.linkname not in seen:
                    found.append(f"layer {number}: hard link {member.name!r} before its target")
                parent = os.path.dirname(member.name)
                if parent and parent not in seen and number > 0:
                    found.append(f"layer {number}: {member.name!r} without its parent directory")
                for depth in range(1, len(parts)):
                    above = "/".join(parts[:depth])
                    if above in links and links[above] < number:
                        found.append(f"layer {number}: {member.name!r} goes through the link {above!r} below it")
            for member in layer.members():
                if member.issym():
                    links.setdefault(member.name, number)
                else:
                    if links.get(member.name, number) < number and member.isdir():
                        found.append(f"layer {number}: directory {member.name!r} replaces a link")
                    links.pop(member.name, None)
        return found


def _remove_below(merged, folder):
    prefix = folder + "/" if folder else ""
    for path in [path for path in merged if path.startswith(prefix)]:
        del merged[path]
