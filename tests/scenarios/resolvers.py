"""The programs that can be asked to resolve a scenario, and what they answered."""
import dataclasses
import os
import subprocess
import tomllib

from scenario import normalize


@dataclasses.dataclass
class Answer:
    command: list
    code: int
    err: str
    pins: dict   # name -> version; empty without a lock
    lock: bytes  # what was written; empty when nothing was

    @property
    def resolved(self):
        return self.code == 0

    def __str__(self):
        return f"$ {' '.join(self.command)}\nexit {self.code}\n{self.err}"


def read_pins(path):
    with open(path, "rb") as file:
        table = tomllib.load(file)
    return {normalize(package["name"]): package.get("version", "") for package in table.get("packages", [])}


def _environment(home, **extra):
    environment = {"PATH": os.environ["PATH"], "HOME": home, "LANG": "C.UTF-8", "PIP_CONFIG_FILE": os.devnull,
                   "NO_PROXY": "127.0.0.1"}
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
        if name in os.environ:
            environment[name] = os.environ[name]
    environment.update(extra)
    return environment


def _write_lines(path, lines):
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in lines)


class Resolver:
    """Runs a program on a scenario in a directory of its own, with a cache that exists only there."""

    # A failure whose error has one of these texts says: no set of distributions fits.
    unsatisfiable = ()

    def __init__(self, binary):
        self.binary = binary

    def command(self, scenario, url, lock):
        raise NotImplementedError

    def environment(self, directory):
        raise NotImplementedError

    def resolve(self, scenario, url, directory, timeout=60):
        os.makedirs(directory)
        _write_lines(os.path.join(directory, "requirements.txt"), scenario.requires)
        if scenario.constraints:
            _write_lines(os.path.join(directory, "constraints.txt"), scenario.constraints)
        if scenario.overrides:
            _write_lines(os.path.join(directory, "overrides.txt"), scenario.overrides)
        command = self.command(scenario, url, "pylock.toml")
        try:
            done = subprocess.run(command, cwd=directory, env=self.environment(directory), timeout=timeout,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        except subprocess.TimeoutExpired:
            return Answer(command, -1, f"no answer within {timeout} s", {}, b"")
        err = done.stderr.decode(errors="replace")
        path = os.path.join(directory, "pylock.toml")
        if done.returncode != 0 or not os.path.exists(path):
            code = done.returncode or -2
            return Answer(command, code, err or done.stdout.decode(errors="replace"), {}, b"")
        with open(path, "rb") as file:
            lock = file.read()
        return Answer(command, 0, err, read_pins(path), lock)


def choices(scenario, prereleases):
    """The options that both programs spell alike, and each one's own for pre-releases."""
    options = []
    if scenario.constraints:
        options += ["-c", "constraints.txt"]
    if scenario.overrides:
        options += ["--override", "overrides.txt"]
    if scenario.prereleases:
        options.append(prereleases)
    if scenario.resolution != "highest":
        options += ["--resolution", scenario.resolution]
    for name in scenario.no_binary:
        options += ["--no-binary", name]
    for name in scenario.only_binary:
        options += ["--only-binary", name]
    return options + (["--no-build"] if scenario.no_build else [])


class Cogbuild(Resolver):
    unsatisfiable = ("no versions fit the requirements", "contradicts", "is on none of the package indexes",
                     "has no version", "has no wheel", "has only wheels", "has only a source archive", "needs Python",
                     "was yanked")

    def command(self, scenario, url, lock):
        command = [self.binary, "lock", "-r", "requirements.txt", "-o", lock, "--index-url", url,
                   "--python", scenario.python, "--libc", "glibc:" + scenario.glibc, "--arch", "x86_64"]
        return command + choices(scenario, "--pre")

    def environment(self, directory):
        return _environment(directory, COGBUILD_CACHE_DIR=os.path.join(directory, "cache"))


class Uv(Resolver):
    unsatisfiable = ("No solution found", "there are no versions of", "was not found in the package registry",
                     "no usable wheels")

    def command(self, scenario, url, lock):
        command = [self.binary, "pip", "compile", "requirements.txt", "--format", "pylock.toml", "-o", lock, "--quiet",
                   "--index-url", url, "--python-version", scenario.python, "--no-header", "--no-annotate",
                   "--python-platform", "x86_64-manylinux_" + scenario.glibc.replace(".", "_")]
        return command + choices(scenario, "--prerelease=allow")

    def environment(self, directory):
        return _environment(directory, UV_CACHE_DIR=os.path.join(directory, "cache"), UV_PYTHON_DOWNLOADS="never",
                            UV_NO_CONFIG="1")
