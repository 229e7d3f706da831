"""What docs/alerts.md promises of a webhook: its own code for the signature verifies what the program
sends, and nothing else.

usage: webhook_test.py HASHPRICE
"""
import http.server
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.request

from api_contract import SOURCES

BINARY = None
SECRET = "nobody-knows-this"


def verified_of_the_page():
    with open(os.path.join(SOURCES, "docs/alerts.md"), encoding="utf-8") as file:
        (code,) = re.findall(r"^```python\n(.*?)^```", file.read(), re.M | re.S)
    names = {}
    exec(code, names)  # pylint: disable=exec-used
    return names["verified"]


class Webhook(unittest.TestCase):
    def setUp(self):
        home = tempfile.TemporaryDirectory()
        self.addCleanup(home.cleanup)
        self.home = home.name
        self.requests = requests = []
        self.status = status = [200]
        self.arrived = arrived = [lambda: None]

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                requests.append((self.headers, body))
                if arrived[0]():  # whoever asked is gone
                    self.close_connection = True
                    return
                self.send_response(status[0])
                self.end_headers()

            def log_message(self, *_):
                pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.write("secret", SECRET + "\n")
        self.settings = self.write("hashprice.toml", f"""
[[notify]]
name = "hook"
kind = "webhook"
url = "http://127.0.0.1:{server.server_port}/in?room=1"
secret_file = "{self.home}/secret"
events = ["episode"]
""" + "".join(f'[[source]]\nname = "{name}"\nkind = "{name}"\nbase_url = "http://127.0.0.1:1"\n'
              for name in ("mempool", "esplora", "blockchain_com", "coinbase", "kraken", "bitstamp",
                           "gemini")))

    def write(self, name, text):
        path = os.path.join(self.home, name)
        with open(path, "w", encoding="utf-8", opener=lambda p, f: os.open(p, f, 0o600)) as file:
            file.write(text)
        return path

    def hashprice(self, *arguments):
        return subprocess.run([BINARY, "--config", self.settings, *arguments], text=True, timeout=60,
                              capture_output=True, env={"HOME": self.home, "PATH": "/usr/bin:/bin"},
                              check=False)

    def test_the_code_of_the_page_tells_our_messages_from_others(self):
        verified = verified_of_the_page()

        done = self.hashprice("notify", "test", "hook")

        self.assertEqual(done.returncode, 0, done.stderr)
        ((headers, body),) = self.requests
        message = json.loads(body)
        self.assertEqual(message["event_id"], headers["Hashprice-Event"])
        self.assertEqual(message["type"], "test.sent")
        self.assertTrue(message["text"].startswith("hashprice, notice: This is a test"))
        self.assertLess(abs(message["time_s"] - time.time()), 60)
        secret = SECRET.encode()
        self.assertTrue(verified(secret, headers, body))
        self.assertFalse(verified(b"another", headers, body))
        self.assertFalse(verified(secret, headers, body.replace(b"notice", b"critic")))
        old = dict(headers) | {"Hashprice-Timestamp": str(int(time.time()) - 301)}
        self.assertFalse(verified(secret, old, body))
        moved = dict(headers) | {"Hashprice-Timestamp": str(int(headers["Hashprice-Timestamp"]) - 1)}
        self.assertFalse(verified(secret, moved, body))

    def serve(self):
        daemon = subprocess.Popen([BINARY, "--config", self.settings, "serve", "--listen",
                                   "127.0.0.1:0"], stderr=subprocess.PIPE, text=True,
                                  env={"HOME": self.home, "PATH": "/usr/bin:/bin"})
        self.addCleanup(daemon.wait)
        self.addCleanup(daemon.kill)
        self.addCleanup(daemon.stderr.close)
        text = ""
        while "rules followed" not in text or " serves " not in text:
            line = daemon.stderr.readline()
            self.assertTrue(line, text)
            text += line
        self.address = re.search(r" serves (http://[^/]+)", text)[1]
        return daemon

    def outbox(self):
        return json.loads(self.hashprice("outbox", "list", "--json").stdout)

    def test_a_daemon_that_is_killed_again_and_again_loses_nothing(self):
        daemon = self.serve()
        kills = iter(range(4))

        def kill():
            if next(kills, None) is None:
                return False
            daemon.kill()
            return True
        self.arrived[0] = kill

        done = self.hashprice("notify", "replay", "--from", "2025-01-01", "--to", "2025-12-02")
        self.assertEqual(done.returncode, 0, done.stderr)
        wanted = [d["event_id"] for d in self.outbox()["deliveries"]]
        end = time.monotonic() + 90
        while self.outbox()["deliveries"]:
            self.assertLess(time.monotonic(), end)
            if daemon.poll() is not None:
                daemon = self.serve()
            time.sleep(0.2)

        came = [headers["Hashprice-Event"] for headers, _ in self.requests]
        self.assertEqual(list(dict.fromkeys(came)), wanted)  # each, and in order
        self.assertEqual(len(came), len(wanted) + 4)  # again is only what a kill cut short
        # METHOD section 3: active on 2025-09-24, warning on 10-29, critical on 11-19
        episode = "sustained-decline-2025-07-11:"
        self.assertEqual([e for e in wanted if e.startswith(episode)],
                         [episode + "active:2025-09-24", episode + "escalated:2025-10-29",
                          episode + "escalated:2025-11-19"])
        self.assertEqual({headers["Hashprice-Replay"] for headers, _ in self.requests}, {"true"})
        self.assertEqual(self.outbox()["receivers"][0]["delivered"], len(wanted))
        with urllib.request.urlopen(self.address + "/metrics", timeout=30) as answer:
            metrics = answer.read().decode()
        for line in ('outbox_messages{receiver="hook",state="pending"} 0',
                     'outbox_messages{receiver="hook",state="dead"} 0',
                     'outbox_oldest_age_seconds{receiver="hook"} 0',
                     f'notify_delivered_total{{receiver="hook"}} {len(wanted)}',
                     'notify_up{receiver="hook"} 1'):
            self.assertIn(f"hashprice_{line}\n", metrics)

    def test_a_receiver_that_refuses_is_said_so_without_its_secrets(self):
        self.status[0] = 403
        done = self.hashprice("notify", "test", "hook")
        self.assertEqual(done.returncode, 1)
        self.assertIn("did not take the test: it answered 403", done.stderr)
        self.assertNotIn(SECRET, done.stderr)
        self.assertNotIn("room=1", done.stderr)

    def test_who_is_not_there_cannot_be_tested(self):
        done = self.hashprice("notify", "test", "hock")
        self.assertEqual(done.returncode, 2)
        self.assertIn("the settings name hook", done.stderr)

    def test_the_commands_around_the_outbox_speak_of_an_empty_one(self):
        for command, answer in ((("outbox", "list"), "no receiver was ever served"),
                                (("sink", "list"), "no sink was ever served")):
            done = self.hashprice(*command)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn(answer, done.stdout)
            self.assertIsInstance(json.loads(self.hashprice(*command, "--json").stdout), dict)
        self.assertEqual(self.hashprice("outbox", "drop", "17").returncode, 1)
        self.assertEqual(self.hashprice("outbox", "retry").returncode, 2)
        self.assertEqual(self.hashprice("sink", "replay", "--from", "-1d").returncode, 2)


if __name__ == "__main__":
    BINARY = sys.argv.pop(1)
    unittest.main()
