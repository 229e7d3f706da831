"""/api/v1/hashprice, figure by figure: bars, units, formats, steps and the past as it was known.

usage: series_test.py HASHPRICE LIBFAKETIME
The real program; what it must answer is reckoned here, from the observations that SQL shows, by the
definitions of docs/method.md. July 2025 is known by the hour, the rest of the year by the day.
"""
import csv
import datetime
import io
import json
import math
import os
import sqlite3
import subprocess
import sys
import tempfile
import unittest

import api_contract
import long_history
from api_contract import Daemon

FAKETIME = None
HOUR, DAY = 3600, 86400
JULY, AUGUST, YEAR = 1751328000, 1754006400, (1735689600, 1764547200)
FIELDS = ("mean", "open", "high", "low", "close", "coverage")


def starts_of(step, begin_s, end_s):
    """Of every bar that touches [begin, end), and the end of the last one."""
    if step == "1mo":
        day = datetime.datetime.fromtimestamp(begin_s, datetime.timezone.utc).replace(day=1)
        starts = []
        while day.timestamp() < end_s:
            starts.append(int(day.timestamp()))
            day = (day + datetime.timedelta(days=32)).replace(day=1)
        return [*starts, int(day.timestamp())]
    length = {"1h": HOUR, "6h": 6 * HOUR, "1d": DAY, "1w": 7 * DAY}[step]
    offset = 4 * DAY if step == "1w" else 0  # 1970-01-05 was a Monday
    first = (begin_s - offset) // length * length + offset
    return list(range(first, end_s + length, length))


def bar(observations, start, end):
    """METHOD 2: it holds what has start < t <= end; a second belongs to the earliest that speaks for it."""
    inside = [o for o in observations if start < o[0] <= end]
    if not inside:
        return {**dict.fromkeys(FIELDS), "coverage": 0}
    seconds, weighted, spoken_to = 0, [], start
    for time_s, span_s, value in inside:
        share = time_s - max(spoken_to, time_s - span_s)
        weighted.append(share * value)
        seconds += share
        spoken_to = time_s
    values = [value for _, _, value in inside]
    return {"mean": math.fsum(weighted) / seconds, "open": values[0], "close": values[-1],
            "high": max(values), "low": min(values), "coverage": seconds / (end - start)}


class Series(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon()
        cls.addClassCleanup(cls.daemon.stop)
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        candles, fees = long_history.write(cls.folder.name, JULY, AUGUST)
        cls.load([candles, "--source", "coinbase", "--span", "1h"], offset="-3h")
        cls.load([fees], offset="-3h")

    @classmethod
    def load(cls, arguments, offset):
        environment = {**cls.daemon.environment, "LD_PRELOAD": FAKETIME, "FAKETIME": offset}
        subprocess.run([api_contract.BINARY, "import", *arguments], check=True, env=environment,
                       capture_output=True)

    def observations(self, column):
        file = os.path.join(self.daemon.home.name, "hashprice", "hashprice.db")
        database = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        rows = database.execute(f"SELECT time, span_s, {column} FROM v_hashprice ORDER BY time").fetchall()
        database.close()
        return rows

    def get(self, **query):
        target = "/api/v1/hashprice?" + "&".join(f"{k.rstrip('_')}={v}" for k, v in query.items())
        status, _, body = self.daemon.get(target)
        self.assertEqual(status, 200, body)
        return body.decode() if query.get("format") == "csv" else json.loads(body)

    def hold(self, point, wanted, factor, where):
        for field in FIELDS:
            value, by = wanted[field], 1 if field == "coverage" else factor
            if value is None:
                self.assertIsNone(point[field], where)
            else:
                self.assertAlmostEqual(point[field], value * by, delta=1e-12 * abs(value * by), msg=where)

    def test_every_bar_is_what_its_observations_make_it(self):
        observed = self.observations("usd_per_ph_day")
        self.assertGreater(len(observed), 31 * 24 + 290)
        for step, begin, end in (("1h", JULY, AUGUST), ("6h", JULY, AUGUST), ("1d", *YEAR), ("1w", *YEAR),
                                 ("1mo", *YEAR)):
            points = self.get(from_=begin, to=end, step=step)["points"]
            starts = starts_of(step, begin, end)
            self.assertEqual([p["time_s"] for p in points], starts[:-1], step)
            for point, start, after in zip(points, starts, starts[1:]):
                where = f"{step} {point['time']}"
                self.assertEqual(datetime.datetime.fromisoformat(point["time"]).timestamp(), start, where)
                self.hold(point, bar(observed, start, after), 1, where)

    def test_units_are_multiples_of_each_other(self):
        for money, column, rate in (("usd", "usd_per_ph_day", 1), ("sat", "sat_per_ph_day", 1),
                                    ("btc", "sat_per_ph_day", 1e-8)):
            observed = self.observations(column)
            for per, power in (("th", 1e-3), ("ph", 1), ("eh", 1e3)):
                answer = self.get(from_=JULY, to=AUGUST, step="1d", denomination=money, per=per)
                names = {"usd": "USD", "btc": "BTC", "sat": "sat"}
                self.assertEqual(answer["unit"], f"{names[money]}/{per.upper()}/day")
                for point in answer["points"]:
                    wanted = bar(observed, point["time_s"], point["time_s"] + DAY)
                    self.hold(point, wanted, rate * power, f"{money} {per} {point['time']}")

    def test_every_format_says_the_same(self):
        query = {"from_": "2025-07-25", "to": "2025-08-09", "step": "1d"}  # with days of nothing
        points = self.get(**query)["points"]
        self.assertIn(None, [point["close"] for point in points])
        self.assertEqual(self.get(**query, format="rows"), points)
        columns = self.get(**query, format="columns")["columns"]
        for name in ("time_s", *FIELDS):
            self.assertEqual(columns[name], [point[name] for point in points])
        rows = list(csv.DictReader(io.StringIO(self.get(**query, format="csv"))))
        self.assertEqual(len(rows), len(points))
        for row, point in zip(rows, points):
            self.assertEqual(row["time"], point["time"])
            for name in ("time_s", *FIELDS):
                self.assertEqual(None if row[name] == "" else float(row[name]), point[name])
        chosen = self.get(**query, fields="close,coverage", format="rows")
        self.assertEqual(chosen, [{name: point[name] for name in ("time", "time_s", "close", "coverage")}
                                  for point in points])

    def test_raw_is_the_observations_themselves(self):
        stored = {t: value for t, _, value in self.observations("usd_per_ph_day") if JULY <= t < AUGUST}
        points = self.get(from_=JULY, to=AUGUST, step="raw", fields="close")["points"]
        self.assertEqual({point["time_s"]: point["close"] for point in points}, stored)

    def test_auto_is_the_finest_bar_that_fits_and_keeps_the_extremes(self):
        observed = [value for t, _, value in self.observations("usd_per_ph_day") if JULY < t <= AUGUST]
        for most, step in ((10_000, "1h"), (744, "1h"), (743, "6h"), (124, "6h"), (123, "1d"), (31, "1d"),
                           (30, "1w"), (5, "1w"), (4, "1mo"), (1, "1mo")):
            answer = self.get(from_=JULY, to=AUGUST, max_points=most)
            self.assertEqual(answer["step"], step, most)
            if step != "1w":  # weeks reach over the ends of a month
                self.assertAlmostEqual(max(p["high"] for p in answer["points"]), max(observed), delta=1e-9)

    def test_as_of_answers_with_what_was_known_then(self):
        noon = JULY + 12 * HOUR
        ask = {"from_": noon, "to": noon + 1, "step": "raw", "fields": "close"}
        (before,) = self.get(**ask)["points"]
        corrected = os.path.join(self.folder.name, "corrected.csv")
        with open(corrected, "w", encoding="ascii") as file:
            file.write(f"start_time_s,close_usd\n{noon - HOUR},123456\n")
        self.load([corrected, "--source", "coinbase", "--span", "1h"], offset="-1h")

        (now,) = self.get(**ask)["points"]
        stored = {t: sat for t, _, sat in self.observations("sat_per_ph_day")}[noon]
        self.assertAlmostEqual(now["close"], stored / 1e8 * 123456, delta=1e-9)
        self.assertNotAlmostEqual(now["close"], before["close"], places=3)
        self.assertEqual(self.get(**ask, as_of="-2h")["points"], [before])
        self.assertEqual(self.get(**ask, as_of="now")["points"], [now])
        self.assertEqual(self.get(**ask, as_of="-4h")["points"], [])


if __name__ == "__main__":
    api_contract.BINARY, FAKETIME = (sys.argv.pop(1) for _ in range(2))
    unittest.main()
