#!/usr/bin/env python3
"""Compares cogbuild's versions, specifiers, markers, requirements, names and tags with the packaging library.

    tests/scenarios/run_packaging_vectors.py CHECKOUT [--binary build/release/cogbuild] [--calls FILE]
                                             [--random 20000] [--seed 1]

CHECKOUT is a source tree of packaging (26 or later) with its tests; it is no part of this repository. Its tests run
once while a plugin (record_calls.py; needs pytest and pretend, better hypothesis too) writes down every call they
make, or FILE from an earlier run is taken. Each call is then put to `cogbuild debug python` and to the library, and
so are random pairs. Exit status: 0 when all answers agree.

Not compared, and counted as such: versions with numbers beyond 64 bits or texts that are no version (an index file
of that name is skipped), markers without a quoted literal, sets of extras (they exist in lock files alone).
"""
import argparse
import collections
import itertools
import json
import os
import random
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
TESTS = ["version", "specifiers", "markers", "requirements", "utils", "tags"]


def record_calls(checkout, path, python):
    environment = dict(os.environ, PACKAGING_CALLS=path, PYTHONDONTWRITEBYTECODE="1",
                       PYTHONPATH=os.pathsep.join([os.path.join(checkout, "src"), HERE]))
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "record_calls",
               *(f"tests/test_{name}.py" for name in TESTS)]
    property_tests = os.path.join(checkout, "tests/property")
    if subprocess.run([python, "-c", "import hypothesis"], capture_output=True).returncode == 0:
        command.append(property_tests)
    subprocess.run(command, cwd=checkout, env=environment, check=True, stdout=subprocess.DEVNULL)


def read_calls(path):
    with open(path, encoding="utf-8") as file:
        return [tuple(json.loads(line)) for line in file]


class Cogbuild:
    def __init__(self, binary):
        self.command = [binary] + ([] if os.path.basename(binary) != "cogbuild" else ["debug", "python"])

    def ask(self, questions):
        text = "".join(json.dumps(question) + "\n" for question in questions)
        done = subprocess.run(self.command, input=text.encode(), stdout=subprocess.PIPE, check=True)
        answers = [json.loads(line) for line in done.stdout.decode().split("\n")[:-1]]
        assert len(answers) == len(questions), f"{len(questions)} questions, {len(answers)} answers"
        return answers


class Comparison:
    """Collects questions with the library's answers, asks them all, and counts."""

    def __init__(self):
        self.rows, self.left_out = [], collections.Counter()

    def add(self, kind, question, expected, pick):
        """`pick` takes from the answer what must equal `expected`; None stands for an error."""
        self.rows.append((kind, question, expected, pick))

    def skip(self, kind, why):
        self.left_out[kind, why] += 1

    def run(self, cogbuild):
        agreed, total, wrong = collections.Counter(), collections.Counter(), []
        for (kind, question, expected, pick), answer in zip(self.rows, cogbuild.ask([row[1] for row in self.rows])):
            found = None if "error" in answer else pick(answer)
            count = len(expected) if kind == "contains" and expected is not None else 1
            total[kind] += count
            if found == expected:
                agreed[kind] += count
            else:
                if kind == "contains" and found is not None and expected is not None:
                    pairs = [(text, theirs, ours) for text, theirs, ours
                             in zip(question["versions"], expected, found) if theirs != ours]
                    agreed[kind] += count - len(pairs)
                    found, expected = {text: ours for text, _, ours in pairs}, {text: it for text, it, _ in pairs}
                    question = {key: value for key, value in question.items() if key != "versions"}
                wrong.append((kind, question, expected, found, answer.get("error", "")))
        return agreed, total, wrong


class Library:
    """The same questions put to packaging."""

    def __init__(self, checkout):
        sys.path.insert(0, os.path.join(checkout, "src"))
        import packaging._manylinux
        import packaging._musllinux
        import packaging.markers
        import packaging.requirements
        import packaging.specifiers
        import packaging.tags
        import packaging.utils
        import packaging.version
        self.it = packaging
        self.versions = {}

    def version(self, text):
        """The version, or None when it is none."""
        if text not in self.versions:
            try:
                self.versions[text] = self.it.version.Version(text)
            except ValueError:
                self.versions[text] = None
        return self.versions[text]

    def holds(self, marker, environment):
        """Whether a marker holds; a comparison that the library refuses does not."""
        try:
            return self.it.markers.Marker(str(marker)).evaluate(environment)
        except self.it.markers.UndefinedComparison:
            return False

    def fits(self, version):
        numbers = [version.epoch, *version.release, version.post or 0, version.dev or 0, (version.pre or ("", 0))[1]]
        return max(numbers) < 2 ** 64

    def version_fields(self, version):
        return {"normalized": str(version), "epoch": version.epoch, "release": list(version.release),
                "pre": list(version.pre) if version.pre else None, "post": version.post, "dev": version.dev,
                "local": version.local.split(".") if version.local else [], "public": version.public,
                "base": version.base_version, "prerelease": version.is_prerelease}


def add_version(comparison, library, text):
    version = library.version(text)
    if version is not None and not library.fits(version):
        comparison.skip("version", "beyond 64 bits")
        return
    comparison.add("version", {"op": "version", "text": text},
                   None if version is None else library.version_fields(version), lambda answer: answer)


def add_compare(comparison, library, left, right):
    a, b = library.version(left), library.version(right)
    if a is None or b is None or not (library.fits(a) and library.fits(b)):
        comparison.skip("compare", "beyond 64 bits")
        return
    comparison.add("compare", {"op": "compare", "left": left, "right": right}, (a > b) - (a < b),
                   lambda answer: answer["order"])


def clauses(text):
    return sorted(part.strip() for part in text.split(",") if part.strip())


def add_specifier(comparison, library, text):
    try:
        # The library keeps a version's spelling; compare the versions themselves.
        expected = sorted({spelled(library, str(clause)) for clause in library.it.specifiers.SpecifierSet(text)})
    except ValueError:
        expected = None
    if expected and any("None" in clause for clause in expected):
        comparison.skip("specifier", "beyond 64 bits")
        return
    comparison.add("specifier", {"op": "specifier", "text": text}, expected,
                   lambda answer: sorted({spelled(library, clause) for clause in clauses(answer["normalized"])}))


def spelled(library, clause):
    operator = clause[:3] if clause.startswith("===") else clause[:2] if clause[1:2] == "=" else clause[:1]
    rest = clause[len(operator):]
    if operator == "===":
        return clause
    wildcard = rest.endswith(".*")
    version = library.version(rest[:-2] if wildcard else rest)
    return f"{operator}{version}{'.*' if wildcard else ''}"


def add_contains(comparison, library, text, versions):
    usable = []
    for version in versions:
        parsed = library.version(version)
        if parsed is None or not library.fits(parsed):
            comparison.skip("contains", "the candidate is no version")
        else:
            usable.append(version)
    try:
        specifiers = library.it.specifiers.SpecifierSet(text)
    except ValueError:
        return
    bounds = [library.version(clause.version.removesuffix(".*")) for clause in specifiers if clause.operator != "==="]
    if any(bound is None or not library.fits(bound) for bound in bounds):
        comparison.skip("contains", "beyond 64 bits")
        return
    if not usable:
        return
    for prereleases in (True, False):
        expected = [specifiers.contains(library.version(version), prereleases=prereleases) for version in usable]
        comparison.add("contains", {"op": "contains", "text": text, "versions": usable, "prereleases": prereleases},
                       expected, lambda answer: answer["contains"])


TARGET = {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64",
          "platform_python_implementation": "CPython", "platform_release": "6.1.0-13-amd64",
          "platform_version": "#1 SMP Debian 6.1.55-1", "python_version": "3.11", "python_full_version": "3.11.9",
          "implementation_name": "cpython", "implementation_version": "3.11.9", "extra": ""}


def has_literal_each(marker):
    """Whether every comparison has a literal on exactly one side."""
    if isinstance(marker, list):
        return all(has_literal_each(one) for one in marker)
    if isinstance(marker, tuple):
        return (type(marker[0]).__name__ == "Value") != (type(marker[2]).__name__ == "Value")
    return True


def add_marker(comparison, library, text, environments):
    markers = library.it.markers
    try:
        marker = markers.Marker(text)
    except markers.InvalidMarker:
        comparison.add("marker", {"op": "marker", "text": text}, None, lambda answer: answer)
        return
    if not has_literal_each(marker._markers):
        comparison.skip("marker", "no literal, or two, in a comparison")
        return
    if "extras" in text or "dependency_groups" in text:
        comparison.skip("marker", "sets of extras")
        return
    for environment in environments:
        if environment.get("python_full_version", "").endswith("+"):
            comparison.skip("marker", "a Python built from a working copy")
            continue
        question = {"op": "marker", "text": text, "extra": environment.get("extra", ""), "environment": environment}
        expected = library.holds(marker, environment)
        # What the canonical text means to the library must be the same, too.
        comparison.add("marker", question, (expected, expected),
                       lambda answer, environment=environment: (answer["holds"],
                                                                library.holds(answer["normalized"], environment)))


def add_requirement(comparison, library, text):
    utils = library.it.utils
    try:
        requirement = library.it.requirements.Requirement(text)
    except library.it.requirements.InvalidRequirement:
        comparison.add("requirement", {"op": "requirement", "text": text, "spelling": "strict"}, None,
                       lambda answer: answer)
        return
    if requirement.marker is not None and not has_literal_each(requirement.marker._markers):
        comparison.skip("requirement", "no literal, or two, in a marker's comparison")
        return
    expected = (utils.canonicalize_name(requirement.name),
                sorted({utils.canonicalize_name(extra) for extra in requirement.extras}),
                sorted({spelled(library, str(clause)) for clause in requirement.specifier}), requirement.url or "",
                str(requirement.marker) if requirement.marker else None)
    comparison.add("requirement", {"op": "requirement", "text": text, "spelling": "strict"}, expected,
                   lambda answer: (answer["name"], answer["extras"],
                                   sorted({spelled(library, clause) for clause in clauses(answer["specifiers"])}),
                                   answer["url"], answer["marker"]))


def add_name(comparison, library, text):
    try:
        expected = library.it.utils.canonicalize_name(text, validate=True)
    except library.it.utils.InvalidName:
        expected = None
    comparison.add("name", {"op": "name", "text": text}, expected, lambda answer: answer["normalized"])


def tags_of(answer):
    return sorted("-".join(tag) for tag in itertools.product(answer["pythons"], answer["abis"], answer["platforms"]))


def add_wheel(comparison, library, text):
    try:
        name, version, build, tags = library.it.utils.parse_wheel_filename(text)
        expected = (name, str(version), list(build), sorted({str(tag) for tag in tags}))
        if not name.isascii():
            comparison.skip("wheel", "a project's name is ASCII")
            return
    except ValueError:
        expected = None
    comparison.add("wheel", {"op": "wheel", "text": text}, expected,
                   lambda answer: (answer["name"], answer["version"], answer["build"], tags_of(answer)))


def add_sdist(comparison, library, text):
    try:
        name, version = library.it.utils.parse_sdist_filename(text)
        expected = (name, str(version))
    except ValueError:
        expected = None
    comparison.add("sdist", {"op": "sdist", "text": text}, expected,
                   lambda answer: (answer["name"], answer["version"]))


def add_tag(comparison, library, text):
    """A tag as the end of a wheel's name."""
    if text.count("-") == 2:
        add_wheel(comparison, library, f"name-1.0-{text}.whl")
    else:
        comparison.skip("wheel", "a tag that is none")


def add_tag_lists(comparison, library):
    tags = library.it.tags
    for minor, glibc, architecture, threads in itertools.product(
            range(8, 15), [(2, 17), (2, 28), (2, 31), (2, 36), (2, 41)], ["x86_64", "aarch64"], [False, True]):
        if threads and minor < 13:
            continue
        library.it._manylinux._get_glibc_version = lambda glibc=glibc: glibc
        library.it._manylinux._have_compatible_abi = lambda *_: True
        library.it._manylinux._get_manylinux_module = lambda: None
        platforms = [*library.it._manylinux.platform_tags([architecture]), "linux_" + architecture]
        add_tag_list(comparison, tags, minor, platforms, threads,
                     {"architecture": architecture, "libc": f"glibc 2.{glibc[1]}"})
    for minor, musl, architecture in itertools.product(range(9, 15), [1, 2], ["x86_64", "aarch64"]):
        platforms = [f"musllinux_1_{number}_{architecture}" for number in range(musl, -1, -1)]
        add_tag_list(comparison, tags, minor, [*platforms, "linux_" + architecture], False,
                     {"architecture": architecture, "libc": f"musl 1.{musl}"})


def add_tag_list(comparison, tags, minor, platforms, threads, target):
    python, interpreter = (3, minor), f"cp3{minor}"
    expected = [str(tag) for tag in itertools.chain(
        tags.cpython_tags(python, [interpreter + ("t" if threads else "")], platforms),
        tags.compatible_tags(python, interpreter, platforms))]
    question = {"op": "tags", "python": f"3.{minor}", "free_threaded": threads, **target}
    comparison.add("tags", question, list(dict.fromkeys(expected)), lambda answer: answer["tags"])


def random_version(dice):
    text = f"{dice.randrange(3)}!" if dice.random() < 0.1 else ""
    text += ".".join(str(dice.randrange(4)) for _ in range(dice.randrange(1, 5)))
    if dice.random() < 0.35:
        text += dice.choice(["a", "b", "rc"]) + str(dice.randrange(3))
    if dice.random() < 0.3:
        text += f".post{dice.randrange(3)}"
    if dice.random() < 0.3:
        text += f".dev{dice.randrange(3)}"
    return text


def add_random(comparison, library, count, dice):
    pool = [random_version(dice) for _ in range(400)]
    with_locals = pool + [version + dice.choice(["+a", "+1", "+a.1", "+cu118", "+cpu"]) for version in pool[:200]]
    for _ in range(count):
        add_compare(comparison, library, dice.choice(with_locals), dice.choice(with_locals))
    for _ in range(count // 40):
        parts = []
        for _ in range(dice.randrange(1, 4)):
            operator = dice.choice(["==", "!=", "<", "<=", ">", ">=", "~=", "==*", "!=*"])
            version = dice.choice(with_locals if operator in ("==", "!=") else pool)
            if operator.endswith("*"):
                release = library.version(version)
                version = f"{release.epoch}!" * bool(release.epoch) + ".".join(map(str, release.release)) + ".*"
            elif operator == "~=" and len(library.version(version).release) < 2:
                operator = ">="
            parts.append(operator.rstrip("*") + version)
        add_contains(comparison, library, ",".join(parts), dice.sample(with_locals, 40))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout")
    parser.add_argument("--binary", default=os.path.join(ROOT, "build/release/cogbuild"))
    parser.add_argument("--calls", help="take these recorded calls; written when the file is missing")
    parser.add_argument("--python", default=sys.executable, help="the Python that runs packaging's tests")
    parser.add_argument("--random", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=20, help="differences to print for each kind")
    arguments = parser.parse_args()
    checkout = os.path.abspath(arguments.checkout)
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.abspath(arguments.calls) if arguments.calls else os.path.join(directory, "calls")
        if not os.path.exists(path):
            record_calls(checkout, path, arguments.python)
        calls = read_calls(path)

    library, comparison = Library(checkout), Comparison()
    simple = {"version": add_version, "compare": add_compare, "specifier": add_specifier, "requirement": add_requirement,
              "name": add_name, "wheel": add_wheel, "sdist": add_sdist, "tag": add_tag}
    contains, markers = collections.defaultdict(list), collections.defaultdict(lambda: [TARGET])
    for operation, *values in calls:
        if operation == "contains":
            contains[values[0]].append(values[1])
        elif operation == "marker":
            markers[values[0]]
        elif operation == "evaluate":
            markers[values[0]] = markers[values[0]] + [json.loads(values[1])]
        else:
            simple[operation](comparison, library, *values)
    for text, versions in contains.items():
        add_contains(comparison, library, text, versions)
    for text, environments in markers.items():
        add_marker(comparison, library, text, environments)
    add_tag_lists(comparison, library)
    add_random(comparison, library, arguments.random, random.Random(arguments.seed))

    agreed, total, wrong = comparison.run(Cogbuild(os.path.abspath(arguments.binary)))
    shown = collections.Counter()
    for kind, question, expected, found, error in wrong:
        shown[kind] += 1
        if shown[kind] <= arguments.show:
            print(f"DIFFERS {kind} {json.dumps(question)[:300]}\n    library:  {str(expected)[:300]}\n"
                  f"    cogbuild: {str(found)[:300]} {error[:200]}")
    print(f"{'kind':12} {'agree':>8} {'of':>8}")
    for kind in sorted(total):
        print(f"{kind:12} {agreed[kind]:8} {total[kind]:8}")
    for (kind, why), count in sorted(comparison.left_out.items()):
        print(f"not compared: {kind:12} {count:6}  {why}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
