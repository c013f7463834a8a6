#!/usr/bin/env python3
"""Measures builds and pushes of a project with gigabytes of weights, step by step.

    bench/workload.py WORKLOAD_DIR [--base debian:bookworm] [--scratch build/bench] [--runs 3]
                      [--cogbuild build/release/cogbuild] [--json FILE]
                      [--peer SCRIPT --peer-base-tar TAR [--peer-arguments "cog tuned"]]

WORKLOAD_DIR holds project/ (cog.yaml, requirements.txt, predict.py, weights/), index/*.whl, alt/*.whl (another
version of one small package) and weights_alt/ (another version of one weights file).

Steps of a run, in order; after each the image is pushed to docker-registry on loopback:
  cold     empty cache, empty registry       noop    nothing changed
  code     one line of predict.py appended   dep     one small package in another version
  weight   one weights file replaced
Columns: wall and CPU seconds, peak memory and bytes written by the build (getrusage of the process), growth of
the cache, weights files opened (a second build under strace, from the same state, so that tracing disturbs no
time), wall seconds of the push, bytes sent to the registry (counted by a proxy before it), requests (from the
registry's access log). MB are 10^6 bytes. Page cache warm. Every server listens on 127.0.0.1.

With --peer, SCRIPT WORKLOAD_DIR TAR SCRATCH RUNS VARIANTS is run afterwards, to measure another tool alike.
"""
import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests/cli"))
sys.dont_write_bytecode = True
import make_wheels  # noqa: E402
import registry  # noqa: E402
from index_server import IndexServer  # noqa: E402

STEPS = ("cold", "noop", "code", "dep", "weight")
COG_YAML = """\
build:
  python_version: "3.11"
  python_requirements: requirements.txt
  sdk_version: "0.23.1"
run: "predict.py:Predictor"
"""


class CountingProxy:
    """Passes TCP connections on to `port` and counts the bytes that clients send."""

    def __init__(self, port):
        self.target, self.sent = port, 0
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.address = f"127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.target))
            for source, sink, counted in ((client, server, True), (server, client, False)):
                source.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._pump, args=(source, sink, counted), daemon=True).start()

    def _pump(self, source, sink, counted):
        buffer = bytearray(1 << 20)
        view = memoryview(buffer)
        try:
            while count := source.recv_into(buffer):
                if counted:
                    with self.lock:
                        self.sent += count
                sink.sendall(view[:count])
        except OSError:
            pass
        try:
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self):
        self.listener.close()


class CountingRegistry(registry.Registry):
    """docker-registry behind a counting proxy, with an access log that is counted too."""

    def __enter__(self):
        saved, registry.CONFIG = registry.CONFIG, registry.CONFIG.replace("accesslog: {{disabled: true}}", "accesslog: {{disabled: false}}")
        try:
            super().__enter__()
        finally:
            registry.CONFIG = saved
        self.proxy = CountingProxy(self.port)
        return self

    def __exit__(self, *unused):
        if hasattr(self, "proxy"):
            self.proxy.close()
        super().__exit__()

    def requests(self):
        time.sleep(0.2)  # the log is written after the answer
        with open(os.path.join(self.directory, "log"), "rb") as file:
            return sum(b'"' in line and b" /v2/" in line and b"HTTP/1" in line for line in file)


def measured(command, env, log):
    """Wall, CPU, peak memory and bytes written of one process."""
    # time(1) reads the peak: a child of this large program would count the pages it was forked with.
    peak = log + ".peak"
    with open(log, "wb") as sink:
        start = time.monotonic()
        process = subprocess.Popen(["/usr/bin/time", "-q", "-f", "%M", "-o", peak, *command], env=env,
                                   stdin=subprocess.DEVNULL, stdout=sink, stderr=sink)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        with open(log, encoding="utf-8", errors="replace") as file:
            sys.exit(f"{' '.join(command)}: exit {process.returncode}\n{file.read()[-4000:]}")
    return {"wall_s": wall, "cpu_s": usage.ru_utime + usage.ru_stime, "peak_MB": int(open(peak, encoding="ascii").read()) * 1024 / 1e6,
            "written_MB": usage.ru_oublock * 512 / 1e6}


def folder_bytes(path):
    return sum(os.lstat(os.path.join(folder, name)).st_blocks * 512
               for folder, _, names in os.walk(path) for name in names)


class Run:
    """One run of all steps in a fresh scratch folder."""

    def __init__(self, options, scratch):
        self.options, self.scratch = options, scratch
        shutil.rmtree(scratch, ignore_errors=True)
        self.project, self.index, self.cache = (os.path.join(scratch, name) for name in ("project", "index", "cache"))
        for folder in (self.project, self.index, os.path.join(scratch, "home")):
            os.makedirs(folder)
        source = os.path.join(options.workload, "project")
        for name in ("predict.py", "requirements.txt", ".dockerignore"):
            if os.path.exists(os.path.join(source, name)):
                shutil.copy(os.path.join(source, name), self.project)
        with open(os.path.join(self.project, "cog.yaml"), "w", encoding="utf-8") as file:
            file.write(COG_YAML)  # the workload's own names system packages, which need a mirror
        shutil.copytree(os.path.join(source, "weights"), os.path.join(self.project, "weights"), copy_function=self._link)
        for folder in ("index", "alt"):
            for name in os.listdir(os.path.join(options.workload, folder)):
                if name.endswith(".whl"):
                    self._link(os.path.join(options.workload, folder, name), os.path.join(self.index, name))
        make_wheels.make_runtime(self.index)
        self.env = {"PATH": os.environ["PATH"], "HOME": os.path.join(scratch, "home"), "LANG": "C.UTF-8",
                    "COGBUILD_CACHE_DIR": self.cache, "PIP_CONFIG_FILE": os.devnull}
        self.weights = sorted(os.listdir(os.path.join(self.project, "weights")))
        self.wheels_bytes = sum(os.path.getsize(os.path.join(self.index, name)) for name in os.listdir(self.index))
        self.weights_bytes = sum(os.path.getsize(os.path.join(self.project, "weights", name)) for name in self.weights)

    @staticmethod
    def _link(source, target):
        try:
            os.link(source, target)
        except OSError:
            shutil.copyfile(source, target)

    def change(self, step, number):
        if step == "code":
            with open(os.path.join(self.project, "predict.py"), "a", encoding="utf-8") as file:
                file.write(f"# changed {number}\n")
        elif step == "dep":
            wheel = next(name for name in os.listdir(os.path.join(self.options.workload, "alt")) if name.endswith(".whl"))
            name, version = wheel.split("-")[:2]
            path = os.path.join(self.project, "requirements.txt")
            with open(path, encoding="utf-8") as file:
                lines = file.read().splitlines()
            lines = [f"{name.replace('_', '-')}=={version}" if line.startswith(name.replace("_", "-") + "==") else line
                     for line in lines]
            with open(path, "w", encoding="utf-8") as file:
                file.write("\n".join(lines) + "\n")
        elif step == "weight":
            folder = os.path.join(self.options.workload, "weights_alt")
            for name in os.listdir(folder):
                os.remove(os.path.join(self.project, "weights", name))
                self._link(os.path.join(folder, name), os.path.join(self.project, "weights", name))

    def opened_weights(self, command):
        trace = os.path.join(self.scratch, "trace")
        subprocess.run(["strace", "-f", "-qq", "-e", "trace=open,openat,openat2", "-o", trace, *command], env=self.env,
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(trace, encoding="utf-8", errors="replace") as file:
            lines = [line for line in file if "= -1" not in line and "O_DIRECTORY" not in line]
        return sum(any(name in line for line in lines) for name in self.weights)

    def __call__(self):
        results = {}
        with IndexServer(self.index) as index, CountingRegistry(os.path.join(self.scratch, "registry")) as target:
            schema = os.path.join(ROOT, "examples/hello-world/openapi_schema.json")
            build = [self.options.cogbuild, "build", "-C", self.project, "-t", "model", "--base", self.options.base,
                     "--index-url", index.url, "--openapi-schema", schema]
            push = [self.options.cogbuild, "push", "model", f"{target.proxy.address}/bench/model:latest"]
            log = os.path.join(self.scratch, "log")
            for number, step in enumerate(STEPS):
                self.change(step, number)
                before = folder_bytes(self.cache)
                row = measured(build, self.env, log)
                row["cache_MB"] = (folder_bytes(self.cache) - before) / 1e6
                if step in ("noop", "code"):
                    # The image just built is built once more, so a change is made again before it is traced.
                    self.change(step, f"{number} once more")
                    row["weights_opened"] = self.opened_weights(build)
                sent, requests = target.proxy.sent, target.requests()
                pushed = measured(push, self.env, log)
                row.update(push_wall_s=pushed["wall_s"], push_cpu_s=pushed["cpu_s"], push_peak_MB=pushed["peak_MB"],
                           sent_MB=(target.proxy.sent - sent) / 1e6, requests=target.requests() - requests)
                results[step] = row
                print(f"  {step:7}" + "".join(f" {key}={value:.3f}" if isinstance(value, float) else f" {key}={value}"
                                              for key, value in row.items()), file=sys.stderr)
        return results


COLUMNS = (("wall_s", "build s", "{:.3f}"), ("cpu_s", "CPU s", "{:.3f}"), ("peak_MB", "peak MB", "{:.0f}"),
           ("written_MB", "written MB", "{:.2f}"), ("cache_MB", "cache +MB", "{:.2f}"),
           ("weights_opened", "weights opened", "{:.0f}"), ("push_wall_s", "push s", "{:.3f}"),
           ("push_cpu_s", "push CPU s", "{:.3f}"), ("push_peak_MB", "push peak MB", "{:.0f}"),
           ("sent_MB", "sent MB", "{:.4f}"), ("requests", "requests", "{:.0f}"))


def table(medians):
    lines = ["| step | " + " | ".join(title for _, title, _ in COLUMNS) + " |", "| --- |" + " ---: |" * len(COLUMNS)]
    for step in STEPS:
        cells = [form.format(medians[step][key]) if key in medians[step] else "-" for key, _, form in COLUMNS]
        lines.append(f"| {step} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def verdicts(medians, weights_bytes, wheels_bytes):
    """The limits that the design sets, each with what was measured."""
    peak = max(max(row["peak_MB"], row["push_peak_MB"]) for row in medians.values())
    limits = [
        ("rebuild with nothing changed, ms", medians["noop"]["wall_s"] * 1000, 50),
        ("weights files it opens", medians["noop"]["weights_opened"], 0.5),
        ("rebuild after one line of code, ms", medians["code"]["wall_s"] * 1000, 100),
        ("weights files it opens", medians["code"]["weights_opened"], 0.5),
        ("bytes the push then sends, KB", medians["code"]["sent_MB"] * 1000, 50),
        ("requests the push then makes", medians["code"]["requests"], 20),
        ("peak memory of any step, MB", peak, 200),
        ("written by the rebuild with another weights file, % of the weights",
         medians["weight"]["written_MB"] * 1e8 / weights_bytes, 1),
        # A cold build downloads its wheels, which stay in the cache: those are no copies of anything here.
        ("written by the cold build beyond the wheels it fetched, % of the weights",
         (medians["cold"]["written_MB"] * 1e6 - wheels_bytes) * 100 / weights_bytes, 1),
    ]
    return [(name, value, limit, value < limit) for name, value, limit in limits]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("workload", type=os.path.abspath)
    parser.add_argument("--base", default="debian:bookworm")
    parser.add_argument("--scratch", type=os.path.abspath, default=os.path.join(ROOT, "build/bench"))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--cogbuild", type=os.path.abspath, default=os.path.join(ROOT, "build/release/cogbuild"))
    parser.add_argument("--json")
    parser.add_argument("--peer", type=os.path.abspath)
    parser.add_argument("--peer-base-tar", type=os.path.abspath)
    parser.add_argument("--peer-arguments", default="cog tuned")
    options = parser.parse_args()

    runs = []
    for number in range(options.runs):
        print(f"run {number + 1} of {options.runs}", file=sys.stderr)
        run = Run(options, os.path.join(options.scratch, "workload"))
        runs.append(run())
    medians = {step: {key: statistics.median(one[step][key] for one in runs) for key in runs[0][step]} for step in STEPS}
    print(f"Medians of {options.runs} runs, {run.weights_bytes / 1e9:.2f} GB of weights.\n")
    print(table(medians) + "\n")
    found = verdicts(medians, run.weights_bytes, run.wheels_bytes)
    print("| limit | measured | bound | |\n| --- | ---: | ---: | --- |")
    for name, value, limit, kept in found:
        print(f"| {name} | {value:.2f} | < {limit:g} | {'kept' if kept else '**exceeded**'} |")
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump({"runs": runs, "medians": medians}, file, indent=1)
    shutil.rmtree(os.path.join(options.scratch, "workload"), ignore_errors=True)
    if options.peer:
        print("\nThe peer, measured on the same machine:\n", flush=True)
        subprocess.run(["bash", options.peer, options.workload, options.peer_base_tar,
                        os.path.join(options.scratch, "peer"), str(options.runs), options.peer_arguments], check=True)
    return 0 if all(kept for *_, kept in found) else 1


if __name__ == "__main__":
    sys.exit(main())
