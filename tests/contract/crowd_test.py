"""A crowd of clients, most of them bad, and one that only wants an answer.

usage: crowd_test.py HASHPRICE
10,000 idle keep-alive connections, 1,000 event streams, clients that drip, never read, pipeline or send
a header of 1 MB: the one client is answered within 50 ms (median of 50), and memory and descriptors
return to where they were. Everything on loopback, from several of its addresses.
"""
import http.client
import os
import resource
import select
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import unittest

import api_contract
import long_history
from api_contract import Daemon

IDLE, STREAMS, PER_ADDRESS = 10_000, 1_000, 2_000
ANSWER_S = 0.05
QUESTION = b"GET /api/v1/hashprice/latest HTTP/1.1\r\nHost: x\r\n\r\n"


def resident_kb(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return int(next(line for line in file if line.startswith("VmRSS")).split()[1])


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


class Crowd(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        if hard < IDLE + STREAMS + 500:
            raise unittest.SkipTest(f"only {hard} files may be open here")
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

    def setUp(self):
        self.daemon = Daemon()
        self.pid = self.daemon.process.pid
        host, port = self.daemon.address.split(":")
        self.address = (host, int(port))
        self.sockets = []
        self.median_answer()  # the first one fills caches

    def tearDown(self):
        self.leave()
        self.assertEqual(self.daemon.stop(), 0)

    def leave(self):
        for one in self.sockets:
            one.close()
        self.sockets.clear()

    def connect(self, number, count=1):
        """From 127.0.0.2 on, PER_ADDRESS of them from each address."""
        for n in range(number, number + count):
            one = socket.socket()
            one.settimeout(20)
            one.bind((f"127.0.0.{2 + n // PER_ADDRESS}", 0))
            one.connect(self.address)
            self.sockets.append(one)
        return self.sockets[-count:]

    def median_answer(self):
        took = []
        for _ in range(50):
            time.sleep(0.05)
            begun = time.monotonic()
            status, _, _ = self.daemon.get("/api/v1/hashprice/latest")
            took.append(time.monotonic() - begun)
            self.assertEqual(status, 200)
        return statistics.median(took)

    def settle(self, before_kb, before_files, grace_kb):
        """Once all have gone: descriptors as before, memory nearly so."""
        self.leave()
        end = time.monotonic() + 20
        while time.monotonic() < end and (descriptors(self.pid) > before_files + 5 or
                                          resident_kb(self.pid) > before_kb + grace_kb):
            time.sleep(0.2)
        self.assertLessEqual(descriptors(self.pid), before_files + 5)
        self.assertLessEqual(resident_kb(self.pid), before_kb + grace_kb)

    def test_ten_thousand_idle_connections_delay_nobody(self):
        before = resident_kb(self.pid), descriptors(self.pid)
        for n in range(0, IDLE, 100):
            for one in self.connect(n, 100):
                one.sendall(QUESTION)
        for one in self.sockets:
            self.assertTrue(one.recv(64).startswith(b"HTTP/1.1 200"))
        took, kb = self.median_answer(), resident_kb(self.pid)
        print(f"{IDLE} idle: an answer in {took * 1e3:.1f} ms, {kb / 1024:.0f} MB "
              f"({(kb - before[0]) / IDLE:.1f} KB each)", file=sys.stderr)
        self.assertLess(took, ANSWER_S)
        self.settle(*before, grace_kb=16 * 1024)
        # a second crowd costs nothing more: what the first one left is used again
        again = resident_kb(self.pid)
        for one in self.connect(0, 2_000):
            one.sendall(QUESTION)
        self.settle(again, before[1], grace_kb=8 * 1024)

    def test_a_thousand_event_streams_delay_nobody(self):
        before = resident_kb(self.pid), descriptors(self.pid)
        for one in self.connect(0, STREAMS):
            one.sendall(b"GET /api/v1/events HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n")
        for one in self.sockets:
            self.assertTrue(one.recv(64).startswith(b"HTTP/1.1 200"))
        threads = len(os.listdir(f"/proc/{self.pid}/task"))
        self.assertLess(threads, 20)
        self.assertLess(self.median_answer(), ANSWER_S)
        self.settle(*before, grace_kb=32 * 1024)

    def test_all_of_the_history_is_streamed_in_constant_memory(self):
        with tempfile.TemporaryDirectory() as folder:
            candles, fees = long_history.write(folder)
            for call in ([candles, "--source", "coinbase", "--span", "1h"], [fees]):
                subprocess.run([api_contract.BINARY, "import", *call], check=True,
                               capture_output=True, env=self.daemon.environment)
        target = "/api/v1/hashprice?from=2010-01-01&step=raw&format=csv"
        self.daemon.get(target + "&to=2013-01-01")  # buffers of a few MB are there from now on
        before = resident_kb(self.pid)
        host, _ = self.daemon.address.split(":")
        connection = http.client.HTTPConnection(host, self.address[1], timeout=60)
        connection.request("GET", target)
        answer, lines, most = connection.getresponse(), 0, before
        while piece := answer.read(64 * 1024):
            lines += piece.count(b"\n")
            most = max(most, resident_kb(self.pid))
        connection.close()
        print(f"{lines} rows streamed, {(most - before) / 1024:.1f} MB more at most", file=sys.stderr)
        self.assertGreater(lines, 130_000)
        self.assertLess(most - before, 8 * 1024)

    def test_bad_clients_delay_nobody(self):
        before = resident_kb(self.pid), descriptors(self.pid)
        for one in self.connect(0, 200):  # drip a head that never ends
            one.sendall(b"GET / HTTP/1.1\r\nX: ")
        series = b"GET /api/v1/hashprice?from=2010-01-01&step=1h&format=csv HTTP/1.1\r\nHost: x\r\n\r\n"
        for one in self.connect(200, 20):  # ask for much and never read
            one.sendall(series)
        for one in self.connect(220, 50):  # a hundred questions at once
            one.sendall(QUESTION * 100)
        for one in self.connect(270, 20):  # a header of 1 MB
            try:
                one.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 1_000_000)
            except OSError:
                pass  # cut, as it should be
        self.assertLess(self.median_answer(), ANSWER_S)
        for one in self.sockets[270:]:
            readable, _, _ = select.select([one], [], [], 20)
            self.assertTrue(readable, "a header of 1 MB is not refused")
        self.settle(*before, grace_kb=64 * 1024)


if __name__ == "__main__":
    api_contract.BINARY = sys.argv.pop(1)
    unittest.main()
