"""Debian's docker-registry, started on a free loopback port with its own storage."""
import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request

CONFIG = """\
version: 0.1
log: {{level: error, accesslog: {{disabled: true}}}}
storage:
  filesystem: {{rootdirectory: {storage}}}
  delete: {{enabled: true}}
http: {{addr: "127.0.0.1:{port}"}}
"""
MANIFESTS = "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Registry:
    """Use as a context manager; `address` is host:port."""

    def __init__(self, directory):
        self.directory = directory
        self.process = None

    def __enter__(self):
        program = shutil.which("docker-registry")
        assert program, "docker-registry is missing; run scripts/install-dependencies"
        os.makedirs(self.directory, exist_ok=True)
        for _ in range(5):  # another process may take the port between the probe and the start
            self.port = free_port()
            self.address = f"127.0.0.1:{self.port}"
            path = os.path.join(self.directory, "config.yml")
            with open(path, "w", encoding="utf-8") as file:
                file.write(CONFIG.format(storage=os.path.join(self.directory, "storage"), port=self.port))
            with open(os.path.join(self.directory, "log"), "wb") as log:
                self.process = subprocess.Popen([program, "serve", path], stdout=log, stderr=log)
            if self._answers():
                return self
            self.__exit__()
        raise AssertionError("docker-registry did not start: " + os.path.join(self.directory, "log"))

    def __exit__(self, *unused):
        self.process.terminate()
        self.process.wait(10)

    def _answers(self):
        for _ in range(200):
            if self.process.poll() is not None:
                return False
            try:
                urllib.request.urlopen(f"http://{self.address}/v2/", timeout=2).close()
                return True
            except OSError:
                time.sleep(0.05)
        return False

    def manifest(self, repository, reference="latest"):
        """(digest, manifest) as the registry has it, None when it has none."""
        request = urllib.request.Request(f"http://{self.address}/v2/{repository}/manifests/{reference}",
                                         headers={"Accept": MANIFESTS})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.headers["Docker-Content-Digest"], json.load(answer)
        except urllib.error.HTTPError as error:
            error.close()
            return None
