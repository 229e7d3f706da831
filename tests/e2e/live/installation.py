"""A daemon as an operator has it, with the fake upstream as its sources, over TLS where wanted: for
tests and for the benchmarks that look at the whole process.
"""
import os
import re
import socket
import ssl
import subprocess
import threading
import urllib.request

KINDS = ("mempool", "esplora", "blockchain_com", "coinbase", "kraken", "bitstamp", "gemini")
PRESENT = 1763164800  # 2025-11-15T00:00:00Z
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"


def wall_clock(faketime):
    """The environment in which it is 2025-11-15."""
    return {"LD_PRELOAD": faketime, "FAKETIME": "@2025-11-15 00:00:00",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "TZ": "UTC"}


class Upstream:
    """The fake upstream as a program."""

    def __init__(self, program, max_seconds=240):
        self.process = subprocess.Popen([program, "--max-seconds", str(max_seconds)],
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

    def __init__(self, upstream_port, directory, clock):
        key, self.certificate = (os.path.join(directory, n) for n in ("key.pem", "cert.pem"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=test",
                        "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out",
                        self.certificate], check=True, capture_output=True,
                       env=dict(os.environ, **clock))
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
    """A folder with configuration, state and logs. `base`: where the sources are."""

    def __init__(self, program, clock, directory, base, settings, per_minute):
        self.program, self.clock, self.directory = os.path.abspath(program), clock, directory
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
        clock = ["env"] + [f"{name}={value}" for name, value in self.clock.items()]
        with open(os.path.join(self.directory, arguments[0] + ".log"), "w", encoding="utf-8") as log:
            return subprocess.Popen([*before, *clock, self.program, *arguments], stdout=log, stderr=log,
                                    env=self.environment, cwd=self.directory)

    def serve(self, before=(), port=0):
        return self.start("serve", "--listen", f"127.0.0.1:{port}", before=before)

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
