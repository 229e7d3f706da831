"""What we write for other engines, read by the engines themselves: Prometheus and VictoriaMetrics.

usage: peers_test.py HASHPRICE RULES_DIRECTORY
Both come from Debian (prometheus, victoria-metrics); they run on free loopback ports over data of
their own and end with the test. The figures are those of the starter history.
"""
import json
import os
import shutil
import subprocess
import sys
import time
import unittest
import urllib.parse

from peer import READY_S, Peer, fetch, free_port, wait_for

RULES = None
HERE = os.path.dirname(os.path.abspath(__file__))
METRICS = {  # name for Prometheus and VictoriaMetrics: column of the CSV
    "hashprice_usd_per_ph_day": "usd_per_ph_day",
    "hashprice_sat_per_ph_day": "sat_per_ph_day",
    "hashprice_btc_price_index_usd": "price_usd",
    "hashprice_network_difficulty": "difficulty",
    "hashprice_block_fee_sat_mean": "fee_sat_mean",
    "hashprice_chain_height": "height",
}


class Peers(Peer):
    def hold(self, read, exactly):
        """Every value of every metric as the peer gives it, against the CSV."""
        for metric, column in METRICS.items():
            found = read(metric)
            rows = self.observations()
            self.assertEqual(sorted(found), [int(row["time_s"]) for row in rows], metric)
            for row in rows:
                ours, theirs = float(row[column]), found[int(row["time_s"])]
                if exactly:
                    self.assertEqual(ours, theirs, metric)
                else:
                    self.assertLessEqual(abs(ours - theirs), 1e-12 * abs(ours), metric)

    def prometheus(self, data, config):
        path = os.path.join(self.dir, "prometheus.yml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(config)
        address = f"127.0.0.1:{free_port()}"
        self.start("/usr/bin/prometheus", f"--config.file={path}", f"--storage.tsdb.path={data}",
                   "--storage.tsdb.retention.time=100y", f"--web.listen-address={address}")
        wait_for(f"http://{address}/-/ready")
        return f"http://{address}/api/v1/"

    def test_prometheus_takes_the_openmetrics_export_and_gives_the_same_values(self):
        text = os.path.join(self.dir, "export.om")
        with open(text, "wb") as file:
            file.write(self.run_hashprice("export", "--format", "openmetrics"))
        data = os.path.join(self.dir, "data")
        subprocess.run(["/usr/bin/promtool", "tsdb", "create-blocks-from", "openmetrics", text, data],
                       check=True, capture_output=True)
        api = self.prometheus(data, "global: {}\n")

        def read(metric):
            query = urllib.parse.urlencode({"query": f"{metric}[2y]", "time": 1764633600})
            answer = json.loads(fetch(api + "query?" + query))
            (series,) = answer["data"]["result"]
            return {int(t): float(value) for t, value in series["values"]}

        self.hold(read, exactly=True)

    def test_victoria_metrics_takes_the_influx_export_and_gives_the_same_values(self):
        address = f"127.0.0.1:{free_port()}"
        self.start("/usr/bin/victoria-metrics", f"-storageDataPath={self.dir}/vm",
                   f"-httpListenAddr={address}", "-retentionPeriod=100y", "-search.latencyOffset=0s")
        wait_for(f"http://{address}/health")
        text = self.run_hashprice("export", "--format", "influx")
        for _ in range(2):  # the same points twice are the same points
            fetch(f"http://{address}/write", text)
        fetch(f"http://{address}/internal/force_flush")

        def read(metric):
            lines = fetch(f"http://{address}/api/v1/export?match[]={metric}"
                          "&start=2024-01-01T00:00:00Z&reduce_mem_usage=0").decode().splitlines()
            found = {}
            for line in lines:
                series = json.loads(line)
                found.update(zip((t // 1000 for t in series["timestamps"]), series["values"]))
            return found

        self.hold(read, exactly=False)

    def test_prometheus_scrapes_the_daemon(self):
        address = self.serve("--no-poll")
        api = self.prometheus(os.path.join(self.dir, "data"), f"""
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: ["{RULES}/hashprice.rules.yml"]
scrape_configs:
  - job_name: hashprice
    static_configs: [{{targets: ["{address}"]}}]
""")
        end = time.monotonic() + READY_S
        result = []
        while not result and time.monotonic() < end:
            result = json.loads(fetch(api + "query?query=hashprice_usd_per_ph_day"))["data"]["result"]
            time.sleep(0.2)
        # as of 2025-11-30 24:00, from the starter history's own inputs: D, R and P put into the formula
        earned = 86400e15 * (312500000 + 1286444.548611111) / (149301205959699.9 * 2**48 / 65535)
        self.assertAlmostEqual(float(result[0]["value"][1]), earned / 1e8 * 90381.34, places=9)
        targets = json.loads(fetch(api + "targets"))["data"]["activeTargets"]
        self.assertEqual([target["health"] for target in targets], ["up"])
        with open(os.path.join(RULES, "..", "grafana", "dashboards", "hashprice.json"),
                  encoding="utf-8") as file:
            panels = json.load(file)["panels"]
        for expression in [t["expr"] for panel in panels for t in panel["targets"] if "expr" in t]:
            asked = json.loads(fetch(api + "query?" + urllib.parse.urlencode({"query": expression})))
            self.assertEqual(asked["status"], "success", expression)
        rules = json.loads(fetch(api + "rules"))["data"]["groups"]
        self.assertGreaterEqual(len(rules[0]["rules"]), 6)
        # METHOD 3: active since 2025-09-24, critical since 2025-11-19, trough 2025-11-22: 44.96 %
        firing = {}
        while "HashpriceDeclineDeep" not in firing and time.monotonic() < end:
            alerts = json.loads(fetch(api + "alerts"))["data"]["alerts"]
            firing = {alert["labels"]["alertname"]: alert for alert in alerts
                      if alert["state"] == "firing"}
            time.sleep(0.2)
        self.assertEqual(set(firing), {"HashpriceDecline", "HashpriceDeclineDeep"})
        for alert in firing.values():
            self.assertEqual(alert["labels"]["rule"], "sustained-decline")
        self.assertIn("44.96% below", firing["HashpriceDecline"]["annotations"]["description"])

    def test_the_metrics_are_as_promtool_wants_them(self):
        address = self.serve("--no-poll")
        text = fetch(f"http://{address}/metrics")
        checked = subprocess.run(["/usr/bin/promtool", "check", "metrics"], input=text,
                                 capture_output=True, check=False)
        self.assertEqual((checked.returncode, checked.stdout, checked.stderr), (0, b"", b""))

    def test_the_alert_rules_are_valid_and_fire_on_what_they_are_for(self):
        shutil.copy(os.path.join(RULES, "hashprice.rules.yml"), self.dir)
        shutil.copy(os.path.join(HERE, "rules_test.yml"), self.dir)
        for call in (["check", "rules", "hashprice.rules.yml"], ["test", "rules", "rules_test.yml"]):
            done = subprocess.run(["/usr/bin/promtool", *call], cwd=self.dir, capture_output=True,
                                  text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    RULES = sys.argv.pop(2)
    Peer.binary = sys.argv.pop(1)
    unittest.main()
