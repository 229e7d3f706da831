#!/usr/bin/python3
"""docker/: its files name each other as they are called, and ask for what the image is.

    compose_test.py DOCKER_FOLDER
"""
import json
import pathlib
import re
import sys
import unittest

import yaml

DOCKER = pathlib.Path(sys.argv[1])


def load(path):
    return yaml.safe_load((DOCKER / path).read_text())


class Compose(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.compose = load("compose.yaml")
        cls.services = cls.compose["services"]
        cls.dockerfile = (DOCKER / "Dockerfile").read_text()

    def mounts(self, service):
        """Place in the container to place beside compose.yaml, or the name of a volume."""
        return {mount.split(":")[1]: mount.split(":")[0]
                for mount in self.services[service]["volumes"]}

    def test_what_is_mounted_is_there(self):
        for service in self.services:
            for source in self.mounts(service).values():
                if source.startswith("."):
                    self.assertTrue((DOCKER / source).is_dir(), source)
                else:
                    self.assertIn(source, self.compose["volumes"])

    def test_only_this_machine_reaches_the_ports(self):
        for name, service in self.services.items():
            for port in service.get("ports", []):
                self.assertTrue(port.startswith("127.0.0.1:"), f"{name}: {port}")

    def test_the_daemon_is_confined(self):
        daemon = self.services["hashprice"]
        self.assertTrue(daemon["read_only"])
        self.assertEqual(daemon["cap_drop"], ["ALL"])
        self.assertIn("no-new-privileges:true", daemon["security_opt"])

    def test_prometheus_asks_the_daemon_with_its_token(self):
        scrape = load("prometheus/prometheus.yml")
        job, = scrape["scrape_configs"]
        self.assertEqual(job["static_configs"], [{"targets": ["hashprice:8480"]}])
        token = self.services["hashprice"]["environment"]["HASHPRICE_HTTP_TOKEN_FILE"]
        self.assertEqual(job["authorization"]["credentials_file"], token)
        self.assertEqual(token, "/run/secrets/" + self.services["prometheus"]["secrets"][0])
        for rules in scrape["rule_files"]:
            self.assertTrue((DOCKER / "prometheus" / rules).is_file(), rules)

    def test_grafana_finds_dashboard_and_data_source(self):
        sources = load("grafana/provisioning/datasources/hashprice.yaml")["datasources"]
        for source in sources:
            host = re.fullmatch(r"http://(\w+):\d+", source["url"]).group(1)
            self.assertIn(host, self.services)
        dashboards, = load("grafana/provisioning/dashboards/hashprice.yaml")["providers"]
        mounts = self.mounts("grafana")
        self.assertEqual(mounts["/etc/grafana/provisioning"], "./grafana/provisioning")
        folder = DOCKER / mounts[dashboards["options"]["path"]]
        home = self.services["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
        self.assertEqual(str(pathlib.PurePath(home).parent), dashboards["options"]["path"])
        text = (folder / pathlib.PurePath(home).name).read_text()
        json.loads(text)
        asked_for = set(re.findall(r'"type": "([\w-]+)",\s*"uid": "(hashprice-\w+)"', text))
        self.assertEqual(asked_for, {(source["type"], source["uid"]) for source in sources})

    def test_the_image_runs_as_a_number_and_needs_no_shell(self):
        self.assertRegex(self.dockerfile, r"\nUSER [1-9]\d*:[1-9]\d*\n")
        for what in ("ENTRYPOINT", "CMD"):
            self.assertRegex(self.dockerfile, rf"\n(HEALTHCHECK .* )?{what} \[")
        volume = re.search(r"\nVOLUME (\S+)\n", self.dockerfile).group(1)
        self.assertEqual(self.mounts("hashprice"), {volume: "history"})


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
