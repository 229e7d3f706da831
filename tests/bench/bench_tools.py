"""What the parts of bench.py share: servers that end with the run, wrk, and the processor time of a process."""
import http.client
import os
import re
import shutil
import socket
import statistics
import subprocess
import time

TICKS = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def there(*programs):
    """The path of the first of them that is installed."""
    found = (shutil.which(p, path="/usr/bin:/usr/sbin:/bin:/sbin") for p in programs)
    return next((path for path in found if path), None)


def cpu_s(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_mb(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return int(re.search(r"VmRSS:\s+(\d+) kB", status.read())[1]) / 1024


class NotReady(RuntimeError):
    """An answer, but a refusal: of a question that is right, a server says it while it starts."""


class Server:
    """A program that serves on a port of loopback, on the first core."""

    def __init__(self, command, port, ready="/", environment=None):
        self.port = port
        self.started = time.monotonic()
        core = [] if os.cpu_count() == 1 else ["taskset", "-c", "0"]
        self.process = subprocess.Popen([*core, *command], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
                                        env=environment)
        self.ready_ms = self._wait(ready)

    @classmethod
    def of(cls, process, port):
        """One that was started already, and answers."""
        server = cls.__new__(cls)
        server.process, server.port = process, port
        return server

    def _wait(self, path):
        while time.monotonic() < self.started + 60:
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.process.args} ended with {self.process.returncode}")
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1):
                    pass
                self.get(path)
                return (time.monotonic() - self.started) * 1000
            except (OSError, NotReady):
                time.sleep(0.001)
        raise RuntimeError(f"{self.process.args} does not answer")

    @property
    def pid(self):
        return self.process.pid

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status >= 400:
            raise NotReady(f"{path}: {answer.status} {body[:200]}")
        return body

    def cpu_us_each(self, paths):
        """Processor time a request, asked one after the other on one connection."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        before = cpu_s(self.pid)
        for path in paths:
            connection.request("GET", path)
            answer = connection.getresponse()
            if not answer.read() or answer.status != 200:
                raise RuntimeError(f"{path}: {answer.status}")
        return (cpu_s(self.pid) - before) * 1e6 / len(paths)

    def p99_ms(self, path, per_s=500, seconds=4):
        """At a fixed pace, on one connection; what a late answer delays counts for the next ones."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        times = []
        begin = time.monotonic()
        for i in range(per_s * seconds):
            due = begin + i / per_s
            time.sleep(max(0.0, due - time.monotonic()))
            connection.request("GET", path)
            connection.getresponse().read()
            times.append(time.monotonic() - due)
        return sorted(times)[int(len(times) * 0.99)] * 1000

    def rate(self, path, connections=16, seconds=2, script=None):
        """Requests/s and processor time a request under wrk, which has the other core."""
        before = cpu_s(self.pid)
        core = [] if os.cpu_count() == 1 else ["taskset", "-c", "1"]
        done = subprocess.run(
            [*core, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", *(["-s", script] if script else []),
             f"http://127.0.0.1:{self.port}{path}"], capture_output=True, text=True, check=True).stdout
        if "Non-2xx" in done:
            raise RuntimeError(f"{path}: {done}")
        count = int(re.search(r"(\d+) requests in", done)[1])
        per_s = float(re.search(r"Requests/sec:\s+([\d.]+)", done)[1])
        return per_s, (cpu_s(self.pid) - before) * 1e6 / max(1, count)

    def end(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Table:
    """Medians by question and who answered it, and what each is of the baseline."""

    def __init__(self):
        self.values = {}
        self.units = {}
        self.printed = set()

    def add(self, what, who, value, unit):
        self.values.setdefault(what, {}).setdefault(who, []).append(value)
        self.units[what] = unit

    def median(self, what, who):
        return statistics.median(self.values[what][who])

    def print_new(self):
        """What came since the last call, so that a run that is cut short has not been in vain."""
        if not self.printed:
            print("| what | who | median | of the baseline | runs |\n|---|---|---|---|---|")
        for what, by in self.values.items():
            base = next(iter(by))
            for who in by:
                if (what, who) in self.printed:
                    continue
                self.printed.add((what, who))
                median = self.median(what, who)
                ratio = "" if who == base else f"{median / (self.median(what, base) or 1):.2f}"
                number = f"{median:,.0f}" if median >= 100 else f"{median:.3g}"
                print(f"| {what} | {who} | {number} {self.units[what]} | {ratio} | {len(by[who])} |",
                      flush=True)
