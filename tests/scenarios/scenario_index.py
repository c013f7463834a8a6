"""One loopback server for the indexes of all scenarios, made in memory.

http://127.0.0.1:PORT/<variant>/<key>/simple/<project>/ lists a project's files, …/files/<name> serves them.
Variants say what the index leaves out:
  json         PEP 691 pages, metadata files (PEP 658), byte ranges
  html         the same on HTML pages alone
  no-metadata  JSON pages, no metadata files, byte ranges
  no-range     JSON pages, no metadata files, no byte ranges
  bare         HTML pages, no metadata files, no byte ranges
"""
import base64
import dataclasses
import gzip
import hashlib
import html
import io
import json
import random
import re
import tarfile
import threading
import urllib.parse
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from scenario import normalize

VARIANTS = ("json", "html", "no-metadata", "no-range", "bare")
TIME = (1980, 1, 1, 0, 0, 0)


@dataclasses.dataclass
class File:
    name: str
    content: bytes
    metadata: bytes
    requires_python: str
    yanked: object

    def __post_init__(self):
        self.sha256 = hashlib.sha256(self.content).hexdigest()
        self.metadata_sha256 = hashlib.sha256(self.metadata).hexdigest()


def metadata_text(name, release, version="2.2"):
    lines = [f"Metadata-Version: {version}", f"Name: {name}", f"Version: {release.version}"]
    if release.requires_python:
        lines.append(f"Requires-Python: {release.requires_python}")
    lines += [f"Requires-Dist: {requirement}" for requirement in release.requires]
    for extra, requires in release.extras.items():
        lines.append(f"Provides-Extra: {extra}")
        for requirement in requires:
            body, _, marker = requirement.partition(";")
            condition = f"({marker.strip()}) and extra == '{extra}'" if marker else f"extra == '{extra}'"
            lines.append(f"Requires-Dist: {body.strip()} ; {condition}")
    return ("\n".join(lines) + "\n").encode()


def _escaped(name):
    return re.sub(r"[-_.]+", "_", name).lower()


def make_wheel(name, release, tag):
    """A valid wheel. Every other one is long enough that its end does not hold METADATA."""
    stem = f"{_escaped(name)}-{release.version}"
    info = f"{stem}.dist-info"
    entries = [(f"{info}/METADATA", metadata_text(name, release)),
               (f"{info}/WHEEL", f"Wheel-Version: 1.0\nGenerator: scenario\nRoot-Is-Purelib: true\n"
                                 f"Tag: {tag}\n".encode()),
               (f"{_escaped(name)}/__init__.py", f"version = {release.version!r}\n".encode())]
    if len(stem + tag) % 2:
        entries.append((f"{_escaped(name)}/filler.bin", random.Random(stem + tag).randbytes(40_000)))
    record = "".join(f"{path},sha256={_record_digest(content)},{len(content)}\n" for path, content in entries)
    entries.append((f"{info}/RECORD", (record + f"{info}/RECORD,,\n").encode()))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, content in entries:
            member = zipfile.ZipInfo(path, TIME)
            member.external_attr = 0o100644 << 16
            member.create_system = 3
            member.compress_type = zipfile.ZIP_STORED if path.endswith(".bin") else zipfile.ZIP_DEFLATED
            archive.writestr(member, content)
    return File(f"{stem}-{tag}.whl", buffer.getvalue(), entries[0][1], release.requires_python, release.yanked)


def _record_digest(content):
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def make_sdist(name, release):
    """A source archive whose PKG-INFO says all there is to know without building it."""
    stem = f"{_escaped(name)}-{release.version}"
    backend = b'[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path, content in ((f"{stem}/PKG-INFO", metadata_text(name, release)), (f"{stem}/pyproject.toml", backend)):
            member = tarfile.TarInfo(path)
            member.size, member.mode = len(content), 0o644
            archive.addfile(member, io.BytesIO(content))
    return File(f"{stem}.tar.gz", gzip.compress(raw.getvalue(), mtime=0), b"", release.requires_python,
                release.yanked)


def make_files(scenario):
    """project -> files, in the order of the scenario."""
    projects = {}
    for name, releases in scenario.packages.items():
        files = projects.setdefault(normalize(name), [])
        for release in releases:
            files += [make_wheel(name, release, tag) for tag in release.wheel_tags]
            if release.sdist:
                files.append(make_sdist(name, release))
    return projects


def json_page(project, files, metadata):
    entries = []
    for file in files:
        entry = {"filename": file.name, "url": "../../files/" + urllib.parse.quote(file.name),
                 "hashes": {"sha256": file.sha256}, "size": len(file.content)}
        if file.requires_python:
            entry["requires-python"] = file.requires_python
        if file.yanked:
            entry["yanked"] = file.yanked
        if metadata and file.metadata:
            entry["core-metadata"] = {"sha256": file.metadata_sha256}
        entries.append(entry)
    page = {"meta": {"api-version": "1.1"}, "name": project, "files": entries}
    return json.dumps(page).encode()


def html_page(files, metadata):
    links = []
    for file in files:
        attributes = ""
        if file.requires_python:
            attributes += f' data-requires-python="{html.escape(file.requires_python)}"'
        if file.yanked:
            attributes += f' data-yanked="{"" if file.yanked is True else html.escape(file.yanked)}"'
        if metadata and file.metadata:
            attributes += f' data-core-metadata="sha256={file.metadata_sha256}"'
        url = "../../files/" + urllib.parse.quote(file.name) + "#sha256=" + file.sha256
        links.append(f'<a href="{html.escape(url)}"{attributes}>{html.escape(file.name)}</a><br/>\n')
    return ("<!DOCTYPE html>\n<html><body>\n" + "".join(links) + "</body></html>\n").encode()


class ScenarioIndex:
    """Use as a context manager; `add` scenarios under keys, ask for their URLs."""

    def __init__(self):
        self.scenarios = {}  # key -> {project: [File]}
        self.by_name = {}    # key -> {file name: File}
        self.failures = []   # requests that a scenario's index cannot explain
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self):
                outer._answer(self, True)

            def do_HEAD(self):
                outer._answer(self, False)

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, *_):
                pass  # a client that went away

        self.server = Server(("127.0.0.1", 0), Handler)
        self.root = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def add(self, key, scenario):
        self.scenarios[key] = make_files(scenario)
        self.by_name[key] = {file.name: file for files in self.scenarios[key].values() for file in files}

    def remove(self, key):
        del self.scenarios[key], self.by_name[key]

    def url(self, key, variant="json"):
        return f"{self.root}/{variant}/{key}/simple/"

    def _answer(self, request, body):
        parts = urllib.parse.unquote(urllib.parse.urlparse(request.path).path).split("/")
        if len(parts) < 5 or parts[1] not in VARIANTS or parts[2] not in self.scenarios:
            self.failures.append(request.path)
            self._send(request, 404, "text/plain", b"no such scenario\n", body)
        elif parts[3] == "simple":
            self._page(request, parts[1], parts[2], parts[4], body)
        else:
            self._file(request, parts[1], parts[2], parts[4], body)

    def _page(self, request, variant, key, project, body):
        files = self.scenarios[key].get(project)
        if files is None:
            self._send(request, 404, "text/plain", b"not found\n", body)
            return
        metadata = variant in ("json", "html")
        if variant in ("html", "bare"):
            self._send(request, 200, "text/html; charset=utf-8", html_page(files, metadata), body)
        else:
            self._send(request, 200, "application/vnd.pypi.simple.v1+json", json_page(project, files, metadata), body)

    def _file(self, request, variant, key, name, body):
        if name.endswith(".metadata"):
            file = self.by_name[key].get(name[:-len(".metadata")])
            if file is None or not file.metadata or variant not in ("json", "html"):
                self._send(request, 404, "text/plain", b"not found\n", body)
            else:
                self._send(request, 200, "application/octet-stream", file.metadata, body)
            return
        file = self.by_name[key].get(name)
        if file is None:
            self._send(request, 404, "text/plain", b"not found\n", body)
            return
        ranges = variant not in ("no-range", "bare")
        span = re.fullmatch(r"bytes=(\d*)-(\d*)", request.headers.get("Range") or "")
        if not ranges or not span or not (span.group(1) or span.group(2)):
            self._send(request, 200, "application/octet-stream", file.content, body, ranges)
            return
        size = len(file.content)
        first = int(span.group(1)) if span.group(1) else max(0, size - int(span.group(2)))
        last = min(int(span.group(2)) if span.group(1) and span.group(2) else size - 1, size - 1)
        if first > last:
            self._send(request, 416, "text/plain", b"", body)
            return
        self._head(request, 206, "application/octet-stream", last - first + 1,
                   {"Content-Range": f"bytes {first}-{last}/{size}", "Accept-Ranges": "bytes"})
        if body:
            request.wfile.write(file.content[first:last + 1])

    def _send(self, request, status, kind, content, body, ranges=False):
        self._head(request, status, kind, len(content), {"Accept-Ranges": "bytes"} if ranges else {})
        if body:
            request.wfile.write(content)

    @staticmethod
    def _head(request, status, kind, length, more):
        request.send_response(status)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(length))
        for key, value in more.items():
            request.send_header(key, value)
        request.end_headers()
