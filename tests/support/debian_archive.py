"""A small signed Debian archive: real .debs, Packages, Release and InRelease, made here and served on loopback.

    with Key() as key, DebianArchive(folder, key) as archive:
        archive.add(Deb("libfoo1", depends="libc6", files={"usr/lib/libfoo.so.1": b"..."}))
        archive.publish()
        line = archive.source_line()   # deb [signed-by=...] http://127.0.0.1:PORT/debian trixie main
"""
import dataclasses
import hashlib
import http.server
import io
import lzma
import os
import pathlib
import shutil
import subprocess
import tarfile
import tempfile
import threading
import time
import urllib.parse


class Key:
    """A throwaway OpenPGP key in a folder of its own. Use as a context manager."""

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="gpg-")
        self.gpg("--passphrase", "", "--quick-gen-key", "Archive <archive@example.org>", "ed25519", "sign", "never")
        self.keyring = os.path.join(self.folder, "archive.asc")
        pathlib.Path(self.keyring).write_bytes(self.gpg("--armor", "--export"))
        return self

    def __exit__(self, *unused):
        subprocess.run(["gpgconf", "--homedir", self.folder, "--kill", "all"], check=False, capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def gpg(self, *arguments, text=b""):
        command = ["gpg", "--homedir", self.folder, "--batch", "--no-tty", "--quiet", "--pinentry-mode", "loopback"]
        return subprocess.run([*command, *arguments], input=text, capture_output=True, check=True).stdout

    def clear_sign(self, text):
        return self.gpg("--digest-algo", "SHA512", "--clear-sign", text=text.encode())


@dataclasses.dataclass(frozen=True)
class HardLink:
    """Another name of a file that comes before it."""
    target: str


def tar(entries, mtime):
    """entries: path -> bytes, or (mode, bytes), or a str (a symlink's target), a HardLink, or None (a directory)."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for path, entry in entries.items():
            member = tarfile.TarInfo("./" + path if path else "./")
            member.mtime = mtime
            content = b""
            member.mode = 0o644
            if entry is None:
                member.type, member.mode = tarfile.DIRTYPE, 0o755
            elif isinstance(entry, str):
                member.type, member.linkname, member.mode = tarfile.SYMTYPE, entry, 0o777
            elif isinstance(entry, HardLink):
                member.type, member.linkname = tarfile.LNKTYPE, "./" + entry.target
            elif isinstance(entry, tuple):
                member.mode, content = entry
            else:
                content = entry
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


def with_parents(files):
    entries = {"": None}
    for path in sorted(files):
        parts = path.split("/")
        for depth in range(1, len(parts)):
            entries.setdefault("/".join(parts[:depth]), None)
        entries[path] = files[path]
    return entries


def ar(members):
    out = b"!<arch>\n"
    for name, content in members:
        out += f"{name:<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(content):<10}`\n".encode() + content
        out += b"\n" if len(content) % 2 else b""
    return out


@dataclasses.dataclass
class Deb:
    name: str
    version: str = "1.0"
    architecture: str = "amd64"
    depends: str = ""
    fields: dict = dataclasses.field(default_factory=dict)  # further ones of the control file
    files: dict = dataclasses.field(default_factory=dict)  # as tar() takes them
    control: dict = dataclasses.field(default_factory=dict)  # postinst, conffiles, triggers...: name -> text
    component: str = "main"
    mtime: int = 1767225600

    def control_fields(self):
        fields = {"Package": self.name, "Version": self.version, "Architecture": self.architecture,
                  "Maintainer": "Nobody <nobody@example.org>", "Priority": "optional", "Section": "misc",
                  "Installed-Size": str(sum(len(c) for c in map(self._content, self.files.values())) // 1024 + 1)}
        if self.depends:
            fields["Depends"] = self.depends
        fields.update(self.fields)
        fields.setdefault("Description", "made for a test")
        return fields

    @staticmethod
    def _content(entry):
        if entry is None or isinstance(entry, (str, HardLink)):
            return b""
        return entry[1] if isinstance(entry, tuple) else entry

    def content(self):
        md5sums = "".join(f"{hashlib.md5(self._content(entry)).hexdigest()}  {path}\n"
                          for path, entry in sorted(self.files.items())
                          if isinstance(entry, (bytes, tuple)))
        control = {"control": stanza(self.control_fields()).encode(), "md5sums": md5sums.encode()}
        for name, text in self.control.items():
            script = name in ("preinst", "postinst", "prerm", "postrm", "config")
            control[name] = (0o755 if script else 0o644, text.encode())
        return ar([("debian-binary", b"2.0\n"),
                   ("control.tar.xz", lzma.compress(tar(with_parents(control), self.mtime), preset=0)),
                   ("data.tar.xz", lzma.compress(tar(with_parents(self.files), self.mtime), preset=0))])

    def path(self):
        version = self.version.split(":", 1)[-1]
        return f"pool/{self.component}/{self.name[0]}/{self.name}/{self.name}_{version}_{self.architecture}.deb"


def stanza(fields):
    return "".join(f"{name}: {value}\n" for name, value in fields.items())


class DebianArchive:
    """The archive's files below `folder`/debian, served at `url`. `requests` holds the paths that were asked for."""

    def __init__(self, folder, key, codename="trixie", suite="stable", architectures=("amd64",), origin="Debian", label="Debian"):
        self.root = pathlib.Path(folder) / "debian"
        self.key, self.codename, self.suite = key, codename, suite
        self.architectures, self.origin, self.label = tuple(architectures), origin, label
        self.debs = []
        self.requests = []
        # path below the root -> status, bytes to send instead, "stall", "truncate", or ("once", one of these)
        self.faults = {}
        self.released = threading.Event()  # ends what stalls

    def add(self, *debs):
        self.debs.extend(debs)
        return self

    def publish(self, date=None, valid_until=None):
        """Writes everything anew. Times are seconds since the epoch; `date`: now."""
        lists = {}
        components = sorted({deb.component for deb in self.debs} | {"main"})
        for component in components:
            for architecture in self.architectures:
                lists[f"{component}/binary-{architecture}/Packages"] = []
        for deb in self.debs:
            content = deb.content()
            self._write(deb.path(), content)
            fields = deb.control_fields()
            fields.update({"Filename": deb.path(), "Size": len(content), "SHA256": hashlib.sha256(content).hexdigest()})
            for architecture in self.architectures:
                if deb.architecture in (architecture, "all"):
                    lists[f"{deb.component}/binary-{architecture}/Packages"].append(stanza(fields))
        release = stanza({"Origin": self.origin, "Label": self.label, "Suite": self.suite, "Codename": self.codename,
                          "Date": self._time(time.time() if date is None else date)})
        if valid_until is not None:
            release += stanza({"Valid-Until": self._time(valid_until)})
        release += stanza({"Acquire-By-Hash": "yes", "Architectures": " ".join(self.architectures),
                           "Components": " ".join(components)}) + "SHA256:\n"
        for path, stanzas in sorted(lists.items()):
            text = "\n".join(stanzas).encode()
            packed = lzma.compress(text)
            digest = hashlib.sha256(packed).hexdigest()
            self._write(f"dists/{self.codename}/{path}.xz", packed)
            self._write(f"dists/{self.codename}/{os.path.dirname(path)}/by-hash/SHA256/{digest}", packed)
            release += f" {hashlib.sha256(text).hexdigest()} {len(text)} {path}\n {digest} {len(packed)} {path}.xz\n"
        self._write(f"dists/{self.codename}/InRelease", self.key.clear_sign(release))
        return self

    def source_line(self):
        return f"deb [signed-by={self.key.keyring}] {self.url} {self.codename} main"

    def remove(self, deb):
        (self.root / deb.path()).unlink()

    @staticmethod
    def _time(seconds):
        t = time.gmtime(seconds)
        day = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[t.tm_wday]
        month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[t.tm_mon - 1]
        return f"{day}, {t.tm_mday:02} {month} {t.tm_year} {t.tm_hour:02}:{t.tm_min:02}:{t.tm_sec:02} UTC"

    def _write(self, path, content):
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)

    def __enter__(self):
        archive = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                path = urllib.parse.unquote(self.path)
                archive.requests.append(path)
                archive._answer(self, path.removeprefix("/debian/"))

            def log_message(self, *unused):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/debian"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *unused):
        self.released.set()
        self.server.shutdown()
        self.server.server_close()

    def _break_off(self, handler, content, fault):
        """Promises all of it and sends half: then nothing more ("stall"), or the end ("truncate")."""
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content[:len(content) // 2])
        if fault == "stall":
            handler.wfile.flush()
            self.released.wait(600)
        handler.close_connection = True

    def _answer(self, handler, path):
        fault = self.faults.get(path)
        if isinstance(fault, tuple):
            fault = self.faults.pop(path)[1]
        file = self.root / path
        if isinstance(fault, bytes):
            status, content = 200, fault
        elif isinstance(fault, str):
            self._break_off(handler, file.read_bytes(), fault)
            return
        elif fault is not None:
            status, content = fault, b""
        elif file.is_file() and ".." not in path:
            status, content = 200, file.read_bytes()
        else:
            status, content = 404, b""
        etag = '"' + hashlib.sha256(content).hexdigest()[:16] + '"'
        if status == 200 and handler.headers.get("If-None-Match") == etag:
            status, content = 304, b""
        wanted = handler.headers.get("Range", "")
        span = None
        if status == 200 and wanted.startswith("bytes="):
            first, _, last = wanted[6:].partition("-")
            begin = int(first) if first else max(0, len(content) - int(last))
            end = min(int(last), len(content) - 1) if first and last else len(content) - 1
            if begin < len(content):
                span, status = f"bytes {begin}-{end}/{len(content)}", 206
                content = content[begin:end + 1]
        handler.send_response(status)
        if status in (200, 206):
            handler.send_header("ETag", etag)
            handler.send_header("Accept-Ranges", "bytes")
        if span:
            handler.send_header("Content-Range", span)
        if status != 304:
            handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)
