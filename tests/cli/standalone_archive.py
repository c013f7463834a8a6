"""A build of CPython as python-build-standalone packs it, with next to nothing in it, and a server for it."""
import contextlib
import gzip
import hashlib
import http.server
import io
import tarfile
import threading

ELF = b"\x7fELF not really python\n"


def make_archive(version, further=()):
    """python/bin/python3.X and its library, as a .tar.gz; `further`: (path, bytes, a str for a symlink, or None)."""
    series = version.rsplit(".", 1)[0]
    entries = [("python", None), ("python/bin", None), (f"python/bin/python{series}", ELF),
               ("python/bin/python3", f"python{series}"), ("python/bin/python", f"python{series}"),
               ("python/include", None), (f"python/include/python{series}", None),
               (f"python/include/python{series}/patchlevel.h", f'#define PY_VERSION "{version}"\n'.encode()),
               ("python/lib", None), (f"python/lib/python{series}", None), (f"python/lib/python{series}/os.py", b"\n"),
               (f"python/lib/python{series}/EXTERNALLY-MANAGED", b"[externally-managed]\n"),
               (f"python/lib/python{series}/site-packages", None), (f"python/lib/python{series}/test", None),
               (f"python/lib/python{series}/test/__init__.py", b"\n"),
               (f"python/lib/libpython{series}.a", b"!<arch>\n"), *further]
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for path, content in entries:
            member = tarfile.TarInfo(path)
            member.mode = 0o755 if content is None or path.startswith("python/bin/") else 0o664
            member.uid = member.gid = 1000
            if content is None:
                member.type = tarfile.DIRTYPE
                tar.addfile(member)
            elif isinstance(content, str):
                member.type, member.linkname = tarfile.SYMTYPE, content
                tar.addfile(member)
            else:
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))
    return gzip.compress(out.getvalue(), mtime=0)


def archive_settings(version, url, content):
    """What names it in cogbuild.yaml."""
    return f"python:\n  archive:\n    version: {version}\n    url: {url}\n    sha256: {hashlib.sha256(content).hexdigest()}\n"


class FileServer:
    """Serves one content at every path; None: nothing is there. `requests` holds the paths."""

    def __init__(self, content):
        self.content, self.requests = content, []


@contextlib.contextmanager
def serve(content):
    files = FileServer(content)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            files.requests.append(self.path)
            body = files.content or b""
            self.send_response(200 if files.content is not None else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *unused):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    files.root = f"http://127.0.0.1:{server.server_address[1]}"
    files.url = files.root + "/cpython.tar.gz"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield files
    finally:
        server.shutdown()
        server.server_close()
