#!/usr/bin/env python3
"""Runs public resolver scenarios against cogbuild, or against another resolver to check this program itself.

    tests/scenarios/run_scenarios.py DIRECTORY [DIRECTORY] [--tool cogbuild|uv] [--binary PATH]
                                     [--variant json html no-metadata no-range bare] [--filter TEXT] [-j 2]
    tests/scenarios/run_scenarios.py --random 500 [--seed 1] …

DIRECTORY holds scenarios as packse writes them (TOML; see scenario.py); they are no part of this repository. When
two collections have a scenario of one name, the later one counts where they expect different things: the earlier
one then assumes the classic rule for pre-releases, and is left out.

Grades:
  exact     one environment: the pins told must come out (without pins: a lock that verifies), or exit code 1
  sdist     the same, and only a source archive with static metadata can make it come out
  property  made for many environments at once: the lock for this one must verify, and there must be one exactly
            when an exhaustive search finds one; so are random problems judged
Each is resolved twice, with nothing cached, and the two locks must be equal byte for byte.
Exit status: 0 when all is as expected, 1 otherwise. Needs Python 3.11 and the packaging library (or pip).
"""
import argparse
import collections
import concurrent.futures
import os
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import random_scenarios  # noqa: E402
import resolvers  # noqa: E402
import scenario as scenarios  # noqa: E402
from oracle import Oracle, Version  # noqa: E402
from scenario_index import VARIANTS, ScenarioIndex  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(HERE))
BUILTIN = {"cogbuild": (resolvers.Cogbuild, os.path.join(ROOT, "build/release/cogbuild")), "uv": (resolvers.Uv, "uv")}


def grade(scenario):
    if scenario.universal:
        return "property"
    if scenario.satisfiable and Oracle(scenario, builds=False).solve() is None:
        return "sdist"
    if scenario.satisfiable and scenario.pins and Oracle(scenario, builds=False).problems(scenario.pins):
        return "sdist"
    return "exact"


def expected_satisfiable(scenario):
    return Oracle(scenario).solve() is not None if scenario.universal else scenario.satisfiable


def same_pins(expected, found):
    return set(expected) == set(found) and all(Version(expected[name]) == Version(found[name]) for name in expected)


def mismatches(scenario, resolver, answer):
    """What is wrong with an answer."""
    if answer.code not in (0, 1) and not (answer.code == 2 and isinstance(resolver, resolvers.Uv)):
        return [f"exit code {answer.code}: neither a lock nor a refusal"]
    if not expected_satisfiable(scenario):
        if answer.resolved:
            return [f"resolved to {answer.pins}, but nothing fits"]
        if not any(text in answer.err for text in resolver.unsatisfiable):
            return ["failed for another reason than that nothing fits"]
        return []
    if not answer.resolved:
        return ["no lock, but there is a solution"]
    if scenario.pins and not scenario.universal:
        return [] if same_pins(scenario.pins, answer.pins) else [f"expected {scenario.pins}, found {answer.pins}"]
    return Oracle(scenario).problems(answer.pins)


def run_one(resolver, index, key, scenario, variant, scratch, runs):
    key = f"{variant}-{key}"
    directory = os.path.join(scratch, key)
    index.add(key, scenario)
    answers = [resolver.resolve(scenario, index.url(key, variant), os.path.join(directory, str(number)))
               for number in range(runs)]
    wrong = mismatches(scenario, resolver, answers[0])
    if any(answer.lock != answers[0].lock for answer in answers):
        wrong.append("the second lock has other bytes")
    shutil.rmtree(directory)
    index.remove(key)
    return wrong, answers[0]


def load(directories):
    """[(key, scenario)], and [(scenario, why not)]."""
    collections_ = [scenarios.load_tree(directory) for directory in directories]
    kept, excluded = [], []
    for number, collection in enumerate(collections_):
        later = {one.name: one for other in collections_[number + 1:] for one in other}
        for position, one in enumerate(collection):
            newer = later.get(one.name)
            if newer and (newer.satisfiable, newer.pins) != (one.satisfiable, one.pins):
                excluded.append((one, "policy: a later collection expects otherwise (classic pre-release rule)"))
            else:
                kept.append((f"{number}-{position}", one))
    return kept, excluded


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", nargs="*")
    parser.add_argument("--random", type=int, default=0, help="that many random problems as well")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tool", choices=sorted(BUILTIN), default="cogbuild")
    parser.add_argument("--binary", help="default: build/release/cogbuild, or uv on the PATH")
    parser.add_argument("--variant", nargs="+", choices=VARIANTS, default=["json"])
    parser.add_argument("--filter", default="", help="only scenarios with this in their name")
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("-j", "--jobs", type=int, default=2)
    parser.add_argument("-v", "--verbose", action="store_true", help="print what the program said, too")
    arguments = parser.parse_args()
    make, binary = BUILTIN[arguments.tool]
    resolver = make(os.path.abspath(arguments.binary) if arguments.binary else binary)

    kept, excluded = load([os.path.abspath(one) for one in arguments.directory])
    kept += [(f"r-{seed}", random_scenarios.make(seed))
             for seed in range(arguments.seed, arguments.seed + arguments.random)]
    kept = [(key, one) for key, one in kept if arguments.filter in one.name]
    if not kept:
        parser.error("no scenario there")
    passed, total, wrong = collections.Counter(), collections.Counter(), []
    scratch = tempfile.mkdtemp(prefix="scenarios-")
    with ScenarioIndex() as index, concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        pending = {}
        for key, one in kept:
            for variant in arguments.variant:
                pending[pool.submit(run_one, resolver, index, key, one, variant, scratch, arguments.runs)] = \
                    (one, variant, grade(one))
        for future, (one, variant, grade_) in pending.items():
            problems, answer = future.result()
            row = (variant, grade_, one.category)
            total[row] += 1
            passed[row] += not problems
            if problems:
                wrong.append((one, variant, grade_, problems, answer))
    shutil.rmtree(scratch, ignore_errors=True)

    for one, why in excluded:
        print(f"left out  {one.category}/{one.name}: {why}")
    for one, variant, grade_, problems, answer in wrong:
        print(f"MISMATCH  {variant} {grade_} {one.category}/{one.name}")
        for problem in problems:
            print(f"            {problem}")
        if arguments.verbose:
            print("            asked for: " + ", ".join(one.requires))
            print("".join(f"            | {line}\n" for line in str(answer).splitlines()), end="")
    print(f"{'variant':12} {'grade':9} {'category':22} passed of")
    for row in sorted(total):
        print(f"{row[0]:12} {row[1]:9} {row[2]:22} {passed[row]:6} {total[row]:2}")
    for variant in arguments.variant:
        for grade_ in ("exact", "sdist", "property"):
            rows = [row for row in total if row[:2] == (variant, grade_)]
            if rows:
                print(f"{variant:12} {grade_:9} {'all':22} {sum(passed[row] for row in rows):6} "
                      f"{sum(total[row] for row in rows):2}")
    print(f"{len(wrong)} mismatches, {len(excluded)} left out")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
