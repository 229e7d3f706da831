#!/usr/bin/python3
"""The regression guard: what a block and an instant cost, in instructions.

    tests/bench/instructions_test.py PIPELINE_BENCH SERIES_COUNT

Runs small fixed pieces of the pipeline and of a long answer under callgrind, which counts the same however busy the
machine is. Costs of a block are held against the bare pipeline's in the same run, because how the
JSON is parsed depends on the processor. The bounds are some 30 % above what stood when they were
set (docs/performance.md): a change that goes past one has to be meant, and the bound moved with it.
"""
import re
import subprocess
import sys
import tempfile

BLOCKS = 3_000  # of `pipeline_bench count`
INSTANTS = 480  # of `pipeline_bench count-live`
POINTS = 1_024  # of `series_count`, ten times in pieces
BOUNDS = (1.95, 0.92, 72_000, 1_150_000, 9_200, 1_650)  # when set: 1.51, 0.71, 55,000, 848,000, 7,050, 1,250


def instructions(program, arguments, function):
    """Collected between entry and return of what `function` names."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--toggle-collect=*{function}*",
             f"--callgrind-out-file={folder}/out", program, *arguments],
            capture_output=True, text=True, timeout=600, check=False)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or not found or int(found[1]) == 0:
        sys.exit(f"{function} could not be counted:\n{done.stderr}")
    return int(found[1])


def costs(program, series):
    bare, first, again = (instructions(program, ["count"], f"counted_{part}") / BLOCKS
                          for part in ("bare", "first", "again"))
    batch = instructions(program, ["count-live", "480"], "counted_live") / INSTANTS
    single = instructions(program, ["count-live", "1"], "counted_live") / INSTANTS
    point = instructions(series, [], "counted_points") / POINTS
    pieces = instructions(series, [], "counted_pieces") / POINTS / 10
    print(f"a block, bare pipeline: {bare:,.0f} instructions")
    return [("a new block, of the bare pipeline's", first / bare, BOUNDS[0]),
            ("a known block, of a new one's", again / first, BOUNDS[1]),
            ("an instant in a batch", batch, BOUNDS[2]),
            ("an instant with its own commit", single, BOUNDS[3]),
            ("a point of a series, written", point, BOUNDS[4]),
            ("the same out of ten, written once", pieces, BOUNDS[5])]


def main():
    too_much = False
    for what, cost, bound in costs(*sys.argv[1:3]):
        over = cost > bound
        too_much = too_much or over
        number = f"{cost:.2f}" if bound < 10 else f"{cost:,.0f}"
        print(f"{what}: {number}, bound {bound:,}{': TOO MUCH' if over else ''}")
    sys.exit(1 if too_much else 0)


if __name__ == "__main__":
    main()
