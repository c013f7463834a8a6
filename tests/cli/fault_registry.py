"""A registry in memory that follows distribution-spec 1.1, counts what it is sent, and misbehaves on demand."""
import hashlib
import json
import re
import socket
import struct
import threading
import urllib.parse
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Reply:
    """Answer at once with this status; the request's body is read and thrown away."""

    def __init__(self, status, body=b"", headers=None, code=None, message="scripted"):
        if code is not None:
            body = json.dumps({"errors": [{"code": code, "message": message}]}).encode()
        self.status, self.body, self.headers = status, body, dict(headers or {})


class Close:
    """Take `after` bytes of the body, then drop the connection; with `forget` the upload is gone too."""

    def __init__(self, after=0, forget=False):
        self.after, self.forget = after, forget


class Request:
    """What a script sees."""

    def __init__(self, handler):
        parsed = urllib.parse.urlparse(handler.path)
        self.method, self.path = handler.command, parsed.path
        self.query = dict(urllib.parse.parse_qsl(parsed.query))
        self.headers = handler.headers
        self.length = int(handler.headers.get("Content-Length") or 0)

    @property
    def is_upload_start(self):
        return self.method == "POST" and self.path.endswith("/blobs/uploads/")

    @property
    def is_upload(self):
        return "/blobs/uploads/" in self.path and not self.is_upload_start

    @property
    def is_manifest(self):
        return "/manifests/" in self.path


class FaultRegistry:
    """Use as a context manager. `script(request)` returns None, a Reply or a Close."""

    def __init__(self, script=None, chunk_limit=None, grant_mounts=True):
        self.script, self.chunk_limit, self.grant_mounts = script, chunk_limit, grant_mounts
        self.blobs = {}      # digest -> bytes
        self.present = set()  # (repository, digest)
        self.manifests = {}  # (repository, reference) -> (media type, body)
        self.uploads = {}    # id -> [repository, bytearray]
        self.log = []        # (method, path, status)
        self.received = 0    # body bytes
        self.mounted = []
        self.lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args):
                pass

            def handle_one_request(self):
                try:
                    super().handle_one_request()
                except (ConnectionError, socket.timeout):
                    self.close_connection = True

        for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"):
            setattr(Handler, "do_" + method, lambda handler: outer._handle(handler))
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.address = f"127.0.0.1:{self.port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *unused):
        self.server.shutdown()
        self.server.server_close()

    def count(self, method, part=""):
        with self.lock:
            return sum(1 for entry in self.log if entry[0] == method and part in entry[1])

    def forget_traffic(self):
        with self.lock:
            self.log.clear()
            self.received = 0

    def manifest_digest(self, repository, tag="latest"):
        found = self.manifests.get((repository, tag))
        return found and "sha256:" + hashlib.sha256(found[1]).hexdigest()

    # --- one request ---------------------------------------------------------------------------------

    def _read_body(self, handler, limit=None):
        """The body in parts; stops after `limit` bytes."""
        left = int(handler.headers.get("Content-Length") or 0)
        chunked = "chunked" in (handler.headers.get("Transfer-Encoding") or "").lower()
        taken = 0
        while chunked or left:
            if chunked:
                want = int(handler.rfile.readline().split(b";")[0], 16)
                if want == 0:
                    handler.rfile.readline()
                    return
            else:
                want = min(left, 1 << 16)
            if limit is not None and taken + want > limit:
                want = limit - taken
            part = handler.rfile.read(want) if want else b""
            if chunked and want:
                handler.rfile.readline()
            taken += len(part)
            left -= len(part)
            with self.lock:
                self.received += len(part)
            if part:
                yield part
            if (limit is not None and taken >= limit) or len(part) < want:
                return

    def _answer(self, handler, status, headers=None, body=b""):
        with self.lock:
            self.log.append((handler.command, handler.path, status))
        handler.send_response(status)
        for name, value in (headers or {}).items():
            handler.send_header(name, value)
        if status != 204 and "Content-Length" not in (headers or {}):
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(body)

    def _error(self, handler, status, code, message="", headers=None):
        body = json.dumps({"errors": [{"code": code, "message": message or code.lower()}]}).encode()
        self._answer(handler, status, {"Content-Type": "application/json", **(headers or {})}, body)

    def _handle(self, handler):
        request = Request(handler)
        verdict = self.script(request) if self.script else None
        if isinstance(verdict, Reply):
            for _ in self._read_body(handler):
                pass
            self._answer(handler, verdict.status, verdict.headers, verdict.body)
            return
        match = re.fullmatch(r"/v2/(?:(.+)/(blobs|manifests|tags)/(.+))?", request.path)
        if not match:
            self._error(handler, 404, "NOT_FOUND")
            return
        repository, kind, rest = match.groups()
        if repository is None:
            self._answer(handler, 200, {"Docker-Distribution-Api-Version": "registry/2.0"}, b"{}")
        elif kind == "manifests":
            self._manifest(handler, request, repository, rest)
        elif kind == "blobs" and rest.startswith("uploads/"):
            self._upload(handler, request, repository, rest[len("uploads/"):], verdict)
        elif kind == "blobs":
            self._blob(handler, request, repository, rest)
        else:
            self._error(handler, 404, "UNSUPPORTED")

    def _manifest(self, handler, request, repository, reference):
        if request.method in ("GET", "HEAD"):
            found = self.manifests.get((repository, reference))
            if not found:
                self._error(handler, 404, "MANIFEST_UNKNOWN")
                return
            self._answer(handler, 200, {"Content-Type": found[0], "Docker-Content-Digest":
                                        "sha256:" + hashlib.sha256(found[1]).hexdigest(),
                                        "Content-Length": str(len(found[1]))}, found[1])
            return
        body = b"".join(self._read_body(handler))
        manifest = json.loads(body)
        for descriptor in [manifest["config"]] + manifest["layers"]:
            if (repository, descriptor["digest"]) not in self.present:
                self._error(handler, 400, "MANIFEST_BLOB_UNKNOWN", descriptor["digest"])
                return
        digest = "sha256:" + hashlib.sha256(body).hexdigest()
        for name in (reference, digest):
            self.manifests[repository, name] = (handler.headers["Content-Type"], body)
        self._answer(handler, 201, {"Location": f"/v2/{repository}/manifests/{digest}",
                                    "Docker-Content-Digest": digest})

    def _blob(self, handler, request, repository, digest):
        if (repository, digest) not in self.present:
            self._error(handler, 404, "BLOB_UNKNOWN")
            return
        content = self.blobs[digest]
        self._answer(handler, 200, {"Docker-Content-Digest": digest, "Content-Length": str(len(content))}, content)

    def _session(self, handler, status, repository, name):
        held = len(self.uploads[name][1])
        headers = {"Location": f"/v2/{repository}/blobs/uploads/{name}?state=1", "Docker-Upload-UUID": name}
        if held:
            headers["Range"] = f"0-{held - 1}"
        self._answer(handler, status, headers)

    def _upload(self, handler, request, repository, name, verdict):
        if request.method == "POST":
            digest, source = request.query.get("mount"), request.query.get("from")
            if digest and self.grant_mounts and (source, digest) in self.present:
                self.present.add((repository, digest))
                self.mounted.append(digest)
                self._answer(handler, 201, {"Location": f"/v2/{repository}/blobs/{digest}",
                                            "Docker-Content-Digest": digest})
                return
            name = uuid.uuid4().hex
            self.uploads[name] = [repository, bytearray()]
            whole = request.query.get("digest")
            for part in self._read_body(handler):
                self.uploads[name][1].extend(part)
            if whole:
                self._close(handler, repository, name, whole)
            else:
                self._session(handler, 202, repository, name)
            return
        if name not in self.uploads:
            for _ in self._read_body(handler):
                pass
            self._error(handler, 404, "BLOB_UPLOAD_UNKNOWN")
            return
        if request.method == "GET":
            self._session(handler, 204, repository, name)
            return
        if request.method == "DELETE":
            del self.uploads[name]
            self._answer(handler, 204)
            return
        held = self.uploads[name][1]
        span = re.fullmatch(r"(?:bytes )?(\d+)-(\d+)(?:/.*)?", handler.headers.get("Content-Range") or "")
        if (span and int(span.group(1)) != len(held)) or (self.chunk_limit and request.length > self.chunk_limit):
            for _ in self._read_body(handler):
                pass
            self._error(handler, 416, "BLOB_UPLOAD_INVALID", "range", {
                "Location": f"/v2/{repository}/blobs/uploads/{name}?state=1",
                "Range": f"0-{max(0, len(held) - 1)}"})
            return
        limit = verdict.after if isinstance(verdict, Close) else None
        for part in self._read_body(handler, limit):
            held.extend(part)
        if isinstance(verdict, Close):
            if verdict.forget:
                self.uploads.pop(name, None)
            with self.lock:
                self.log.append((handler.command, handler.path, 0))
            # An RST, as a dying proxy sends, rather than a polite end.
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            handler.close_connection = True
            return
        if request.method == "PATCH":
            self._session(handler, 202, repository, name)
        else:
            self._close(handler, repository, name, request.query.get("digest"))

    def _close(self, handler, repository, name, digest):
        content = bytes(self.uploads.pop(name)[1])
        if "sha256:" + hashlib.sha256(content).hexdigest() != digest:
            self._error(handler, 400, "DIGEST_INVALID")
            return
        self.blobs[digest] = content
        self.present.add((repository, digest))
        self._answer(handler, 201, {"Location": f"/v2/{repository}/blobs/{digest}", "Docker-Content-Digest": digest})
