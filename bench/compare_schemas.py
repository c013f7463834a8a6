#!/usr/bin/env python3
"""Hold the static OpenAPI schemas of cogbuild against those of Cog's own generator.

    compare_schemas.py --cogbuild build/release/cogbuild --peer peer-schema --cases DIR

Every folder in DIR is a corpus. Its cases are the lines of its INDEX.tsv (with
the columns folder, predict and train); without one, every folder below it that
holds a cog.yaml with a run, predict or train key, and every .txtar archive with
such a cog.yaml. Both programs read the same source files and say the same
schema, byte for byte, or both refuse. Exit status 1 means a fault:

    differ              both made a schema and the bytes differ
    only ours refuses   Cog makes a schema
    ours fails          neither a schema nor an error (a crash, no end)

`only Cog refuses` is none: cogbuild may read more. These are listed with Cog's
message, so that each can be judged. Cog makes some schemas that its own build
refuses afterwards, by the rules of OpenAPI; cogbuild may refuse these at once.

peer-schema is the program in bench/peer_schema; its head says how to build it.
Its Go module is Cog itself, at the version that cogbuild says it makes schemas of.
"""

import argparse
import collections
import concurrent.futures
import csv
import dataclasses
import difflib
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import yaml

TIME_LIMIT = 30
FAULTS = ("differ", "only ours refuses", "ours fails")
VERDICTS = ("equal", "both refuse", "only Cog refuses") + FAULTS


@dataclasses.dataclass
class Case:
    corpus: str
    name: str
    directory: pathlib.Path
    predict: str
    train: str


@dataclasses.dataclass
class Outcome:
    case: Case
    verdict: str
    cog_error: str = ""
    our_error: str = ""
    difference: str = ""
    invalid: str = ""


def reference(document, *keys):
    """The first key that holds a reference; a cog.yaml may hold anything else there."""
    for key in keys:
        value = document.get(key)
        if isinstance(value, str) and value:
            return value
    return ""


def case_of_config(corpus, name, config):
    try:
        document = yaml.safe_load(config.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError):
        return None
    if not isinstance(document, dict):
        return None
    predict = reference(document, "run", "predict")
    train = reference(document, "train")
    if not predict and not train:
        return None
    return Case(corpus, name, config.parent, predict, train)


def unpack_txtar(archive, into):
    """Write the files of a txtar archive: each starts with a line `-- name --`."""
    target = None
    files = {}
    for line in archive.read_text(encoding="utf-8").splitlines(keepends=True):
        text = line.rstrip("\r\n")
        if text.startswith("-- ") and text.endswith(" --") and len(text) > 6:
            target = files.setdefault(text[3:-3].strip(), [])
        elif target is not None:
            target.append(line)
    root = into.resolve()
    for name, lines in files.items():
        path = (root / name).resolve()
        if root not in path.parents:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(lines), encoding="utf-8")


def cases_of_index(corpus, index):
    with index.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            name = f"{row['folder']}:{row['predict'] or row['train']}"
            yield Case(corpus, name, index.parent / row["folder"], row["predict"], row["train"])


def cases_of_configs(corpus, top, root):
    for folder, folders, files in os.walk(top, followlinks=True):
        folders.sort()
        if "cog.yaml" not in files:
            continue
        name = os.path.relpath(folder, root)
        case = case_of_config(corpus, name, pathlib.Path(folder) / "cog.yaml")
        if case:
            yield case


def cases_of_corpus(folder, scratch):
    index = folder / "INDEX.tsv"
    if index.is_file():
        yield from cases_of_index(folder.name, index)
        return
    yield from cases_of_configs(folder.name, folder, folder)
    for archive in sorted(folder.rglob("*.txtar")):
        into = scratch / folder.name / archive.relative_to(folder).with_suffix("")
        unpack_txtar(archive, into)
        yield from cases_of_configs(folder.name, into, scratch / folder.name)


def ask_cog(peer, cases):
    lines = "".join(
        json.dumps({"dir": str(c.directory), "predict": c.predict, "train": c.train}) + "\n"
        for c in cases
    )
    environment = {k: v for k, v in os.environ.items() if k != "COG_OPENAPI_SCHEMA"}
    done = subprocess.run(
        [peer, "--batch"],
        input=lines.encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        check=True,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    if len(answers) != len(cases):
        sys.exit(f"the peer answered {len(answers)} of {len(cases)} cases")
    return answers


def ask_cogbuild(command, case):
    """(schema, error, failure), of which one is not None."""
    arguments = [
        word.format(dir=case.directory, predict=case.predict, train=case.train) for word in command
    ]
    try:
        done = subprocess.run(
            arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=TIME_LIMIT, check=False
        )
    except subprocess.TimeoutExpired:
        return None, None, f"no end within {TIME_LIMIT} s"
    if done.returncode == 0:
        return done.stdout.decode("utf-8", "surrogateescape"), None, None
    message = done.stderr.decode("utf-8", "replace").strip()
    if done.returncode < 0 or done.returncode > 100 or not message:
        return None, None, f"exit status {done.returncode}: {message[:2000]}"
    return None, message, None


def first_difference(cog, ours):
    if cog.rstrip("\n") == ours.rstrip("\n"):
        return "only the line ends at the end of the file differ"
    lines = list(
        difflib.unified_diff(cog.split("\n"), ours.split("\n"), "cog", "cogbuild", "", "", 2, "")
    )
    return "\n".join(lines[:24])


def judge(case, answer, ours):
    schema, error, failure = ours
    outcome = Outcome(case, "equal", answer.get("error", ""), error or "", "", answer.get("invalid", ""))
    if failure is not None:
        outcome.verdict, outcome.our_error = "ours fails", failure
    elif "schema" not in answer:
        outcome.verdict = "only Cog refuses" if error is None else "both refuse"
    elif error is not None:
        outcome.verdict = "both refuse" if outcome.invalid else "only ours refuses"
    elif answer["schema"] != schema:
        outcome.verdict = "differ"
        outcome.difference = first_difference(answer["schema"], schema)
    return outcome


def print_table(outcomes):
    corpora = sorted({o.case.corpus for o in outcomes})
    counts = collections.Counter((o.case.corpus, o.verdict) for o in outcomes)
    width = max([len(c) for c in corpora] + [5])
    print(f"{'':{width}}  {'cases':>6}" + "".join(f"  {v:>{max(6, len(v))}}" for v in VERDICTS))
    for corpus in corpora + ["total"]:
        row = [
            sum(n for (c, v), n in counts.items() if v == verdict and corpus in (c, "total"))
            for verdict in VERDICTS
        ]
        cells = "".join(f"  {n:>{max(6, len(v))}}" for n, v in zip(row, VERDICTS))
        print(f"{corpus:{width}}  {sum(row):>6}{cells}")


def print_outcome(outcome):
    print(f"\n{outcome.verdict}: {outcome.case.corpus}/{outcome.case.name}")
    if outcome.cog_error:
        print(f"  cog:      {outcome.cog_error}")
    if outcome.our_error:
        print(f"  cogbuild: {outcome.our_error}")
    if outcome.invalid:
        print(f"  cog build refuses it afterwards: {outcome.invalid.splitlines()[0]}")
    if outcome.difference:
        print("  " + outcome.difference.replace("\n", "\n  "))


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cogbuild", required=True, help="the program to judge")
    parser.add_argument("--peer", required=True, help="peer-schema")
    parser.add_argument("--cases", required=True, type=pathlib.Path, help="folder of corpora")
    parser.add_argument("--only", help="judge only cases whose corpus/name holds this text")
    parser.add_argument("--command", default="debug schema {dir} {predict} {train}",
                        help="arguments of cogbuild (default: `%(default)s`)")
    parser.add_argument("--show", type=int, default=10, help="how many cases of a fault to show")
    parser.add_argument("--messages", action="store_true", help="show both messages where both refuse")
    parser.add_argument("--jobs", type=int, default=2)
    return parser.parse_args()


def main():
    options = parse_arguments()
    command = [options.cogbuild] + options.command.split(" ")
    with tempfile.TemporaryDirectory() as scratch:
        cases = [
            case
            for folder in sorted(p for p in options.cases.iterdir() if p.is_dir())
            for case in cases_of_corpus(folder, pathlib.Path(scratch))
        ]
        if options.only:
            cases = [c for c in cases if options.only in f"{c.corpus}/{c.name}"]
        if not cases:
            sys.exit(f"no cases in {options.cases}")
        answers = ask_cog(options.peer, cases)
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            ours = list(pool.map(lambda c: ask_cogbuild(command, c), cases))
        outcomes = [judge(c, a, o) for c, a, o in zip(cases, answers, ours)]

    shown = collections.Counter()
    for outcome in sorted(outcomes, key=lambda o: VERDICTS.index(o.verdict)):
        shown[outcome.verdict] += 1
        if outcome.verdict == "only Cog refuses" or outcome.invalid:
            print_outcome(outcome)
        elif outcome.verdict == "both refuse" and options.messages:
            print_outcome(outcome)
        elif outcome.verdict in FAULTS and shown[outcome.verdict] <= options.show:
            print_outcome(outcome)
    print()
    print_table(outcomes)
    return 1 if any(o.verdict in FAULTS for o in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
