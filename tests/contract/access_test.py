"""Who may ask, from where, and that nothing of the surroundings changes an answer.

usage: access_test.py HASHPRICE
The real program over the starter history: bearer token, base path, foreign origins, locale.
"""
import glob
import gzip
import http.client
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
from urllib.parse import urljoin

import api_contract
from api_contract import Daemon

TOKEN = "correct-horse-battery-staple"
FIGURES = ("/api/v1/hashprice?from=2025-07-01&to=2025-12-01&format=csv", "/api/v1/projection",
           "/api/v1/attribution?from=2025-07-11&to=2025-11-04", "/api/v1/breakeven",
           "/api/v1/hashprice?from=2025-07-01&to=2025-12-01&step=1mo")


def answer_of(daemon, method, target, headers=None):
    connection = http.client.HTTPConnection(daemon.address, timeout=20)
    try:
        connection.request(method, target, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


class Access(unittest.TestCase):
    def serve(self, *arguments, **options):
        daemon = Daemon(*arguments, **options)
        self.addCleanup(lambda: daemon.process.poll() is None and daemon.stop())
        return daemon

    def guarded(self, **options):
        file = tempfile.NamedTemporaryFile("w", suffix=".token")  # gone with the test
        self.addCleanup(file.close)
        file.write(TOKEN + "\n")
        file.flush()
        os.chmod(file.name, 0o600)
        return self.serve(config=f'[http]\ntoken_file = "{file.name}"\n', **options)

    def test_what_is_protected_needs_the_token(self):
        daemon = self.guarded()
        paths = json.loads(daemon.get("/openapi.json")[2])["paths"]
        protected = [path for path in paths if path.startswith(("/api/", "/metrics"))]
        self.assertGreater(len(protected), 15)
        for path in protected:
            for wrong in ({}, {"Authorization": f"Bearer {TOKEN[:-1]}"},
                          {"Authorization": f"Bearer {TOKEN}x"}, {"Authorization": TOKEN},
                          {"Authorization": f"Basic {TOKEN}"}, {"Authorization": "Bearer "}):
                status, headers, body = answer_of(daemon, "GET", path, wrong)
                self.assertEqual(status, 401, (path, wrong))
                self.assertIn("Bearer", headers["WWW-Authenticate"])
                self.assertEqual(json.loads(body)["status"], 401)
        right = {"Authorization": f"Bearer {TOKEN}"}
        self.assertEqual(answer_of(daemon, "GET", "/api/v1/status", right)[0], 200)
        for open_to_all in ("/healthz", "/", "/openapi.json"):
            self.assertEqual(daemon.get(open_to_all)[0], 200)

    def test_the_token_appears_nowhere(self):
        daemon = self.guarded(HASHPRICE_LOG_LEVEL="trace")
        right = {"Authorization": f"Bearer {TOKEN}"}
        document = daemon.get("/openapi.json")[2]
        shown = [document]
        for path in json.loads(document)["paths"]:
            if path != "/api/v1/events":
                shown.append(answer_of(daemon, "GET", path + "?colour=" + "x", right)[2])
                shown.append(answer_of(daemon, "GET", path, right)[2])
        call = [api_contract.BINARY, "--config", os.path.join(daemon.home.name, "hashprice.toml")]
        for command in (["config", "show"], ["config", "show", "--json"], ["status"]):
            done = subprocess.run(call + command, env=daemon.environment, capture_output=True,
                                  check=True)
            shown += [done.stdout, done.stderr]
        for file in glob.glob(os.path.join(daemon.home.name, "hashprice", "*")):
            with open(file, "rb") as stored:
                shown.append(stored.read())
        self.assertEqual(daemon.stop(), 0)
        shown.append("".join(daemon.said).encode())
        self.assertFalse([text[:200] for text in shown if TOKEN.encode() in text])

    def test_a_wide_address_without_a_token_is_refused(self):
        with tempfile.TemporaryDirectory() as home:
            for address in ("0.0.0.0:0", "[::]:0"):
                done = subprocess.run([api_contract.BINARY, "serve", "--no-poll", "--listen", address],
                                      env={"HOME": home, "PATH": "/usr/bin"}, capture_output=True,
                                      text=True, timeout=20, check=False)
                self.assertEqual(done.returncode, 2, address)
                self.assertIn("token_file", done.stderr)

    def test_behind_a_base_path_everything_is_found_and_nothing_beside_it(self):
        daemon = self.serve(config='[http]\nbase_path = "/mining/hp"\n')
        self.assertEqual(answer_of(daemon, "GET", "/mining/hp")[1]["Location"], "/mining/hp/")
        status, _, page = answer_of(daemon, "GET", "/mining/hp/")
        self.assertEqual(status, 200)
        files = [text.split('"')[0] for text in page.decode().replace('src="', 'href="').split('href="')[1:]]
        for file in files:
            if not file.startswith("#"):
                target = urljoin("/mining/hp/", file)
                self.assertEqual(answer_of(daemon, "GET", target)[0], 200, target)
        document = json.loads(answer_of(daemon, "GET", "/mining/hp/openapi.json")[2])
        self.assertEqual(document["servers"], [{"url": "/mining/hp"}])
        for outside in ("/", "/api/v1/status", "/mining", "/mining/hpx/api/v1/status"):
            self.assertEqual(answer_of(daemon, "GET", outside)[0], 404, outside)

    def test_only_the_origins_of_the_settings_may_read(self):
        daemon = self.serve(config='[http]\ncors_origins = ["https://desk.example"]\n')
        friend, stranger = {"Origin": "https://desk.example"}, {"Origin": "https://evil.example"}
        target = "/api/v1/hashprice/latest"
        headers = answer_of(daemon, "GET", target, friend)[1]
        self.assertEqual(headers["Access-Control-Allow-Origin"], "https://desk.example")
        self.assertIn("Origin", headers["Vary"])
        self.assertNotIn("Access-Control-Allow-Origin", answer_of(daemon, "GET", target, stranger)[1])
        asked = {**friend, "Access-Control-Request-Method": "GET",
                 "Access-Control-Request-Headers": "authorization"}
        status, headers, _ = answer_of(daemon, "OPTIONS", target, asked)
        self.assertEqual(status, 204)
        self.assertIn("Authorization", headers["Access-Control-Allow-Headers"])

    def test_head_gzip_and_unchanged_say_what_get_says(self):
        daemon = self.serve()
        deadline = time.monotonic() + 20  # what the daemon records as it starts changes answers
        while not json.loads(daemon.get("/api/v1/trend")[2])["rules"][0]["recorded_at"]:
            self.assertLess(time.monotonic(), deadline, "nothing is recorded")
            time.sleep(0.05)
        for target in (*FIGURES, "/api/v1/hashprice/latest", "/api/v1/trend", "/api/v1/declines",
                       "/api/v1/inputs/price?from=2025-07-01&to=2025-12-01", "/openapi.json", "/"):
            with self.subTest(target):
                status, headers, body = answer_of(daemon, "GET", target)
                tag = headers["ETag"]
                self.assertEqual((status, bool(tag)), (200, True))
                self.assertIn("Cache-Control", headers)
                status, head, nothing = answer_of(daemon, "HEAD", target)
                self.assertEqual((status, nothing), (200, b""))
                for name in ("ETag", "Content-Type", "Content-Length"):
                    self.assertEqual(head[name], headers[name])
                for named in (tag, f'"x", W/{tag}', "*"):
                    unchanged = answer_of(daemon, "GET", target, {"If-None-Match": named})
                    self.assertEqual((unchanged[0], unchanged[2]), (304, b""), named)
                    self.assertEqual(unchanged[1]["ETag"], tag)
                self.assertEqual(answer_of(daemon, "GET", target, {"If-None-Match": '"x"'})[0], 200)
                _, headers, packed = answer_of(daemon, "GET", target, {"Accept-Encoding": "gzip"})
                self.assertEqual(headers["Content-Encoding"], "gzip" if len(body) > 1_024 else None)
                self.assertLessEqual(len(packed), len(body))
                if len(body) > 1_024:
                    packed = gzip.decompress(packed)
                self.assertEqual(packed, body)

    def test_every_locale_gives_the_same_answers(self):
        with tempfile.TemporaryDirectory() as locales:
            name = "de_DE.UTF-8"
            subprocess.run(["localedef", "-i", "de_DE", "-f", "UTF-8", f"{locales}/{name}"],
                           capture_output=True, check=False)  # 1: with warnings
            german = {"LOCPATH": locales, "LC_ALL": name, "LANG": name}
            half = subprocess.run(["bash", "-c", "printf %.1f 0,5"], env=german, capture_output=True,
                                  text=True, check=False)
            self.assertEqual(half.stdout, "0,5", "a locale with a decimal comma is there")
            told = []
            for environ in ({"LC_ALL": "C"}, german):
                daemon = self.serve(**environ)
                answers = [daemon.get(target)[2] for target in FIGURES]
                for command in (["export", "--format", "influx"], ["breakeven"], ["query", "--from",
                                "2025-11-01", "--to", "2025-11-03"]):
                    done = subprocess.run([api_contract.BINARY, *command], check=True,
                                          env=daemon.environment, capture_output=True)
                    answers.append(done.stdout)
                told.append(answers)
                self.assertEqual(daemon.stop(), 0)
        self.assertEqual(*told)

    def test_numbers_read_back_as_the_doubles_that_are_stored(self):
        daemon = self.serve()
        series = json.loads(daemon.get(
            "/api/v1/hashprice?from=2025-07-01&to=2025-12-01&step=raw&fields=close&format=columns")[2])
        file = os.path.join(daemon.home.name, "hashprice", "hashprice.db")
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
            stored = dict(database.execute("SELECT time, usd_per_ph_day FROM v_hashprice"))
        database.close()
        columns = series["columns"]
        self.assertGreater(len(columns["close"]), 100)
        for time_s, close in zip(columns["time_s"], columns["close"]):
            self.assertEqual(close, stored[time_s])


if __name__ == "__main__":
    api_contract.BINARY = sys.argv.pop(1)
    unittest.main()
