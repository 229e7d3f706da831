"""What the proofs share: the real program in a directory of its own, over the fake upstream.

Nothing of the caller's environment reaches it. The wall clock is libfaketime's; the monotonic one is
left alone.
"""
import glob
import json
import os
import pathlib
import re
import signal
import sqlite3
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

NOW = 1_764_547_800  # 2025-12-01T00:10:00Z: shortly after the end of the served figures
KINDS = ("mempool", "esplora", "blockchain_com", "coinbase", "kraken", "bitstamp", "gemini")
PATIENCE_S = 60

CONTENT = (  # all that is derived, and when it was recorded left out
    "SELECT time, usd_per_ph_day, sat_per_ph_day, price_usd, difficulty, height, subsidy_sat, "
    "fee_sat_mean, fee_window, span_s, stale, degraded FROM v_hashprice ORDER BY time",
    "SELECT * FROM v_hashprice_hourly ORDER BY time", "SELECT * FROM v_hashprice_daily ORDER BY time")


def faketime():
    return glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")[0]


class Upstream:
    def __init__(self, program, now=NOW, runs=False):
        self.process = subprocess.Popen([program, "--max-seconds", "7200"], stdout=subprocess.PIPE)
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}"
        self.control(f"now?t={now}" + ("&run=1" if runs else ""))

    def control(self, what):
        with urllib.request.urlopen(f"{self.url}/_control/{what}", timeout=10) as answer:
            return json.load(answer)

    def requests(self):
        return sum(self.control("requests").values())

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


class House:
    """A directory, a configuration, and the environment to call `hashprice` in."""

    def __init__(self, binary, upstream=None, more="", per_minute=60_000, folder=None):
        self.binary = binary
        self.temp = tempfile.TemporaryDirectory(prefix="hp-proof-")
        self.dir = pathlib.Path(folder or self.temp.name)
        self.database = self.dir / "h.db"
        self.config = pathlib.Path(self.temp.name, "hashprice.toml")
        self.clock = pathlib.Path(self.temp.name, "clock")
        self.environment = {"HOME": self.temp.name, "PATH": "/usr/bin:/bin", "TZ": "UTC",
                            "HASHPRICE_CONFIG": str(self.config),
                            "LD_PRELOAD": faketime(), "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                            "FAKETIME_NO_CACHE": "1", "FAKETIME_TIMESTAMP_FILE": str(self.clock)}
        self.set_clock(NOW)
        self.settings(upstream, more, per_minute)

    def settings(self, upstream, more="", per_minute=60_000):
        text = more
        for kind in KINDS:
            url = f"{upstream.url}/{kind}" if upstream else "http://127.0.0.1:1"
            text += (f'[[source]]\nname = "{kind}"\nkind = "{kind}"\nbase_url = "{url}"\n'
                     f"requests_per_minute = {per_minute}\n")
        self.config.write_text(text)

    def set_clock(self, unix_s, frozen=False):
        """From now on the program believes that it is `unix_s`, and goes on from there."""
        said = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(unix_s))
        offset = unix_s - time.time()
        part = self.clock.with_suffix(".part")
        part.write_text(said + "\n" if frozen else f"{offset:+.0f}s\n")
        part.replace(self.clock)

    def arguments(self, *arguments):
        return [self.binary, "--db", str(self.database), *arguments]

    def start(self, *arguments):
        return subprocess.Popen(self.arguments(*arguments), env=self.environment,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def run(self, *arguments, patience=PATIENCE_S, **more):
        return subprocess.run(self.arguments(*arguments), env=self.environment, text=True, check=False,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=patience,
                              errors="replace", **more)

    def rows(self, sql):
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=20)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def content(self):
        return [self.rows(sql) for sql in CONTENT]


class Daemon:
    def __init__(self, house, *arguments):
        self.log = pathlib.Path(house.temp.name, "daemon.log")
        with open(self.log, "ab") as log:
            self.begin = log.tell()
            self.process = subprocess.Popen(
                house.arguments("serve", "--listen", "127.0.0.1:0", *arguments),
                env=house.environment, stdin=subprocess.DEVNULL, stderr=log)
        self.url = self.said(r" serves (http://[0-9.:]+)")

    def text(self):
        return self.log.read_bytes()[self.begin:].decode(errors="replace")

    def said(self, pattern):
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            ended = self.process.poll() is not None
            found = re.search(pattern, self.text())
            if found:
                return found.group(1)
            if ended:
                break
            time.sleep(0.02)
        raise AssertionError(f"never said {pattern}: {self.text()}")

    def get(self, target):
        """(status, body)"""
        try:
            with urllib.request.urlopen(self.url + target, timeout=20) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def alive(self):
        return self.process.poll() is None

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        return self.process.wait(PATIENCE_S)


def resident_kb(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return int(next(line for line in file if line.startswith("VmRSS")).split()[1])


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))
