#!/usr/bin/python3
"""kill -9 at random instants: a polling daemon, a backfill and a reader, cycle after cycle.

    crash_test.py HASHPRICE FAKE_UPSTREAM [CYCLES] [SEED]

After every kill `hashprice check` finds the file whole and each figure what the facts give, and no
stored fact is gone. At the end one undisturbed backfill gives what it gives in a new database, to
the bit. 8 cycles when left out; 1,000 in the long campaign (docs/testing.md).
"""
import http.client
import random
import sys
import threading
import time
import urllib.error
import urllib.request

from house import NOW, Daemon, House, Upstream

FAST = '[poll]\ninterval = "1s"\nblock_interval = "1s"\nbackfill_on_start = "0"\n'
FIRST, LAST, DAY = 1_759_276_800, 1_764_547_200, 86_400  # 2025-10-01 to 2025-12-01
FACTS = ("SELECT (SELECT COUNT(*) FROM blocks) + (SELECT COUNT(*) FROM prices) + "
         "(SELECT COUNT(*) FROM epochs) + (SELECT COUNT(*) FROM fee_means)")
CONTENT = (
    "SELECT time, usd_per_ph_day, sat_per_ph_day, price_usd, difficulty, height, fee_sat_mean, "
    "fee_window, span_s, stale, degraded FROM v_hashprice "
    f"WHERE time > {FIRST} AND time <= {LAST} ORDER BY time",
    f"SELECT * FROM v_hashprice_hourly WHERE time >= {FIRST} AND time < {LAST} ORDER BY time")


class Reader:
    """A dashboard that asks all the time, whether the daemon lives or not."""

    def __init__(self):
        self.url, self.answers, self.ended = None, 0, threading.Event()
        self.bad = []
        self.thread = threading.Thread(target=self.read)
        self.thread.start()

    def read(self):
        targets = ("/api/v1/hashprice?from=2025-10-01&step=1h", "/api/v1/hashprice/latest",
                   "/metrics", "/api/v1/trend", "/api/v1/gaps")
        while not self.ended.wait(0.02):
            target = targets[self.answers % len(targets)]
            try:
                with urllib.request.urlopen(f"{self.url}{target}", timeout=20) as answer:
                    answer.read()
                self.answers += 1
            except urllib.error.HTTPError as error:
                if error.code >= 500 and error.code != 503:
                    self.bad.append((target, error.code))
                self.answers += 1
            except (OSError, http.client.HTTPException):  # killed in the middle of an answer
                continue

    def stop(self):
        self.ended.set()
        self.thread.join()


def backfill_of(house, chance):
    start = FIRST + chance.randrange(0, 55) * DAY
    return house.start("backfill", "--from", str(start),
                       "--to", str(min(start + 6 * DAY, LAST)), "--force")


def cycle(house, daemon, chance):
    """One kill. Returns the daemon that runs then, and whether a backfill was caught in the act."""
    backfill = backfill_of(house, chance)
    time.sleep(chance.uniform(0.02, 0.6))
    acting = backfill.poll() is None
    victims = chance.choice(("backfill", "daemon", "both"))
    if victims != "daemon":
        backfill.kill()
    if victims != "backfill":
        daemon.process.kill()
        daemon.process.wait()
    backfill.wait()
    return (daemon if victims == "backfill" else Daemon(house)), acting


def undisturbed(binary, upstream):
    house = House(binary, upstream)
    done = house.run("backfill", "--from", str(FIRST), "--to", str(LAST))
    assert done.returncode in (0, 3), done.stderr
    content = [house.rows(sql) for sql in CONTENT]
    house.temp.cleanup()
    return content


def campaign(binary, upstream, cycles, seed):
    chance = random.Random(seed)
    right = undisturbed(binary, upstream)
    assert len(right[0]) > 1000
    house = House(binary, upstream, FAST, per_minute=3_000)  # slow enough to be caught in the act
    house.set_clock(NOW)
    daemon, reader, known, caught = Daemon(house), Reader(), 0, 0
    try:
        for n in range(cycles):
            reader.url = daemon.url
            daemon, acting = cycle(house, daemon, chance)
            caught += acting
            check = house.run("check")
            assert check.returncode == 0, f"cycle {n}: {check.stderr}"
            facts = house.rows(FACTS)[0][0]
            assert facts >= known, f"cycle {n}: {known - facts} facts are gone"
            known = facts
            if (n + 1) % 50 == 0:
                print(f"{n + 1} cycles, {caught} in the act, {known} facts, {reader.answers} answers",
                      flush=True)
        house.settings(upstream, FAST)
        last = house.run("backfill", "--from", str(FIRST), "--to", str(LAST), "--force")
        assert last.returncode in (0, 3), last.stderr
        for sql, expected in zip(CONTENT, right):
            differ = sorted(set(expected) ^ set(house.rows(sql)))
            assert not differ, f"not what an undisturbed run gives: {len(differ)}: {differ[:4]}"
        assert daemon.stop() == 0, daemon.text()
        assert house.run("check").returncode == 0
    finally:
        reader.stop()
        if daemon.alive():
            daemon.process.kill()
            daemon.process.wait()
    assert not reader.bad, reader.bad
    assert caught * 2 >= cycles, "too many backfills were over before the kill"
    print(f"{cycles} cycles: {caught} backfills killed in the act, {known} facts kept, "
          f"{reader.answers} answers read, the end equals an undisturbed run")
    house.temp.cleanup()


def main():
    binary, program = sys.argv[1:3]
    cycles = int(sys.argv[3]) if len(sys.argv) > 3 else 8
    upstream = Upstream(program, NOW, runs=True)
    try:
        campaign(binary, upstream, cycles, int(sys.argv[4]) if len(sys.argv) > 4 else 20251115)
    finally:
        upstream.stop()


if __name__ == "__main__":
    main()
