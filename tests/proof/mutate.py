#!/usr/bin/python3
"""Breaks lines one by one and asks whether the tests notice.

usage: tests/proof/mutate.py [--count N] [--seed S] [--own] [--build DIR] [ROOM...]

ROOM is domain, trend, storage or decoders (all when left out); N lines (20) of each are changed, one
operator or number at a time, the same ones for the same seed. The room's own tests are built and run
first ("fails"); if they do not notice, those unit tests of other rooms that stand on it ("fails
elsewhere"), unless --own is given. The tree must be clean: each change is taken back. What does not
compile says nothing about the tests: another line is taken. Ends with the share that was noticed,
and with status 1 if it is below 95 % in any room. A line that ends with "// no mutant" is passed
over: the reason stands above it.
"""
import argparse
import collections
import pathlib
import random
import re
import subprocess
import sys

# its files; its own tests; the tests of other rooms that stand on it, the quickest first
ROOMS = {
    "domain": ("domain/*.cpp", ["domain_test"],
               ["trend_test", "inputs_test", "judge_test", "truth_test", "derive_test",
                "answers_test", "storage_test", "config_test", "sources_test"]),
    "trend": ("trend/*.cpp", ["trend_test"],
              ["cli_test", "judge_test", "answers_test", "app_test"]),
    "storage": ("storage/*.cpp",
                ["storage_outbox_test", "storage_truth_test", "storage_trend_test", "storage_test",
                 "storage_disk_test"],
                ["judge_test", "import_test", "truth_test", "inputs_test", "derive_test",
                 "answers_test", "failover_test", "live_test", "operations_test", "sinks_test",
                 "backfill_test", "notify_test"]),
    "decoders": ("ingest/sources/*.cpp", ["sources_test"],
                 ["starter_test", "truth_test", "derive_test", "failover_test", "live_test",
                  "backfill_test"]),
}
ENOUGH = 0.95
PATIENCE_S = 100  # the slowest takes some twelve
NO_MUTANT = "does not compile"
# what stands there, and what it becomes
SWAPS = [(r" < ", " >= "), (r" <= ", " > "), (r" > ", " <= "), (r" >= ", " < "), (r" == ", " != "),
         (r" != ", " == "), (r" \+ ", " - "), (r" - ", " + "), (r" \* ", " / "), (r" / ", " * "),
         (r" && ", " || "), (r" \|\| ", " && "), (r"\btrue\b", "false"), (r"\bfalse\b", "true"),
         (r"if \(!", "if ("), (r"\b(\d+)(?=[;,)\]} ])", None)]
NOT_CODE = re.compile(r'^\s*(//|#|/\*|\*|using |static_assert|template|assert)|"|// no mutant|'
                      r"\b(class|struct|enum|operator)\b|->|<[a-z_:]+( |&|\*)*>")


def mutants_of(path):
    """Every (line number, old, new) that may be tried in one file."""
    for number, line in enumerate(path.read_text().splitlines()):
        code = line.split("//")[0]
        if NOT_CODE.search(line) or not code.strip():
            continue
        for pattern, to in SWAPS:
            for found in re.finditer(pattern, code):
                fresh = to if to is not None else str(int(found.group(1)) + 1)
                yield number, line, code[:found.start()] + fresh + code[found.end():]


def chosen(room, seed):
    """Mutants in the order in which they are tried, no two of the same line."""
    chance = random.Random(f"{room} {seed}")
    every = [(path, *mutant) for path in sorted(pathlib.Path().glob(ROOMS[room][0]))
             for mutant in mutants_of(path)]
    chance.shuffle(every)
    lines = set()
    for path, number, old, new in every:
        if (path, number) not in lines:
            lines.add((path, number))
            yield path, number, old, new


def verdict(build, tests):
    """How these tests noticed; empty: they did not."""
    for test in tests:
        done = subprocess.run(["ninja", "-C", build, "-j1", test], check=False, capture_output=True)
        if done.returncode != 0:
            return NO_MUTANT
        program = next(pathlib.Path(build, "tests").glob(f"**/{test}"))
        try:
            done = subprocess.run([program.resolve(), "--gtest_brief=1", "--gtest_fail_fast"],
                                  check=False, capture_output=True, timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            return "hangs"
        if done.returncode != 0:
            return "fails"
    return ""


def noticed(room, options):
    """Who noticed and how: the room's own tests, those elsewhere, or (empty) nobody."""
    _, own, elsewhere = ROOMS[room]
    how = verdict(options.build, own)
    if how or options.own:
        return how
    how = verdict(options.build, elsewhere)
    return f"{how} elsewhere" if how else ""


def judge(room, options):
    seen = collections.Counter()
    for path, number, old, new in chosen(room, options.seed):
        if seen.total() == options.count:
            break
        text = path.read_text()
        lines = text.splitlines(keepends=True)
        lines[number] = new + "\n"
        try:
            path.write_text("".join(lines))
            how = noticed(room, options)
        finally:
            path.write_text(text)
        if how != NO_MUTANT:
            seen["nobody" if not how else "elsewhere" if "elsewhere" in how else "own"] += 1
        print(f"{how or 'NOT NOTICED':17}{path}:{number + 1}: {old.strip()}  =>  {new.strip()}",
              flush=True)
    share = 1 - seen["nobody"] / seen.total()
    print(f"{room}: {seen.total() - seen['nobody']} of {seen.total()} noticed ({share:.0%}), "
          f"{seen['own']} by its own tests and {seen['elsewhere']} elsewhere", flush=True)
    return share


def main():
    options = argparse.ArgumentParser(description=__doc__,
                                      formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--count", type=int, default=20)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--own", action="store_true")
    options.add_argument("--build", default="build/dev")
    options.add_argument("rooms", nargs="*", metavar="ROOM")
    options = options.parse_args()
    if subprocess.run(["git", "diff", "--quiet"], check=False).returncode != 0:
        print("the tree has changes: commit or stash them first", file=sys.stderr)
        return 2
    shares = [judge(room, options) for room in options.rooms or ROOMS]
    return 0 if min(shares) >= ENOUGH else 1


if __name__ == "__main__":
    sys.exit(main())
