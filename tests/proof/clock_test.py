#!/usr/bin/python3
"""Wrong clocks under the real daemon: jumps, a frozen one, 1970, and one behind the stored data.

    clock_test.py HASHPRICE FAKE_UPSTREAM

The daemon polls every second. Whatever the wall clock does: as many requests as before (waits are on
the monotonic clock), no observation of the future, nothing stored twice or out of order, and once
the clock is right again the grid goes on.
"""
import sys
import time
import unittest

from house import NOW, Daemon, House, Upstream

BINARY, UPSTREAM = sys.argv[1:3]
FAST = '[poll]\ninterval = "1s"\nblock_interval = "1s"\nbackfill_on_start = "0"\n'
HOUR = 3600
# Requests of a second in quiet: a ticker of each of four exchanges, and a tip of one chain source. A
# burst would be thousands, with these budgets.
BURST = 40


class Clock(unittest.TestCase):
    def setUp(self):
        self.upstream = Upstream(UPSTREAM, NOW, runs=True)
        self.addCleanup(self.upstream.stop)
        self.house = House(BINARY, self.upstream, FAST)
        self.addCleanup(self.house.temp.cleanup)

    def begin(self):
        self.daemon = Daemon(self.house)
        self.addCleanup(self.daemon.process.wait)
        self.addCleanup(self.daemon.process.kill)

    def instants(self):
        return [t for t, in self.house.rows("SELECT time FROM v_hashprice WHERE span_s < 3600 "
                                            "ORDER BY time")]

    def wait_for_instants(self, count, after=0):
        for _ in range(300):
            found = [t for t in self.instants() if t > after]
            if len(found) >= count:
                return found
            time.sleep(0.1)
        self.fail(f"no observations come: {self.daemon.text()}")

    def watch(self, seconds=3):
        """Lets that many seconds pass; fails when more is asked meanwhile than in quiet."""
        before = self.upstream.requests()
        begun = time.monotonic()
        time.sleep(seconds)
        asked = self.upstream.requests() - before
        self.assertLess(asked, BURST * (time.monotonic() - begun), "a burst of requests")
        self.assertTrue(self.daemon.alive(), self.daemon.text())
        self.assertEqual(self.daemon.get("/healthz")[0], 200)
        return asked

    def end(self):
        self.assertEqual(self.daemon.stop(), 0, self.daemon.text())
        check = self.house.run("check")
        self.assertEqual(check.returncode, 0, check.stderr)

    def recorded_after(self):
        """Every observation was recorded no earlier than the instant it speaks of."""
        return self.house.rows("SELECT COUNT(*) FROM v_hashprice WHERE recorded_at < time")[0][0]

    def test_a_jump_forward_asks_no_more_and_invents_nothing(self):
        self.begin()
        last = self.wait_for_instants(3)[-1]
        self.house.set_clock(NOW + 6 * HOUR)
        self.watch()
        # the sources still say what they said: at the new time that is too old for an observation
        self.assertFalse([t for t in self.instants() if t > last + HOUR])
        self.house.set_clock(last + 60)
        self.upstream.control(f"now?t={last + 60}&run=1")
        self.wait_for_instants(2, after=last + 30)
        self.assertEqual(self.recorded_after(), 0)
        self.end()

    def test_a_jump_back_takes_nothing_of_the_future(self):
        self.begin()
        before = self.wait_for_instants(3)
        self.house.set_clock(NOW - 6 * HOUR)
        time.sleep(1)
        known = self.instants()
        self.watch()
        self.assertEqual(self.instants(), known, "ticks of the future became observations")
        self.assertEqual(known[:len(before)], before)
        latest = self.daemon.get("/api/v1/hashprice/latest")
        self.assertIn(latest[0], (200, 503), latest)
        self.house.set_clock(NOW + 120)
        self.upstream.control(f"now?t={NOW + 120}&run=1")
        self.wait_for_instants(2, after=NOW + 100)
        self.assertEqual(self.recorded_after(), 0)
        self.end()

    def test_a_frozen_clock_stops_the_grid_and_nothing_else(self):
        self.begin()
        last = self.wait_for_instants(2)[-1]
        self.house.set_clock(last + 1, frozen=True)
        time.sleep(1)
        self.watch()
        self.assertLessEqual(max(self.instants()), last + 1)
        self.house.set_clock(last + 30)
        self.upstream.control(f"now?t={last + 30}&run=1")
        self.wait_for_instants(2, after=last + 25)
        self.end()

    def test_a_start_in_1970_waits_for_a_clock_that_can_be_right(self):
        self.house.set_clock(1_000)
        self.begin()
        self.watch()
        future = self.house.rows("SELECT COUNT(*) FROM v_hashprice WHERE recorded_at < time "
                                 "AND span_s < 3600")[0][0]
        self.assertEqual(future, 0)
        self.house.set_clock(NOW)
        self.upstream.control(f"now?t={NOW}&run=1")
        self.wait_for_instants(2)
        self.end()

    def test_a_start_behind_the_data_goes_on_when_the_clock_has_caught_up(self):
        self.begin()
        known = self.wait_for_instants(3)
        self.assertEqual(self.daemon.stop(), 0)
        self.house.set_clock(NOW - 12 * HOUR)
        self.begin()
        self.watch()
        self.assertEqual(self.instants()[:len(known)], known)
        self.assertLess(max(self.instants()), NOW + 100)
        self.house.set_clock(NOW + 300)
        self.upstream.control(f"now?t={NOW + 300}&run=1")
        self.wait_for_instants(2, after=NOW + 299)
        self.assertEqual(self.recorded_after(), 0)
        self.end()


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
