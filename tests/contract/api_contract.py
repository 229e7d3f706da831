"""Asks every operation of /openapi.json, well and badly, and holds each answer to its schema.

usage: api_contract.py HASHPRICE
The binary is started on a free port over a new database, which holds the starter history. The
questions are made from the document itself, so a route that is added is asked too.
"""
import http.client
import json
import math
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from urllib.parse import quote, urlencode, urlsplit

import jsonschema

from api_page import is_twin, page
from openapi_shape import OPENAPI, fields_of

BINARY = None
SOURCES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
STREAMS = {"/api/v1/events"}  # never end
LONGEST_S = 20
RANGE = {"from": "2025-07-01", "to": "2025-12-01"}  # the starter history has figures there
EXTREME_TIMES = ["1970-01-01", "9999-12-31T23:59:59Z", "-9223372036854775808", "99999999999999999999",
                 "-1000000d", "2025-02-30", "now+1", "", "\u0660", "NaN"]
EXTREME_NUMBERS = ["0", "-0", "-1", "1e308", "1e309", "-1e309", "nan", "inf", "0x10", "1,5", "1.5.1",
                   "9223372036854775807", "9223372036854775808", "", " 1", "1 ", "\u0661"]
EXTREME_TEXTS = ["", "'", '"', "' OR 1=1 --", "../../etc/passwd", "%00", "\u0000", "a" * 3000, "\u202e",
                 "<script>", "{}", "null", "\U0001f600"]


class Daemon:
    def __init__(self, arguments=(), config="", **environ):
        self.home = tempfile.TemporaryDirectory()
        environment = {"HOME": self.home.name, "XDG_STATE_HOME": self.home.name,
                       "XDG_CONFIG_HOME": self.home.name, "PATH": "/usr/bin:/bin", **environ}
        self.environment, self.said = environment, []
        call = [BINARY]
        if config:
            path = os.path.join(self.home.name, "hashprice.toml")
            with open(path, "w", encoding="utf-8") as file:
                file.write(config)
            call += ["--config", path]
        self.process = subprocess.Popen(
            [*call, "serve", "--no-poll", "--listen", "127.0.0.1:0", *arguments],
            stderr=subprocess.PIPE, text=True, env=environment)
        for line in self.process.stderr:
            self.said.append(line)
            found = re.search(r" serves (http://\S+)", line)
            if found:
                self.address = urlsplit(found[1]).netloc
                return
        raise AssertionError("hashprice does not serve")

    def get(self, target, headers=None):
        connection = http.client.HTTPConnection(self.address, timeout=LONGEST_S)
        try:
            connection.request("GET", target, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, answer.getheader("Content-Type", ""), answer.read()
        finally:
            connection.close()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.said += self.process.stderr.readlines()
        status = self.process.wait(timeout=10)
        self.process.stderr.close()
        self.home.cleanup()
        return status


def to_json_schema(schema):
    """OpenAPI's dialect as a JSON Schema: `nullable` becomes a type, references stay."""
    if isinstance(schema, list):
        return [to_json_schema(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: to_json_schema(value) for key, value in schema.items() if key != "nullable"}
    if schema.get("nullable"):
        return {"anyOf": [plain, {"type": "null"}]}
    return plain


def numbers_in(value):
    if isinstance(value, dict):
        for inner in value.values():
            yield from numbers_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from numbers_in(inner)
    elif isinstance(value, float):
        yield value


class Contract(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon()
        status, _, body = cls.daemon.get("/openapi.json")
        assert status == 200
        cls.document = json.loads(body)
        cls.components = to_json_schema(cls.document.get("components", {}).get("schemas", {}))

    @classmethod
    def tearDownClass(cls):
        assert cls.daemon.stop() == 0

    def operations(self):
        for path, item in self.document["paths"].items():
            if path not in STREAMS:
                yield path, item["get"]

    def target(self, path, values):
        query = {}
        for name, value in values.items():
            if "{" + name + "}" in path:
                path = path.replace("{" + name + "}", quote(str(value), safe=""))
            else:
                query[name] = value
        return path + ("?" + urlencode(query) if query else "")

    def ask(self, path, operation, values):
        """One question; its answer is documented, of its schema, and in time."""
        target = self.target(path, values)
        begun = time.monotonic()
        status, media_type, body = self.daemon.get(target)
        where = f"GET {target[:300]} -> {status}"
        self.assertLess(time.monotonic() - begun, LONGEST_S, where)
        if status == 414:
            return status, None
        self.assertIn(str(status), operation["responses"], f"{where}: not documented")
        self.assertNotEqual(status, 500, where)
        content = operation["responses"][str(status)].get("content", {})
        kinds = {kind.split(";")[0] for kind in content}
        self.assertIn(media_type.split(";")[0], kinds, where)
        if "json" not in media_type:
            return status, body.decode("utf-8")
        answer = json.loads(body)
        schema = next(value["schema"] for kind, value in content.items()
                      if kind.split(";")[0] == media_type.split(";")[0])
        self.hold_to(schema, answer, where)
        for number in numbers_in(answer):
            self.assertTrue(math.isfinite(number), where)
        return status, answer

    def hold_to(self, schema, answer, where):
        whole = {**to_json_schema(schema), "components": {"schemas": self.components}}
        errors = list(jsonschema.Draft7Validator(whole).iter_errors(answer))
        self.assertFalse(errors, f"{where}: {errors[0].message[:400] if errors else ''}")

    def good_values(self, operation):
        """What the document itself gives as an example, and a range that holds data."""
        values = {}
        names = {parameter["name"] for parameter in operation.get("parameters", [])}
        if {"from", "to"} <= names:
            values.update(RANGE)
        for parameter in operation.get("parameters", []):
            if parameter["name"] in values:
                continue
            if parameter.get("required"):
                schema = parameter["schema"]
                values[parameter["name"]] = parameter.get(
                    "example", schema.get("example", schema.get("enum", ["1"])[0]))
        return values

    def test_the_document_is_openapi(self):
        jsonschema.Draft7Validator(OPENAPI).validate(self.document)
        ids = [item["get"]["operationId"] for item in self.document["paths"].values()]
        self.assertEqual(len(ids), len(set(ids)))

    def test_the_page_of_the_documents_is_of_this_document(self):
        with open(os.path.join(SOURCES, "docs", "api.md"), encoding="utf-8") as file:
            self.assertEqual(file.read(), page(self.document),
                             "docs/api.md is old: write it anew with tests/contract/api_page.py")

    def test_the_examples_are_of_their_schemas(self):
        for path, operation in self.operations():
            for status, response in operation["responses"].items():
                for kind, content in response.get("content", {}).items():
                    if "example" in content and "json" in kind:
                        self.hold_to(content["schema"], content["example"], f"{path} {status}")

    def test_every_field_says_what_it_is(self):
        for path, name, fields in fields_of(self.document):
            if fields[name].get("format") == "date-time":  # its twin alone needs no words
                self.assertTrue(is_twin(name + "_s", fields), f"{path}: no twin in unix seconds")
            elif is_twin(name, fields):
                continue
            self.assertTrue(fields[name].get("description"), f"{path}: nothing says what it is")

    def test_every_operation_answers(self):
        for path, operation in self.operations():
            with self.subTest(path):
                status, _ = self.ask(path, operation, self.good_values(operation))
                self.assertIn(status, (200, 404, 503))

    def test_every_choice_answers(self):
        for path, operation in self.operations():
            for parameter in operation.get("parameters", []):
                schema = parameter["schema"]
                for choice in schema.get("enum", schema.get("items", {}).get("enum", [])):
                    with self.subTest(path, parameter=parameter["name"], choice=choice):
                        values = {**self.good_values(operation), parameter["name"]: choice}
                        status, _ = self.ask(path, operation, values)
                        self.assertIn(status, (200, 404, 503))

    def test_what_is_required_and_missing_is_named(self):
        for path, operation in self.operations():
            for parameter in operation.get("parameters", []):
                if not parameter.get("required") or parameter["in"] == "path":
                    continue
                values = self.good_values(operation)
                del values[parameter["name"]]
                status, answer = self.ask(path, operation, values)
                self.assertEqual(status, 400, path)
                self.assertEqual(answer["parameter"], parameter["name"])

    def test_an_unknown_parameter_is_refused_by_name(self):
        for path, operation in self.operations():
            values = {**self.good_values(operation), "colour": "blue"}
            status, answer = self.ask(path, operation, values)
            self.assertEqual((status, answer and answer.get("parameter")), (400, "colour"), path)

    def test_no_value_however_odd_breaks_an_operation(self):
        for path, operation in self.operations():
            for parameter in operation.get("parameters", []):
                for odd in EXTREME_TIMES + EXTREME_NUMBERS + EXTREME_TEXTS:
                    with self.subTest(path, parameter=parameter["name"], value=odd[:40]):
                        values = {**self.good_values(operation), parameter["name"]: odd}
                        status, answer = self.ask(path, operation, values)
                        self.assertIn(status, (200, 400, 404, 414, 503))
                        if status == 400:
                            self.assertTrue(answer["detail"])
                            names = {each["name"] for each in operation["parameters"]}
                            if parameter["in"] == "query" and odd != "\u0000":  # no text at all
                                self.assertIn(answer.get("parameter"), names)

    def test_what_is_no_word_of_a_closed_set_is_refused(self):
        for path, operation in self.operations():
            for parameter in operation.get("parameters", []):
                schema = parameter["schema"]
                if "enum" not in schema and "enum" not in schema.get("items", {}):
                    continue
                values = {**self.good_values(operation), parameter["name"]: "bogus"}
                status, answer = self.ask(path, operation, values)
                self.assertIn(status, (400, 404), path)
                if status == 400:
                    self.assertEqual(answer["parameter"], parameter["name"])

    def test_a_range_that_ends_before_it_begins_is_refused_by_name(self):
        asked = 0
        for path, operation in self.operations():
            if {"from", "to"} <= {each["name"] for each in operation.get("parameters", [])}:
                values = {**self.good_values(operation), "from": "2025-12-01", "to": "2025-07-01"}
                status, answer = self.ask(path, operation, values)
                self.assertEqual((status, answer["parameter"]), (400, "to"), path)
                asked += 1
        self.assertGreater(asked, 5)

    def test_what_does_not_go_together_is_refused_by_name(self):
        series, inputs = (self.document["paths"][path]["get"] for path in
                          ("/api/v1/hashprice", "/api/v1/inputs/{input}"))
        ages = {"from": "1970-01-01", "to": "2100-01-01", "step": "1h"}
        for operation, path, values, named in (
                (series, "/api/v1/hashprice", {"step": "1d", "as_of": "2025-11-01"}, "as_of"),
                (series, "/api/v1/hashprice", ages, "step"),
                (inputs, "/api/v1/inputs/{input}", {**ages, "input": "price"}, "step")):
            status, answer = self.ask(path, operation, values)
            self.assertEqual((status, answer.get("parameter")), (400, named), values)

    def test_every_answer_is_documented_with_an_example(self):
        for path, item in self.document["paths"].items():
            content = item["get"]["responses"]["200"]["content"]
            with self.subTest(path):
                self.assertTrue(any("example" in media for media in content.values()))

    def test_an_unknown_path_is_not_found(self):
        status, media_type, body = self.daemon.get("/api/v1/nothing")
        self.assertEqual((status, media_type), (404, "application/problem+json"))
        self.assertEqual(json.loads(body)["status"], 404)


if __name__ == "__main__":
    BINARY = sys.argv.pop(1)
    unittest.main()
