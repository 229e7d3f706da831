#!/usr/bin/python3
"""Hostile HTTP clients against the real daemon: it answers honest ones all the while, and ends as it began.

    hostile_test.py HASHPRICE [SCALE]

SCALE 1 (the default) is the short form; 20 the long one: 15,000 connection attempts, 10,000 requests
of random bytes. Everything on loopback. (The crowd of idle connections, event streams and dripping
clients is tests/contract/crowd_test.py; single shapes in process are tests/service/http.)
"""
import itertools
import os
import random
import resource
import socket
import sys
import time
import unittest
from urllib.parse import urlsplit

from house import Daemon, House, descriptors, resident_kb

BINARY = sys.argv[1]
SCALE = int(sys.argv[2]) if len(sys.argv) > 2 else 1
ATTEMPTS, RANDOMS = 750 * SCALE, 500 * SCALE
OPEN_FILES = 1_000  # the limit of the daemon's own process
MOST_BYTES = 500_000 * 140  # the most points that an explicit step is answered with, sent as they come
POOL = 9  # three more readers of the database may stay open, each with its log and index
GRACE_KB = 12 * 1024  # caches fill, an allocator keeps some
if os.environ.get("HP_SANITIZE"):
    GRACE_KB = 1024**3  # what a sanitizer notes about memory is resident too, and stays
HIDDEN = b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"


def length(text):
    return str(len(text)).encode()


SMUGGLED = [  # RFC 9112, 11.2: where one request ends must not be a matter of opinion
    b"Content-Length: 0\r\nContent-Length: " + length(HIDDEN),
    b"Content-Length: " + length(HIDDEN) + b"\r\nContent-Length: 0",
    b"Content-Length: " + length(HIDDEN) + b", 0",
    b"Content-Length: " + length(HIDDEN) + b"\r\nTransfer-Encoding: chunked",
    b"Transfer-Encoding: chunked\r\nContent-Length: 4", b"Transfer-Encoding: chunked, identity",
    b"Transfer-Encoding : chunked", b"Transfer-Encoding: xchunked", b"Transfer-Encoding:\x0bchunked",
    b"X: a\r\n Transfer-Encoding: chunked", b"Content-Length: +5", b"Content-Length: -1",
    b"Content-Length: 0x10", b"Content-Length: 99999999999999999999", b"Content-Length: 1e3",
    b"X: a\nTransfer-Encoding: chunked\n", b"X: a\rTransfer-Encoding: chunked\r",
    b"Transfer-Encoding: \"chunked\"", b"Content-Length: 5\x00"]
PATHS = ["/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/api/v1/../../etc/passwd", "//etc/passwd",
         "/etc/passwd%00.html", "/%c0%ae%c0%ae/", "/api%2fv1%2fstatus", "/api/v1/status/..", "/\\..\\",
         "/%", "/%g0", "/%ff", "/;", "/api/v1/declines/%2e%2e", "/api/v1/declines/" + "a" * 3000]
RANGES = [f"/api/v1/hashprice?from={a}&to={b}&step={s}" for a, b, s in itertools.product(
    ("-9223372036854775808", "0", "99999999999999999999", "1763164800", "now", "-1000000d"),
    ("-1", "9999-12-31", "now", "1970-01-01"), ("1h", "raw", "auto", "0"))] + [
    f"/api/v1/hashprice?max_points={n}" for n in ("-1", "0", "99999999999", "1e9", "0x10")] + [
    "/api/v1/explain?time=-99999999999999", "/api/v1/breakeven?efficiency_j_per_th=-1e308"]


class Hostile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = House(BINARY)
        own = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, own[1]))
        cls.daemon = Daemon(cls.house, "--no-poll")
        # it raises its soft limit itself; an operator's hard one stays
        resource.prlimit(cls.daemon.process.pid, resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
        resource.setrlimit(resource.RLIMIT_NOFILE, (own[1], own[1]))
        where = urlsplit(cls.daemon.url)
        cls.address = (where.hostname, where.port)
        for target in ("/", "/metrics", "/api/v1/hashprice?from=2025-01-01&step=1d") * 10:
            cls.daemon.get(target)
        cls.files, cls.kb = descriptors(cls.daemon.process.pid), resident_kb(cls.daemon.process.pid)

    @classmethod
    def tearDownClass(cls):
        pid = cls.daemon.process.pid
        end = time.monotonic() + 30
        while time.monotonic() < end and (descriptors(pid) > cls.files + POOL or
                                          resident_kb(pid) > cls.kb + GRACE_KB):
            time.sleep(0.2)
        files, kb = descriptors(pid), resident_kb(pid)
        assert cls.daemon.stop() == 0, cls.daemon.text()
        cls.house.temp.cleanup()
        print(f"descriptors {cls.files} -> {files}, resident {cls.kb} -> {kb} KB", file=sys.stderr)
        assert files <= cls.files + POOL, f"{files - cls.files} descriptors are left open"
        assert kb <= cls.kb + GRACE_KB, f"{kb - cls.kb} KB are kept"

    def tearDown(self):
        status, body = self.daemon.get("/api/v1/hashprice/latest")  # an honest client
        self.assertEqual(status, 200, body)

    def say(self, data, patience=0.3):
        """All that comes back until the server closes or falls silent."""
        with socket.create_connection(self.address, timeout=5) as one:
            said = b""
            try:
                one.sendall(data)
                one.settimeout(patience)
                while piece := one.recv(65536):
                    said += piece
            except OSError:
                pass
            return said

    def test_random_bytes_get_a_refusal_or_nothing(self):
        chance = random.Random(20251115)
        pieces = [b"GET ", b"/api/v1/trend", b" HTTP/1.1", b"\r\n", b"\n", b"Host: a", b": ", b"\x00",
                  b"\xff\xfe", b"?", b"%", b"Content-Length: 3", b"\x16\x03\x01\x02"]
        for n in range(RANDOMS):
            data = b"".join(chance.choice(pieces) if chance.random() < 0.7 else chance.randbytes(8)
                            for _ in range(chance.randrange(1, 40)))
            said = self.say(data + b"\r\n\r\n", 0.02 if n % 20 else 0.3)
            self.assertFalse(said.startswith(b"HTTP/1.1 5"), data)
        self.assertTrue(self.daemon.alive())

    def test_no_request_hides_in_another(self):
        for header in SMUGGLED:
            for method in (b"GET", b"POST", b"HEAD", b"OPTIONS"):
                said = self.say(method + b" /healthz HTTP/1.1\r\nHost: a\r\n" + header + b"\r\n\r\n" +
                                HIDDEN, 0.1)
                self.assertFalse(b"hashprice_build_info" in said, (method, header))

    def test_paths_lead_nowhere_else(self):
        for path in PATHS:
            said = self.say(f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode(), 2)
            self.assertRegex(said, rb"^HTTP/1.1 4\d\d ", path)
            self.assertNotIn(b"root:", said)

    def test_absurd_ranges_are_refused_by_name_or_answered_within_bounds(self):
        for target in RANGES:
            status, body = self.daemon.get(target)
            self.assertIn(status, (200, 400), target)
            self.assertLess(len(body), MOST_BYTES, target)
            self.assertTrue(status == 200 or b'"parameter"' in body or b'"detail"' in body, target)

    def test_floods_of_headers_are_cut_off(self):
        for flood in (b"X: a\r\n" * 100_000, b"X: " + b"a" * 2_000_000, 
                      b"Cookie: " + b"a=b; " * 200_000):
            said = self.say(b"GET / HTTP/1.1\r\nHost: a\r\n" + flood, 2)
            self.assertNotIn(b" 200 ", said[:40])

    def test_more_connections_than_the_daemon_may_open_are_turned_away_and_the_rest_served(self):
        """ATTEMPTS attempts from several addresses, against a limit of 1,000 open files."""
        crowd, refused = [], 0
        for n in range(ATTEMPTS):
            one = socket.socket()
            one.settimeout(2)
            try:
                one.bind((f"127.0.0.{2 + n // 2_000}", 0))
                one.connect(self.address)
                one.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
                crowd.append(one)
            except OSError:
                refused += 1
                one.close()
            if len(crowd) > 2 * OPEN_FILES:  # the oldest leave, as clients do
                for old in crowd[:OPEN_FILES]:
                    old.close()
                del crowd[:OPEN_FILES]
        self.assertTrue(self.daemon.alive(), self.daemon.text())
        self.assertLessEqual(descriptors(self.daemon.process.pid), OPEN_FILES)
        for one in crowd:
            one.close()
        for _ in range(100):  # those that were waiting have gone: the next one gets an answer
            try:
                self.assertEqual(self.daemon.get("/healthz")[0], 200)
                break
            except OSError:
                time.sleep(0.1)
        else:
            self.fail("nobody is answered after the crowd")
        print(f"{ATTEMPTS} attempts against {OPEN_FILES} files: {refused} refused at once",
              file=sys.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
