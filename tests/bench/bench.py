#!/usr/bin/python3
"""The product beside its baselines, in one run: `./run bench` (docs/performance.md).

    tests/bench/bench.py BUILD [--rounds 5] [--blocks 60000] [--chain 900000] [--peers] [--only PART]...

BUILD holds the programs of the preset `bench`. Parts: backfill, micro, http, live, daemon,
peers, dashboard (in Chromium). Baselines:
the bare SQLite loop, a hand-written Python script, a bare libmicrohttpd handler, nginx with a static
file; with --peers also VictoriaMetrics, InfluxDB and Prometheus. What is not installed is skipped
with a word. Of each question the first line is the baseline; all are medians of the rounds.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

import bench_daemon
import bench_peers
from bench_tools import Table, there

HERE = os.path.dirname(os.path.abspath(__file__))


class Bench:
    def __init__(self, options, folder):
        self.options, self.folder, self.table = options, folder, Table()

    def program(self, name):
        return os.path.join(self.options.build, "tests/bench", name)

    @property
    def hashprice(self):
        return os.path.join(self.options.build, "service/hashprice")

    def lines_of(self, *command):
        out = subprocess.run([str(c) for c in command], capture_output=True, text=True, check=True).stdout
        for line in out.splitlines():
            said = json.loads(line)
            self.table.add(said["what"], said["who"], said["value"], said["unit"])

    def backfill(self):
        self.lines_of(self.program("pipeline_bench"), self.options.blocks, self.options.rounds)

    def micro(self):
        out = subprocess.run(
            [self.program("micro_bench"), f"--benchmark_repetitions={self.options.rounds}",
             "--benchmark_format=json"], capture_output=True, text=True, check=True).stdout
        for one in json.loads(out)["benchmarks"]:
            if one["run_type"] == "iteration":
                self.table.add(one["run_name"], "product", one["cpu_time"], one["time_unit"])

    def http(self):
        """Over loopback: the bare loop, the product, and a script as one would write it by hand."""
        blocks = min(30_000, self.options.blocks)
        with subprocess.Popen([self.program("page_server"), str(blocks)], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True) as server:
            port = server.stdout.readline().strip()
            for n in range(self.options.rounds):
                self.lines_of(self.program("pipeline_bench"), "http", f"http://127.0.0.1:{port}", blocks)
                script = subprocess.run(
                    ["/usr/bin/python3", f"{HERE}/python_backfill.py", port, str(blocks),
                     f"{self.folder}/script{n}.db"], capture_output=True, text=True, check=True)
                self.table.add("backfill over HTTP", "Python script", float(script.stdout), "1/s")
            server.stdin.close()
        if there("wrk"):
            self.lines_of(self.program("http_bench"), 2, self.options.rounds)
        else:
            print("no wrk: the HTTP server is not measured", file=sys.stderr)

    def live(self):
        for _ in range(self.options.rounds):
            self.lines_of(self.program("pipeline_bench"), "live", 30, 1440)
            self.lines_of(self.program("pipeline_bench"), "live", 1, 1)

    def daemon(self):
        bench_daemon.measure(self)

    def peers(self):
        if self.options.peers:
            bench_peers.measure(self)

    def dashboard(self):
        subprocess.run(["/usr/bin/python3", f"{HERE}/../browser/speed_bench.py", self.hashprice], check=True)

    PARTS = ("backfill", "micro", "http", "live", "daemon", "peers", "dashboard")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("build")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--blocks", type=int, default=60_000)
    parser.add_argument("--chain", type=int, default=900_000)
    parser.add_argument("--rest", type=int, default=120, help="seconds of polling that are measured")
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--only", action="append", choices=Bench.PARTS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hashprice_bench.") as folder:
        bench = Bench(options, folder)
        for part in options.only or Bench.PARTS:
            print(f"{part} ...", file=sys.stderr)
            getattr(bench, part)()
            bench.table.print_new()


if __name__ == "__main__":
    main()
