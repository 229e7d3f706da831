"""What the tests with real peers share: programs on free loopback ports over data of their own, which
end with the test."""
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request

READY_S = 60


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def fetch(url, body=None):
    with urllib.request.urlopen(urllib.request.Request(url, data=body), timeout=30) as answer:
        return answer.read()


def wait_for(url):
    end = time.monotonic() + READY_S
    while True:
        try:
            return fetch(url)
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


class Peer(unittest.TestCase):
    binary = None  # hashprice

    def setUp(self):
        self.dir = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.dir, ignore_errors=True)
        self.environment = {"HOME": self.dir, "XDG_STATE_HOME": self.dir, "PATH": "/usr/bin:/bin"}

    def start(self, *call):
        """Returns what ends it, which the end of the test does too."""
        process = subprocess.Popen(call, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   cwd=self.dir, env=self.environment)

        def end():
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.addCleanup(end)
        return end

    def serve(self, *arguments):
        """The daemon on a free port; its host and port."""
        daemon = subprocess.Popen([self.binary, "serve", "--listen", "127.0.0.1:0", *arguments],
                                  stderr=subprocess.PIPE, text=True, env=self.environment,
                                  cwd=self.dir)
        self.addCleanup(daemon.stderr.close)
        self.addCleanup(daemon.wait)
        self.addCleanup(daemon.send_signal, signal.SIGTERM)
        return next(filter(None, (re.search(r" serves http://([^/]+)", line)
                                  for line in daemon.stderr)))[1]

    def run_hashprice(self, *arguments):
        return subprocess.run([self.binary, *arguments], check=True, capture_output=True,
                              env=self.environment, cwd=self.dir).stdout

    def eventually(self, holds, patience_s=READY_S):
        end = time.monotonic() + patience_s
        while not holds():
            self.assertLess(time.monotonic(), end, "it did not come to that in time")
            time.sleep(0.2)

    def file(self, name, text):
        path = os.path.join(self.dir, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def observations(self):
        lines = self.run_hashprice("export", "--format", "csv").decode().splitlines()
        names = lines[0].split(",")
        rows = [dict(zip(names, line.split(","))) for line in lines[1:]]
        self.assertGreater(len(rows), 300)
        return rows
