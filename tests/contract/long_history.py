"""Fifteen years of hash prices, an hour apart, as CSV facts for `hashprice import`.

Made up, and the same each time: a price that wanders upwards, fees that come and go. Difficulty is real:
the starter history knows every epoch since genesis, and heights lie between their real ones.
"""
import bisect
import csv
import math
import os
import random
import re

HOUR = 3600
BEGIN_S, END_S = 1293840000, 1764547200  # 2011-01-01 to 2025-12-01: where the starter history ends
EPOCHS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "ingest", "starter",
                      "epochs.inc")


def epoch_starts():
    """Unix seconds of the first block of every epoch; epoch n begins at height 2016 n."""
    with open(EPOCHS, encoding="utf-8") as file:
        rows = re.findall(r"\{(\d+), 0x", file.read())
    return [int(second) for second in rows]


def height_at(starts, time_s):
    epoch = bisect.bisect_right(starts, time_s) - 1
    length = (starts[epoch + 1] if epoch + 1 < len(starts) else starts[epoch] + 14 * 86400) - starts[epoch]
    return 2016 * epoch + min(2015, 2016 * (time_s - starts[epoch]) // length)


def write(folder, begin_s=BEGIN_S, end_s=END_S):
    """candles.csv (import with --source coinbase --span 1h) and fees.csv, of closes in (begin, end]."""
    chance, starts = random.Random(15), epoch_starts()
    drift = math.log(90_000 / 0.3) / ((END_S - BEGIN_S) / HOUR)
    log_price = math.log(0.3) + drift * (begin_s - BEGIN_S) / HOUR
    paths = [os.path.join(folder, name) for name in ("candles.csv", "fees.csv")]
    with open(paths[0], "w", encoding="ascii") as candles, open(paths[1], "w", encoding="ascii") as fees:
        prices, sums = csv.writer(candles), csv.writer(fees)
        prices.writerow(["start_time_s", "close_usd"])
        sums.writerow(["end_time_s", "fee_sat_sum", "blocks", "tip_height"])
        for close_s in range(begin_s + HOUR, end_s + 1, HOUR):
            log_price += drift + chance.gauss(0, 0.004)
            prices.writerow([close_s - HOUR, f"{math.exp(log_price):.6f}"])
            sums.writerow([close_s, 144 * int(2e6 * math.exp(chance.gauss(0, 0.5))), 144,
                           height_at(starts, close_s)])
    return paths
