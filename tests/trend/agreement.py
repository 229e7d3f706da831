"""Compares our Theil-Sen, Mann-Kendall and Hamed-Rao with scipy and with a plain second program.

usage: agreement.py PATH_OF_trend_numbers

Theil-Sen slope and 95 % interval: scipy.stats.theilslopes. Kendall's tau: scipy.stats.kendalltau; S
follows from it. Continuity-corrected Z and the Hamed-Rao factor: written out below from the papers'
formulas, sharing no code with the program. Needs python3-scipy.
"""
import json
import math
import random
import subprocess
import sys

import numpy
from scipy import stats

TOLERANCE = 1e-9
SERIES = 260
SEED = 20251130


def generated(rng, index):
    """One series as a list of (day, value): walks, trends, plateaus, steps; ties and missing days."""
    kind = index % 5
    length = rng.choice([2, 3, 5, 30, 31, 60, 90, 143, 200, 320])
    drift = rng.choice([0.0, -0.002, -0.006, 0.004])
    memory = rng.choice([0.0, 0.5, 0.95])
    missing = rng.choice([0.0, 0.0, 0.1, 0.4])
    level, noise, points = math.log(60.0), 0.0, []
    for day in range(length):
        noise = memory * noise + rng.gauss(0, 0.02)
        value = math.exp(level + drift * day + noise)
        if kind == 1:
            value = round(value)  # many ties
        elif kind == 2:
            value = 60.0 - 5 * (day // 14)  # steps, as a retarget makes them
            value = max(value, 1.0)
        elif kind == 3:
            value = round(value, 1)  # some ties
        if rng.random() >= missing:
            points.append((day, value))
    if index % 50 == 49:
        points = [(day, 42.0) for day, _ in points]  # constant
    return points


def average_ranks(values, tie=1e-12):
    order = sorted(range(len(values)), key=lambda i: values[i])
    ranks, first = [0.0] * len(values), 0
    while first < len(order):
        end = first + 1
        while end < len(order) and values[order[end]] - values[order[end - 1]] <= tie:
            end += 1
        for place in range(first, end):
            ranks[order[place]] = sum(range(first + 1, end + 1)) / (end - first)
        first = end
    return ranks


def hamed_rao(values):
    n = len(values)
    if n < 3:
        return 1.0
    ranks = average_ranks(values)
    mean = sum(ranks) / n
    whole = sum((rank - mean) ** 2 for rank in ranks)
    if whole == 0:
        return 1.0
    total = 0.0
    for lag in range(1, n):
        r = sum((ranks[i] - mean) * (ranks[i + lag] - mean) for i in range(n - lag)) / whole
        if abs(r) > 1.96 / math.sqrt(n):
            total += (n - lag) * (n - lag - 1) * (n - lag - 2) * r
    return 1 + 2 / (n * (n - 1) * (n - 2)) * total


def tie_groups(values):
    return [values.count(value) for value in set(values)]


def z_of(s, variance):
    if s == 0 or variance <= 0:
        return 0.0
    return (s - 1 if s > 0 else s + 1) / math.sqrt(variance)


def expected(points):
    x = [day - points[0][0] for day, _ in points]
    logs = [math.log(value) for _, value in points]
    n, ties = len(logs), tie_groups(logs)
    line = stats.theilslopes(logs, x, 0.95)
    tau = stats.kendalltau(x, logs)[0]
    if math.isnan(tau):  # a constant series: scipy has no answer, ours is "no trend"
        assert len(set(logs)) == 1
        tau = 0.0
    pairs = n * (n - 1) / 2
    s = tau * math.sqrt(pairs) * math.sqrt(pairs - sum(t * (t - 1) / 2 for t in ties))
    assert abs(s - round(s)) < 1e-6
    s = round(s)
    assert s == numpy.sign(numpy.subtract.outer(logs, logs))[numpy.tril_indices(n, -1)].sum()
    variance = (n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in ties)) / 18
    factor = hamed_rao([log - line[0] * day for day, log in zip(x, logs)])
    z = z_of(s, variance * factor)
    p = 2 * stats.norm.sf(abs(z))
    return {"slope": line[0], "low": line[2], "high": line[3], "s": s, "tau": tau,
            "plain_z": z_of(s, variance), "factor": factor, "z": z, "p": p,
            "significant": bool(p < 0.05)}


def main():
    rng = random.Random(SEED)
    series = [points for points in (generated(rng, i) for i in range(SERIES)) if len(points) >= 2]
    assert len(series) >= 200, len(series)
    text = "".join(" ".join(f"{day}:{value!r}" for day, value in points) + "\n"
                   for points in series)
    run = subprocess.run([sys.argv[1]], input=text, capture_output=True, text=True, check=True)
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(answers) == len(series), (len(answers), len(series))

    failures, worst, corrected, tied, gaps = 0, 0.0, 0, 0, 0
    for index, (points, ours) in enumerate(zip(series, answers)):
        theirs = expected(points)
        corrected += theirs["factor"] != 1
        tied += len(set(v for _, v in points)) < len(points)
        gaps += points[-1][0] - points[0][0] + 1 > len(points)
        for name, value in theirs.items():
            off = abs(ours[name] - value)
            worst = max(worst, off)
            if not off <= TOLERANCE:
                failures += 1
                print(f"series {index} ({len(points)} closes): {name} {ours[name]} is not {value}")
    print(f"{len(series)} series, {tied} with ties, {gaps} with missing days, {corrected} corrected "
          f"for autocorrelation: largest difference {worst:.2e}, {failures} beyond {TOLERANCE}")
    assert tied > 20 and gaps > 20 and corrected > 20
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
