"""What the real daemon costs its machine and its sources: memory while polling over TLS, time while
there is nobody to ask, and requests while a backfill runs beside it.

usage: manners_test.py HASHPRICE FAKE_UPSTREAM LIBFAKETIME
"""
import os
import sys
import tempfile
import time
import unittest

from installation import Installation, TlsFront, Upstream, cpu_ms, status_kb, trusting, wall_clock

HASHPRICE, FAKE_UPSTREAM, FAKETIME = sys.argv[1:4]
CLOCK = wall_clock(FAKETIME)


class Manners(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = directory.name

    def end(self, process):
        process.terminate()
        self.assertEqual(process.wait(10), 0)

    def test_memory_stays_under_40_mb_while_polling_every_second_over_tls(self):
        upstream = Upstream(FAKE_UPSTREAM)
        self.addCleanup(upstream.close)
        front = TlsFront(upstream.port, self.directory, CLOCK)
        self.addCleanup(front.close)
        before = trusting(front.certificate, self.directory)
        if before is None:
            self.skipTest("a file system of its own is not allowed here")
        fast = ('[poll]\ninterval = "1s"\nblock_interval = "1s"\nbackfill_on_start = "0"\n')
        place = Installation(HASHPRICE, CLOCK, self.directory, f"https://127.0.0.1:{front.port}", fast, 6000)
        daemon = place.serve(before)
        time.sleep(12)
        peak, now = status_kb(daemon, "VmHWM"), status_kb(daemon, "VmRSS")
        self.end(daemon)
        self.assertGreater(upstream.requests(), 40, place.log())
        self.assertGreaterEqual(front.connections, 5)
        self.assertNotIn("cannot be used", place.log())
        print(f"memory over TLS: {now / 1024:.1f} MB, at most {peak / 1024:.1f} MB", file=sys.stderr)
        self.assertLess(peak, 40 * 1024)

    def test_with_nobody_to_ask_it_idles(self):
        place = Installation(HASHPRICE, CLOCK, self.directory, "http://127.0.0.1:9", "", 30)
        daemon = place.serve()
        time.sleep(4)  # the starter history is in, the first tries are over
        begin = cpu_ms(daemon)
        time.sleep(6)
        used = cpu_ms(daemon) - begin
        asked_to_stop = time.monotonic()
        self.end(daemon)
        self.assertLess(time.monotonic() - asked_to_stop, 2)
        print(f"idle: {used} ms of processor time in 6 s", file=sys.stderr)
        self.assertLess(used, 300)

    def test_daemon_and_backfill_together_keep_within_the_budget_in_every_weather(self):
        seconds, per_minute = 6, 60
        for fault in (None, "status&amount=500", "close", "garbage"):
            with self.subTest(fault=fault), tempfile.TemporaryDirectory() as directory:
                upstream = Upstream(FAKE_UPSTREAM)
                if fault:
                    upstream.control(f"fault?prefix=/&kind={fault}")
                fast = ('[poll]\ninterval = "1s"\nblock_interval = "1s"\n'
                        'backfill_on_start = "60d"\n')
                place = Installation(HASHPRICE, CLOCK, directory, f"http://127.0.0.1:{upstream.port}", fast, per_minute)
                backfill = place.start("backfill", "--from", "2025-07-01")
                lock = os.path.join(directory, "hashprice", "hashprice.db.backfill.lock")
                patience = time.monotonic() + 20
                while not os.path.exists(lock) and time.monotonic() < patience:
                    time.sleep(0.02)
                daemon = place.serve()
                time.sleep(seconds)
                sent = upstream.requests()
                running = backfill.poll() is None
                self.end(daemon)
                backfill.terminate()
                backfill.wait(10)
                upstream.close()
                # each has half: a tenth of it at once, then its pace; the backfill's first moments
                # were its own
                half = per_minute / 2
                allowed = 2 * (half / 10 + half * (seconds + 1) / 60) + per_minute / 10
                print(f"{fault}: {sent} requests in {seconds} s of {allowed:.0f}", file=sys.stderr)
                self.assertLessEqual(sent, allowed, place.log())
                if fault is None:
                    self.assertTrue(running)
                    self.assertGreaterEqual(sent, half / 10)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
