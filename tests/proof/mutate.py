#!/usr/bin/python3
"""Breaks lines one by one and asks whether the tests notice.

usage: tests/proof/mutate.py [--count N] [--seed S] [--build DIR] [ROOM...]

ROOM is domain, trend, storage or decoders (all when left out); N lines (20) of each are changed, one
operator or number at a time, the same ones for the same seed. Only the room's tests are built and
run. The tree must be clean: each change is taken back. What does not compile says nothing about the
tests: another line is taken. Ends with the share that was noticed, and with status 1 if it is below
95 % in any room. A line that ends with "// no mutant" is passed over: the reason stands above it.
"""
import argparse
import pathlib
import random
import re
import subprocess
import sys

ROOMS = {
    "domain": (["domain/*.cpp"], ["domain_test"]),
    "trend": (["trend/*.cpp"], ["trend_test"]),
    "storage": (["storage/*.cpp"], ["storage_test", "storage_trend_test", "storage_outbox_test"]),
    "decoders": (["ingest/sources/*.cpp"], ["sources_test"]),
}
ENOUGH = 0.95
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
    every = [(path, *mutant) for pattern in ROOMS[room][0]
             for path in sorted(pathlib.Path().glob(pattern)) for mutant in mutants_of(path)]
    chance.shuffle(every)
    lines = set()
    for path, number, old, new in every:
        if (path, number) not in lines:
            lines.add((path, number))
            yield path, number, old, new


def noticed(build, tests):
    """How the tests noticed; empty: they did not."""
    done = subprocess.run(["ninja", "-C", build, "-j1", *tests], check=False, capture_output=True)
    if done.returncode != 0:
        return NO_MUTANT
    for test in tests:
        program = next(pathlib.Path(build, "tests").glob(f"**/{test}"))
        try:
            done = subprocess.run([program.resolve(), "--gtest_brief=1", "--gtest_fail_fast"],
                                  check=False, capture_output=True, timeout=300)
        except subprocess.TimeoutExpired:
            return "hangs"
        if done.returncode != 0:
            return "fails"
    return ""


def judge(room, options):
    caught = tried = 0
    for path, number, old, new in chosen(room, options.seed):
        if tried == options.count:
            break
        text = path.read_text()
        lines = text.splitlines(keepends=True)
        lines[number] = new + "\n"
        try:
            path.write_text("".join(lines))
            how = noticed(options.build, ROOMS[room][1])
        finally:
            path.write_text(text)
        if how != NO_MUTANT:
            tried += 1
            caught += bool(how)
        print(f"{how or 'NOT NOTICED':17}{path}:{number + 1}: {old.strip()}  =>  {new.strip()}",
              flush=True)
    share = caught / tried
    print(f"{room}: {caught} of {tried} noticed ({share:.0%})", flush=True)
    return share


def main():
    options = argparse.ArgumentParser(description=__doc__,
                                      formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--count", type=int, default=20)
    options.add_argument("--seed", type=int, default=1)
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
