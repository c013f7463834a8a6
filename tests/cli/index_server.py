"""A Python package index on loopback: PEP 691 JSON or HTML only, well behaved or not."""
import hashlib
import html
import json
import os
import re
import threading
import urllib.parse
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class IndexServer:
    """Serves the wheels of `directory` at `url` (a simple index). Use as a context manager.

    faults maps a file name or a project's name to one of: 404, 403, 500 (any status), "truncated",
    "wrong-bytes", "wrong-hash" (the page lies), "stall", "garbage" (a page that is neither format),
    or ("times", N, status): that status N times, then fine.
    """

    def __init__(self, directory, html_only=False, faults=None, metadata=True):
        self.directory, self.html_only, self.faults = directory, html_only, dict(faults or {})
        self.metadata = metadata
        self.requests = []  # (method, path)
        self.released = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                outer.requests.append(("GET", self.path))
                outer._answer(self, body=True)

            def do_HEAD(self):
                outer.requests.append(("HEAD", self.path))
                outer._answer(self, body=False)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.root = f"http://127.0.0.1:{self.port}"
        self.url = self.root + "/simple/"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *unused):
        self.released.set()
        self.server.shutdown()
        self.server.server_close()

    def files(self):
        wheels = {}
        for name in sorted(os.listdir(self.directory)):
            if name.endswith((".whl", ".tar.gz")):
                project = re.sub(r"[-_.]+", "-", name.split("-")[0]).lower()
                wheels.setdefault(project, []).append(name)
        return wheels

    def _sha256(self, name):
        with open(os.path.join(self.directory, name), "rb") as file:
            digest = hashlib.sha256(file.read()).hexdigest()
        if self.faults.get(name) == "wrong-hash":
            digest = digest[::-1]
        return digest

    def _send(self, request, status, kind, content, body, length=None):
        request.send_response(status)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(content) if length is None else length))
        request.end_headers()
        if body:
            request.wfile.write(content)

    def _fault(self, key, request, body):
        """Answers for a fault and returns True, or leaves the request to the caller."""
        fault = self.faults.get(key)
        if isinstance(fault, tuple) and fault[0] == "times":
            _, left, status = fault
            if left <= 0:
                return False
            self.faults[key] = ("times", left - 1, status)
            fault = status
        if isinstance(fault, int):
            self._send(request, fault, "text/plain", b"no such luck\n", body)
            return True
        if fault == "stall":
            request.send_response(200)
            request.send_header("Content-Length", "100000")
            request.end_headers()
            self.released.wait(600)
            request.close_connection = True
            return True
        if fault == "garbage":
            self._send(request, 200, "application/octet-stream", b"\x00\x01{not an index", body)
            return True
        return False

    def _answer(self, request, body):
        path = urllib.parse.unquote(urllib.parse.urlparse(request.path).path)
        project = re.fullmatch(r"/simple/([^/]+)/?", path)
        if project:
            self._project_page(request, project.group(1), body)
        elif path.startswith("/files/"):
            self._file(request, path[len("/files/"):], body)
        else:
            self._send(request, 404, "text/plain", b"not found\n", body)

    def _project_page(self, request, project, body):
        if self._fault(project, request, body):
            return
        names = self.files().get(project)
        if not names:
            self._send(request, 404, "text/plain", b"not found\n", body)
            return
        if not self.html_only and "application/vnd.pypi.simple.v1+json" in (request.headers.get("Accept") or ""):
            page = {"meta": {"api-version": "1.1"}, "name": project, "versions": [],
                    "files": [{"filename": name, "url": f"../../files/{urllib.parse.quote(name)}",
                               "hashes": {"sha256": self._sha256(name)},
                               "size": os.path.getsize(os.path.join(self.directory, name)),
                               "core-metadata": self.metadata and name.endswith(".whl")} for name in names]}
            self._send(request, 200, "application/vnd.pypi.simple.v1+json", json.dumps(page).encode(), body)
            return
        links = "".join(f'<a href="../../files/{html.escape(urllib.parse.quote(name))}#sha256={self._sha256(name)}">'
                        f"{html.escape(name)}</a><br/>\n" for name in names)
        page = f"<!DOCTYPE html><html><body>\n{links}</body></html>\n"
        self._send(request, 200, "text/html; charset=utf-8", page.encode(), body)

    def _file(self, request, name, body):
        wheel = name[:-len(".metadata")] if name.endswith(".metadata") else name
        path = os.path.join(self.directory, wheel)
        if "/" in wheel or not os.path.isfile(path):
            self._send(request, 404, "text/plain", b"not found\n", body)
            return
        if name.endswith(".metadata"):
            content = self._metadata(path)
            if content is None or not self.metadata or self.html_only:
                self._send(request, 404, "text/plain", b"not found\n", body)
            else:
                self._send(request, 200, "application/octet-stream", content, body)
            return
        if self._fault(name, request, body):
            return
        with open(path, "rb") as file:
            content = file.read()
        fault = self.faults.get(name)
        if fault == "wrong-bytes":
            content = content[:-10] + bytes(10)
        if fault == "truncated":
            self._send(request, 200, "application/octet-stream", content[:len(content) // 2], body, len(content))
            request.close_connection = True
            return
        span = re.fullmatch(r"bytes=(\d*)-(\d*)", request.headers.get("Range") or "")
        if span and (span.group(1) or span.group(2)):
            first = int(span.group(1)) if span.group(1) else max(0, len(content) - int(span.group(2)))
            last = int(span.group(2)) if span.group(1) and span.group(2) else len(content) - 1
            last = min(last, len(content) - 1)
            if first > last:
                self._send(request, 416, "text/plain", b"", body)
                return
            request.send_response(206)
            request.send_header("Content-Range", f"bytes {first}-{last}/{len(content)}")
            request.send_header("Content-Length", str(last - first + 1))
            request.end_headers()
            if body:
                request.wfile.write(content[first:last + 1])
            return
        self._send(request, 200, "application/octet-stream", content, body)

    @staticmethod
    def _metadata(path):
        try:
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    if name.endswith(".dist-info/METADATA"):
                        return archive.read(name)
        except (zipfile.BadZipFile, OSError):
            pass
        return None
