"""Resolver scenarios: what an index holds, what is asked of it, and what must come out.

One TOML file each (or several under `[[scenario]]`), in the format of the public packse collection:

    name, description
    [root]              requires
    [packages.NAME.versions."V"]
                        requires, extras{E = [...]}, requires_python (">=3.12" when not given), sdist, wheel,
                        wheel_tags, yanked
    [environment]       python ("3.12")
    [resolver_options]  universal, prereleases, python, python_platform, no_binary, no_build, resolution
    [expected]          satisfiable, packages{NAME = "V"}

and for scenarios of our own also `constraints`, `overrides` and `only_binary` in resolver_options, and `message`
in expected: texts that the explanation must hold.
"""
import dataclasses
import os
import re
import tomllib

DEFAULT_PYTHON = "3.12"


def normalize(name):
    return re.sub(r"[-_.]+", "-", name).lower()


@dataclasses.dataclass
class Release:
    """One version of a project."""
    version: str
    requires: list = dataclasses.field(default_factory=list)
    extras: dict = dataclasses.field(default_factory=dict)
    requires_python: str = ">=3.12"
    sdist: bool = True
    wheel_tags: list = dataclasses.field(default_factory=list)  # empty: no wheel
    yanked: object = False  # or True, or the reason


@dataclasses.dataclass
class Scenario:
    name: str
    source: str
    category: str
    requires: list
    packages: dict  # name -> [Release]
    python: str = DEFAULT_PYTHON
    universal: bool = False
    prereleases: bool = False
    glibc: str = "2.36"
    resolution: str = "highest"
    no_binary: list = dataclasses.field(default_factory=list)
    no_build: bool = False
    only_binary: list = dataclasses.field(default_factory=list)
    constraints: list = dataclasses.field(default_factory=list)
    overrides: list = dataclasses.field(default_factory=list)
    satisfiable: bool = True
    pins: dict = dataclasses.field(default_factory=dict)  # empty: not told
    message: list = dataclasses.field(default_factory=list)


def _release(version, table):
    wheels = table.get("wheel_tags") or ["py3-none-any"]
    return Release(version, table.get("requires", []), table.get("extras", {}),
                   table.get("requires_python", ">=3.12"), table.get("sdist", True),
                   wheels if table.get("wheel", True) else [], table.get("yanked", False))


def _scenario(table, source):
    options = table.get("resolver_options", {})
    expected = table["expected"]
    platform = options.get("python_platform", "")
    return Scenario(
        table["name"], source, os.path.basename(os.path.dirname(source)), table["root"]["requires"],
        {name: [_release(version, one) for version, one in package.get("versions", {}).items()]
         for name, package in table.get("packages", {}).items()},
        options.get("python") or table.get("environment", {}).get("python", DEFAULT_PYTHON),
        options.get("universal", False), options.get("prereleases", False),
        "2.17" if platform.endswith("manylinux2014") else "2.36", options.get("resolution", "highest"),
        options.get("no_binary", []), bool(options.get("no_build")), options.get("only_binary", []),
        options.get("constraints", []), options.get("overrides", []), expected["satisfiable"],
        {normalize(name): version for name, version in expected.get("packages", {}).items()},
        expected.get("message", []))


def load_file(path):
    with open(path, "rb") as file:
        table = tomllib.load(file)
    return [_scenario(one, path) for one in table.get("scenario", [table])]


def load_tree(directory):
    """Every scenario below a directory, by file name."""
    found = []
    for folder, folders, names in os.walk(directory):
        folders.sort()
        for name in sorted(names):
            if name.endswith(".toml"):
                found += load_file(os.path.join(folder, name))
    return found
