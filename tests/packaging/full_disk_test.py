#!/usr/bin/python3
"""A disk that fills up: the daemon stops writing before that, says so, and goes on afterwards.

    full_disk_test.py BINARY

Needs the right to mount a small tmpfs; without it the test ends with "skipped" and status 0.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

BINARY = sys.argv[1]
MEGA = 1_000_000
SOURCES = ("MEMPOOL", "ESPLORA", "BLOCKCHAIN_COM", "COINBASE", "KRAKEN", "BITSTAMP", "GEMINI")
DISK_MB, MIN_FREE_MB = 40, 16


def get(url):
    """(status, JSON) of an answer, errors included."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


class FullDisk(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.disk = pathlib.Path(self.folder.name, "disk")
        self.disk.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MB * MEGA}", "tmpfs",
                                  str(self.disk)], check=False, capture_output=True)
        if mounted.returncode != 0:
            self.skipTest("no right to mount a tmpfs")
        self.addCleanup(subprocess.run, ["umount", "-l", str(self.disk)], check=False)
        self.database = str(self.disk / "h.db")
        self.log = pathlib.Path(self.folder.name, "log")
        self.environment = {"PATH": "/usr/bin:/bin", "HOME": self.folder.name,
                            "HASHPRICE_DATABASE_MIN_FREE_MB": str(MIN_FREE_MB)}

    def serve(self, *arguments):
        with open(self.log, "wb") as log:
            daemon = subprocess.Popen([BINARY, "--db", self.database, "serve", *arguments,
                                       "--listen", "127.0.0.1:0"], env=self.environment, stderr=log)
        self.addCleanup(daemon.wait)
        self.addCleanup(daemon.kill)
        return self.said(r" serves (http://\S+)")

    def said(self, pattern):
        for _ in range(200):
            found = re.search(pattern, self.log.read_text())
            if found:
                return found.group(1)
            time.sleep(0.1)
        self.fail(f"never said {pattern}: {self.log.read_text()}")

    def write_something(self, price):
        """One imported price: the status, and what was said."""
        done = subprocess.run(
            [BINARY, "--db", self.database, "import", "-", "--source", "mine"], check=False,
            input=f"time_s,price_usd\n1763208000,{price}\n", text=True,
            capture_output=True, env=self.environment)
        return done.returncode, done.stderr

    def fill(self):
        with open(self.disk / "ballast", "wb") as ballast:
            free = os.statvfs(self.disk).f_bavail * os.statvfs(self.disk).f_frsize
            ballast.write(b"x" * (free - (MIN_FREE_MB - 2) * MEGA))

    def test_writing_stops_before_the_disk_is_full_and_goes_on_afterwards(self):
        url = self.serve("--no-poll")
        self.assertEqual(self.write_something(95_000)[0], 0)

        self.fill()
        status, said = self.write_something(95_001)
        self.assertEqual(status, 1)
        self.assertIn("nothing is written until there is room", said)
        ready, reasons = get(url + "readyz")
        self.assertEqual(ready, 503)
        self.assertTrue([r for r in reasons["reasons"] if "database.min_free_mb = 16" in r], reasons)
        self.assertEqual(get(url + "healthz")[0], 200)
        self.assertEqual(get(url + "api/v1/hashprice/latest")[0], 200)  # reading goes on

        (self.disk / "ballast").unlink()
        self.assertEqual(self.write_something(95_002)[0], 0)
        reasons = get(url + "readyz")[1]["reasons"]
        self.assertFalse([r for r in reasons if "min_free_mb" in r], reasons)

    def test_the_log_says_once_that_it_stopped_and_once_that_it_goes_on(self):
        self.environment["HASHPRICE_POLL_INTERVAL"] = "1s"  # each attempt is written down
        self.environment["HASHPRICE_POLL_BLOCK_INTERVAL"] = "1s"
        for source in SOURCES:
            self.environment[f"HASHPRICE_SOURCE_{source}_BASE_URL"] = "http://127.0.0.1:1"
        url = self.serve()
        self.fill()
        self.said("(the database cannot be written: the disk of .* has .* MB left)")
        (self.disk / "ballast").unlink()
        self.said("(the database can be written again)")
        text = self.log.read_text()
        self.assertEqual(text.count("the database cannot be written"), 1, text)
        self.assertEqual(get(url + "healthz")[0], 200)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
