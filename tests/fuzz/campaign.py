#!/usr/bin/python3
"""The long fuzzing campaign: every target, ten million or one million executions.

usage: tests/fuzz/campaign.py [--scale X] [--folder F] FUZZ [TARGET...]

FUZZ is the program that `cmake --preset fuzz && cmake --build --preset fuzz` makes. --scale 0.01
runs a hundredth. The corpora grow in F (build/fuzz/corpus) and a second run goes on from them; what
breaks a target is kept beside them. Ends with a table, and with status 1 if anything was found.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import time

LIMITS = ["-max_len=4096", "-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1",
          "-use_value_profile=0", "-print_funcs=0"]
# what a freed block is kept for, and how deep a trace is noted, cost a quarter of the time; what is
# noted about big blocks is written again, rather than mapped anew
ASAN = "quarantine_size_mb=8:malloc_context_size=2:clear_shadow_mmap_threshold=100000000"


def targets(fuzz):
    """Every target's name and how often it is to run."""
    said = subprocess.run([fuzz, "list"], check=True, capture_output=True, text=True).stdout
    return {name: int(runs) for name, runs in (line.split() for line in said.splitlines())}


def figure(text, name):
    found = re.search(rf"stat::{name}:\s+(\d+)", text)
    return int(found.group(1)) if found else 0


def run(fuzz, name, runs, folder):
    """One target: (executions, seconds, edges covered, what was found)."""
    seeds, corpus, found = folder / "seeds" / name, folder / name, folder / "found"
    for each in (corpus, found):
        each.mkdir(parents=True, exist_ok=True)
    subprocess.run([fuzz, name, "seeds", str(seeds)], check=True)
    begun = time.monotonic()
    done = subprocess.run(
        [fuzz, name, f"-runs={runs}", *LIMITS, f"-dict={seeds}.dict",
         f"-artifact_prefix={found}/{name}-", str(corpus), str(seeds)],
        env={"ASAN_OPTIONS": ASAN, **os.environ}, check=False, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, errors="replace")
    (folder / f"{name}.log").write_text(done.stderr)
    edges = [int(n) for n in re.findall(r" cov: (\d+)", done.stderr)]
    return (figure(done.stderr, "number_of_executed_units"), time.monotonic() - begun,
            edges[-1] if edges else 0, sorted(str(f) for f in found.glob(f"{name}-*")), done.returncode)


def main():
    options = argparse.ArgumentParser(description=__doc__,
                                      formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--scale", type=float, default=1.0)
    options.add_argument("--folder", type=pathlib.Path)
    options.add_argument("fuzz")
    options.add_argument("names", nargs="*")
    options = options.parse_args()
    folder = options.folder or pathlib.Path(options.fuzz).resolve().parents[2] / "corpus"
    known = targets(options.fuzz)
    broken = False
    print(f"{'target':28}{'executions':>12}{'per second':>12}{'edges':>8}  found", flush=True)
    for name in options.names or known:
        runs = int(known[name] * options.scale)
        done, took, edges, found, status = run(options.fuzz, name, runs, folder)
        broken |= bool(found) or status != 0 or done < runs
        print(f"{name:28}{done:12}{done / took:12.0f}{edges:8}  {' '.join(found) or 'nothing'}"
              + (f" (status {status})" if status else ""), flush=True)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
