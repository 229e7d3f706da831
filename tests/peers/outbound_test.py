"""What we send on our own, received by those it is for: Alertmanager, VictoriaMetrics, InfluxDB.

usage: outbound_test.py HASHPRICE
All from Debian (prometheus-alertmanager, victoria-metrics, influxdb); the daemon serves the starter
history, and its sources are a port where nobody listens.
"""
import json
import os
import shutil
import subprocess
import sys
import time
import unittest
import urllib.parse

from peer import Peer, fetch, free_port, wait_for

FIELDS = {  # of a point: column of the CSV
    "usd_per_ph_day": "usd_per_ph_day",
    "sat_per_ph_day": "sat_per_ph_day",
    "btc_price_index_usd": "price_usd",
    "network_difficulty": "difficulty",
    "block_fee_sat_mean": "fee_sat_mean",
    "chain_height": "height",
}
LOOK_S = 150  # the daemon looks at days once a minute, and Alertmanager is told once a minute


class Outbound(Peer):
    def settings(self, more):
        nobody = f"http://127.0.0.1:{free_port()}"
        text = "[poll]\nbackfill_on_start = \"0\"\n"
        for name in ("mempool", "esplora", "blockchain_com", "coinbase", "kraken", "bitstamp",
                     "gemini"):
            text += f'[[source]]\nname = "{name}"\nkind = "{name}"\nbase_url = "{nobody}"\n'
        self.environment["HASHPRICE_CONFIG"] = self.file("hashprice.toml", text + more)

    def import_closes(self, lines):
        path = self.file("closes.csv", "\n".join(
            ["date,close_usd,tip_height,fee_sat_sum_144", *lines]) + "\n")
        self.run_hashprice("import", path)


class Alertmanager(Outbound):
    def setUp(self):
        super().setUp()
        self.address = f"127.0.0.1:{free_port()}"
        config = self.file("am.yml", "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n")
        self.start("/usr/bin/prometheus-alertmanager", f"--config.file={config}",
                   f"--storage.path={self.dir}/am", f"--web.listen-address={self.address}",
                   "--cluster.listen-address=")
        wait_for(f"http://{self.address}/-/ready")

    def alerts(self):
        out = subprocess.run(["/usr/bin/amtool", f"--alertmanager.url=http://{self.address}",
                              "alert", "query", "-o", "json"], check=True, capture_output=True,
                             env=self.environment)
        return json.loads(out.stdout)

    def test_one_alert_while_the_decline_is_active_and_none_after_it_closes(self):
        self.settings(f"""
[[notify]]
name = "am"
kind = "alertmanager"
url = "http://{self.address}"
events = ["episode"]
""")
        self.serve()
        self.eventually(self.alerts)

        (alert,) = self.alerts()
        self.assertEqual(alert["labels"], {
            "alertname": "HashpriceDecline", "denomination": "usd", "rule": "sustained-decline",
            "episode": "sustained-decline-2025-07-11", "severity": "critical"})
        # METHOD section 3: critical on 2025-11-19, peak 63.950158, trough 35.195311, 45 % deep
        self.assertEqual(alert["startsAt"], "2025-11-20T00:00:00.000Z")
        notes = alert["annotations"]
        self.assertAlmostEqual(float(notes["peak"]), 63.950158, places=6)
        self.assertAlmostEqual(float(notes["trough"]), 35.195311, places=6)
        self.assertAlmostEqual(float(notes["depth"]), 0.4496447, places=7)
        self.assertEqual(alert["status"]["state"], "active")

        time.sleep(65)  # sent again, it stays the one alert
        (again,) = self.alerts()
        self.assertEqual(again["fingerprint"], alert["fingerprint"])

        # at 2.5 times the price half of the loss is regained; seven days of that close it
        self.import_closes([f"2025-12-{day:02},225000,{926000 + 144 * day},185000000"
                            for day in range(1, 12)])
        self.eventually(lambda: not self.alerts(), LOOK_S)
        closed = json.loads(self.run_hashprice("declines", "--state", "closed", "--json"))
        self.assertIn("sustained-decline-2025-07-11", [d["id"] for d in closed["declines"]])

    def test_the_test_arrives(self):
        self.settings(f"""
[[notify]]
kind = "alertmanager"
url = "http://{self.address}/"
""")
        self.run_hashprice("notify", "test", "alertmanager")
        self.assertEqual([a["labels"]["alertname"] for a in self.alerts()], ["HashpriceTest"])


class Store(Outbound):
    """A time-series store behind a sink, whatever it is."""
    more = ""

    def open(self):  # at self.port, over self.data
        raise NotImplementedError

    def read(self, field):  # time_s: value
        raise NotImplementedError

    def setUp(self):
        super().setUp()
        self.port = free_port()
        self.data = os.path.join(self.dir, "store")
        self.close = self.open()

    def expect_equal(self, tolerance):
        rows = self.observations()
        times = [int(row["time_s"]) for row in rows]
        # VictoriaMetrics remembers for some seconds that there was no such series
        self.eventually(lambda: sorted(self.read("usd_per_ph_day")) == times)
        for field, column in FIELDS.items():
            found = self.read(field)
            self.assertEqual(sorted(found), times, field)
            for row in rows:
                ours, theirs = float(row[column]), found[int(row["time_s"])]
                self.assertLessEqual(abs(ours - theirs), tolerance * abs(ours), field)

    def has_everything(self):
        (sink,) = json.loads(self.run_hashprice("sink", "list", "--json"))["sinks"]
        return sink["ranges"] == 0 and sink["last_error"] == ""

    def values_stay_equal(self, url, tolerance):
        self.settings(f'[[sink]]\nkind = "influx"\nurl = "{url}"\n{self.more}')
        self.serve()
        self.eventually(self.has_everything)
        self.expect_equal(tolerance)

        self.close()
        shutil.rmtree(self.data)
        self.close = self.open()
        self.assertEqual(self.read("usd_per_ph_day"), {})
        self.run_hashprice("sink", "replay", "--from", "2009-01-03")
        self.eventually(self.has_everything)
        self.expect_equal(tolerance)

        for prices in ((90000, 120000), (95000, 110000)):  # down and up, and once more
            before = self.observations()
            self.import_closes([f"2025-11-15,{prices[0]},923800,260129000",
                                f"2025-07-11,{prices[1]},905146,538392195"])
            self.assertNotEqual(self.observations(), before)
            self.eventually(self.has_everything)
            self.expect_equal(tolerance)


class VictoriaMetrics(Store):
    more = 'revisions = "dedup"\n'

    def open(self):
        end = self.start("/usr/bin/victoria-metrics", f"-storageDataPath={self.data}",
                         f"-httpListenAddr=127.0.0.1:{self.port}", "-retentionPeriod=100y",
                         "-search.latencyOffset=0s", "-dedup.minScrapeInterval=1s")
        wait_for(f"http://127.0.0.1:{self.port}/health")
        return end

    def read(self, field):
        base = f"http://127.0.0.1:{self.port}"
        fetch(f"{base}/internal/force_flush")
        found = {}
        for line in fetch(f"{base}/api/v1/export?match[]=hashprice_{field}"
                          "&start=2009-01-01T00:00:00Z&reduce_mem_usage=0").decode().splitlines():
            series = json.loads(line)
            # of each second the last, and a second ends with its name
            found.update(zip((-(-t // 1000) for t in series["timestamps"]), series["values"]))
        return found

    def test_gives_the_values_of_the_database_also_after_a_loss_and_a_revision(self):
        self.values_stay_equal(f"http://127.0.0.1:{self.port}/write", 1e-12)

    def test_two_daemons_that_send_the_same_points_make_one_series(self):
        self.settings(f'[[sink]]\nkind = "influx"\nurl = "http://127.0.0.1:{self.port}/write"\n'
                      + self.more)
        self.serve()
        self.eventually(self.has_everything)
        self.environment["HASHPRICE_DATABASE_PATH"] = os.path.join(self.dir, "other.db")
        self.serve()
        self.eventually(self.has_everything)
        self.expect_equal(1e-12)


class InfluxDB(Store):
    def open(self):
        self.environment |= {"INFLUXDB_HTTP_BIND_ADDRESS": f"127.0.0.1:{self.port}",
                             "INFLUXDB_BIND_ADDRESS": f"127.0.0.1:{free_port()}",
                             "INFLUXDB_META_DIR": f"{self.data}/meta",
                             "INFLUXDB_DATA_DIR": f"{self.data}/data",
                             "INFLUXDB_DATA_WAL_DIR": f"{self.data}/wal",
                             "INFLUXDB_REPORTING_DISABLED": "true"}
        end = self.start("/usr/bin/influxd", "run", "-config", "/dev/null")
        wait_for(f"http://127.0.0.1:{self.port}/ping")
        self.query("CREATE DATABASE hashprice")
        return end

    def query(self, text):
        body = urllib.parse.urlencode({"q": text}).encode()
        return json.loads(fetch(f"http://127.0.0.1:{self.port}/query?db=hashprice&epoch=s", body))

    def read(self, field):
        (result,) = self.query(f"SELECT {field} FROM hashprice")["results"]
        return dict(result["series"][0]["values"]) if "series" in result else {}

    def test_gives_the_values_of_the_database_also_after_a_loss_and_a_revision(self):
        self.values_stay_equal(f"http://127.0.0.1:{self.port}/write?db=hashprice", 0)


if __name__ == "__main__":
    Peer.binary = sys.argv.pop(1)
    unittest.main()
