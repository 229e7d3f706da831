"""What the real daemon costs its machine and its sources: memory while polling over TLS, time while
there is nobody to ask, and requests while a backfill runs beside it.

usage: manners_test.py HASHPRICE FAKE_UPSTREAM LIBFAKETIME
"""
import os
import re
import ssl
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.request

HASHPRICE, FAKE_UPSTREAM, FAKETIME = sys.argv[1:4]
KINDS = ("mempool", "esplora", "blockchain_com", "coinbase", "kraken", "bitstamp", "gemini")
PRESENT = 1763164800  # 2025-11-15T00:00:00Z
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
WALL_CLOCK = {"LD_PRELOAD": FAKETIME, "FAKETIME": "@2025-11-15 00:00:00",
              "FAKETIME_DONT_FAKE_MONOTONIC": "1", "TZ": "UTC"}


class Upstream:
    """The fake upstream as a program."""

    def __init__(self):
        self.process = subprocess.Popen([FAKE_UPSTREAM, "--max-seconds", "240"],
                                        stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())
        self.control(f"now?t={PRESENT}&run=1")

    def control(self, what):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/_control/{what}") as answer:
            return answer.read().decode()

    def requests(self):
        return sum(int(n) for n in re.findall(r":(\d+)", self.control("requests")))

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


class TlsFront:
    """Speaks TLS to whoever comes, and hands on in plain what they say."""

    def __init__(self, upstream_port, directory):
        key, self.certificate = (os.path.join(directory, n) for n in ("key.pem", "cert.pem"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=test",
                        "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out",
                        self.certificate], check=True, capture_output=True,
                       env=dict(os.environ, **WALL_CLOCK))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        self.context, self.upstream_port = context, upstream_port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.connections = 0
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                plain, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(plain,), daemon=True).start()

    def serve(self, plain):
        try:
            with self.context.wrap_socket(plain, server_side=True) as inner, \
                    socket.create_connection(("127.0.0.1", self.upstream_port)) as outer:
                self.connections += 1
                threading.Thread(target=self.pump, args=(outer, inner), daemon=True).start()
                self.pump(inner, outer)
        except OSError:
            pass

    @staticmethod
    def pump(source, sink):
        try:
            while chunk := source.recv(65536):
                sink.sendall(chunk)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self):
        self.listener.close()


def trusting(certificate, directory):
    """The start of a call whose file system has one more certificate; none where that is not allowed."""
    bundle = os.path.join(directory, "bundle.pem")
    with open(bundle, "w", encoding="ascii") as out:
        for part in (BUNDLE, certificate):
            with open(part, encoding="ascii") as file:
                out.write(file.read())
    for flags in ("-rm", "-m"):
        call = ["unshare", flags, "sh", "-c", f'mount --bind "{bundle}" {BUNDLE} && exec "$@"', "sh"]
        if subprocess.run(call + ["true"], capture_output=True, check=False).returncode == 0:
            return call
    return None


class Installation:
    def __init__(self, directory, base, settings, per_minute):
        self.directory = directory
        text = settings
        for kind in KINDS:
            text += (f'[[source]]\nname = "{kind}"\nkind = "{kind}"\nbase_url = "{base}/{kind}"\n'
                     f"requests_per_minute = {per_minute}\n")
        path = os.path.join(directory, "hashprice.toml")
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
        self.environment = {"HOME": directory, "XDG_STATE_HOME": directory, "PATH": "/usr/bin:/bin",
                            "HASHPRICE_CONFIG": path}

    def start(self, *arguments, before=()):
        clock = ["env"] + [f"{name}={value}" for name, value in WALL_CLOCK.items()]
        with open(os.path.join(self.directory, arguments[0] + ".log"), "w", encoding="utf-8") as log:
            return subprocess.Popen([*before, *clock, HASHPRICE, *arguments], stdout=log, stderr=log,
                                    env=self.environment, cwd=self.directory)

    def serve(self, before=()):
        return self.start("serve", "--listen", "127.0.0.1:0", before=before)

    def log(self, name="serve"):
        with open(os.path.join(self.directory, name + ".log"), encoding="utf-8") as file:
            return file.read()


def status_kb(process, key):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
        return int(re.search(rf"{key}:\s+(\d+) kB", file.read()).group(1))


def cpu_ms(process):
    with open(f"/proc/{process.pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 // os.sysconf("SC_CLK_TCK")


class Manners(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = directory.name

    def end(self, process):
        process.terminate()
        self.assertEqual(process.wait(10), 0)

    def test_memory_stays_under_40_mb_while_polling_every_second_over_tls(self):
        upstream = Upstream()
        self.addCleanup(upstream.close)
        front = TlsFront(upstream.port, self.directory)
        self.addCleanup(front.close)
        before = trusting(front.certificate, self.directory)
        if before is None:
            self.skipTest("a file system of its own is not allowed here")
        fast = ('[poll]\ninterval = "1s"\nblock_interval = "1s"\nbackfill_on_start = "0"\n')
        place = Installation(self.directory, f"https://127.0.0.1:{front.port}", fast, 6000)
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
        place = Installation(self.directory, "http://127.0.0.1:9", "", 30)
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
                upstream = Upstream()
                if fault:
                    upstream.control(f"fault?prefix=/&kind={fault}")
                fast = ('[poll]\ninterval = "1s"\nblock_interval = "1s"\n'
                        'backfill_on_start = "60d"\n')
                place = Installation(directory, f"http://127.0.0.1:{upstream.port}", fast, per_minute)
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
