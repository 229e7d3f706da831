#!/usr/bin/python3
"""The real program under valgrind's memcheck: every command, and a daemon's whole day.

    memcheck_test.py HASHPRICE FAKE_UPSTREAM

No read of memory that nobody wrote, none outside of what was allocated, no block lost at the end,
and each command ends as it does without valgrind.
"""
import pathlib
import re
import signal
import subprocess
import sys
import time
import unittest
import urllib.request

from house import Daemon, House, Upstream

BINARY, UPSTREAM = sys.argv[1:3]
FOUND = 97  # what valgrind ends with when it found something
PATIENCE_S = 300
VALGRIND = ["/usr/bin/valgrind", "--quiet", f"--error-exitcode={FOUND}", "--leak-check=full",
            "--show-leak-kinds=definite,indirect,possible", "--errors-for-leak-kinds=definite,indirect",
            "--fair-sched=yes"]
RANGE = ("--from", "2025-11-20", "--to", "2025-11-27")
TARGETS = [  # each route of docs/api.md, and what it refuses
    "/", "/healthz", "/readyz", "/metrics", "/openapi.json", "/api/v1/status", "/api/v1/hashprice/latest",
    "/api/v1/explain", "/api/v1/explain?as_of=2025-11-24", "/api/v1/hashprice", "/api/v1/hashprice?step=raw",
    "/api/v1/hashprice?from=2025-11-20&step=1h&format=csv", "/api/v1/hashprice?from=2025-01-01&step=1d",
    "/api/v1/inputs/price?from=2025-11-20", "/api/v1/inputs/difficulty", "/api/v1/inputs/fees",
    "/api/v1/trend", "/api/v1/declines", "/api/v1/declines/none", "/api/v1/backtest?rule=sustained-decline",
    "/api/v1/attribution?from=2025-11-01", "/api/v1/breakeven?efficiency_j_per_th=15&power_usd_per_mwh=50",
    "/api/v1/projection", "/api/v1/annotations", "/api/v1/comparison", "/api/v1/sources", "/api/v1/gaps",
    "/api/v1/hashprice?from=then", "/api/v1/inputs/none", "/api/v1/none", "/..%2f", "/%"]

FILES = {"a price": "time_s,price_usd\n1763208000,95000\n", "no text": 'time_s,price_usd\n"17632\n\x01'}
COMMANDS = [  # the status that each ends with, and its words
    ((0, 3), "backfill", *RANGE), ((0, 3), "backfill", *RANGE, "--force"), (0, "import", "a price"),
    (1, "import", "no text"), (0, "latest"), (0, "latest", "--json"), (0, "query", *RANGE, "--step", "1h"),
    (0, "query", "--from", "2025-11-26", "--json"), (2, "query", "--from", "the day before"),
    (0, "explain"), (0, "status"), (0, "status", "--json"), (0, "trend"), (0, "trend", "--json"),
    (0, "declines"), (0, "attribution", "--from", "2025-11-01"), (0, "backtest", "--rule", "sustained-decline"),
    (0, "breakeven"), (0, "projection"), (0, "sources"), (0, "gaps"),
    (0, "annotate", "add", "2025-11-21", "a note"), (0, "annotate", "list"),
    (0, "retract", "--source", "kraken", *RANGE), (0, "retract", "--source", "kraken", *RANGE, "--undo"),
    (0, "retract", "--list"), (0, "recompute", "--from", "2025-11-20"), (0, "quarantine", "list"),
    (0, "outbox", "list"), (0, "sink", "list"), (2, "notify", "test", "nobody"),
    *((0, "export", *RANGE, "--format", form) for form in ("csv", "jsonl", "openmetrics", "influx")),
    (0, "check"), (0, "backup", "{}/copy"), (0, "config", "show"), (0, "config", "check"),
    (0, "completion", "bash"), (0, "man"), (1, "healthcheck"), (2, "serve", "--listen", "nowhere")]


class CheckedHouse(House):
    """A house whose every command runs under memcheck."""

    def arguments(self, *arguments):
        log = f"--log-file={self.temp.name}/memcheck.%p"
        return [*VALGRIND, log, *super().arguments(*arguments)]

    def complaints(self):
        logs = sorted(pathlib.Path(self.temp.name).glob("memcheck.*"))
        return "".join(log.read_text(errors="replace") for log in logs).strip()

    def ends(self, status, *arguments, **more):
        """What a command prints, which ends with `status` and without a complaint."""
        done = subprocess.run(self.arguments(*arguments), env=self.environment, text=True, check=False,
                              capture_output=True, timeout=PATIENCE_S, **more)
        expected = status if isinstance(status, tuple) else (status,)
        assert done.returncode in expected, f"{done.returncode}: {done.stderr}\n{self.complaints()}"
        return done.stdout


class Memcheck(unittest.TestCase):
    def setUp(self):
        self.upstream = Upstream(UPSTREAM, runs=True)
        self.addCleanup(self.upstream.stop)
        self.house = CheckedHouse(BINARY, self.upstream, '[poll]\ninterval = "10s"\n')
        self.addCleanup(self.house.temp.cleanup)

    def test_every_command_is_clean(self):
        """None is left out: the list is held against what the program names."""
        for status, *arguments in COMMANDS:
            with self.subTest(arguments):
                given = FILES[arguments.pop()] if arguments[0] == "import" else None
                words = [word.format(self.house.temp.name) for word in arguments]
                self.house.ends(status, *words, *(["-"] if given else []), input=given)
        named = re.findall(r"^  (\w+) {2,}", self.house.ends(0, "--help").split("Subcommands:")[1], re.M)
        self.assertEqual({command for _, command, *_ in COMMANDS}, set(named))
        self.assertEqual(self.house.complaints(), "")

    def test_a_file_that_is_no_database_is_refused_cleanly(self):
        self.house.database.write_bytes(b"not a database at all\n" * 500)
        for command in (("latest",), ("check",), ("recompute", "--from", "-1d"), ("serve",)):
            self.house.ends((1, 2), *command)
        self.assertEqual(self.house.complaints(), "")

    def test_a_daemon_polls_answers_reads_its_settings_again_and_ends_cleanly(self):
        self.upstream.control("fault?prefix=/kraken&kind=status&amount=500&probability=0.5")
        daemon = Daemon(self.house)
        try:
            for target in TARGETS * 2:  # the second time from what is kept
                status, body = daemon.get(target)
                self.assertTrue(status < 500 or target == "/readyz", f"{target}: {status} {body[:300]}")
            with urllib.request.urlopen(f"{daemon.url}/api/v1/events", timeout=60) as events:
                self.assertTrue(events.readline())
                self.house.settings(self.upstream, '[poll]\ninterval = "5s"\n')
                daemon.process.send_signal(signal.SIGHUP)
                self.wait_for_polls(10)
        finally:
            status = daemon.stop()
        self.assertEqual(status, 0, daemon.text() + self.house.complaints())
        self.assertEqual(self.house.complaints(), "")

    def wait_for_polls(self, count):
        end, polls = time.monotonic() + PATIENCE_S, 0
        while polls < count:
            self.assertLess(time.monotonic(), end, f"{polls} polls")
            time.sleep(0.5)
            polls = self.house.rows("SELECT COUNT(*) FROM polls")[0][0]


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
