#!/usr/bin/python3
"""architecture.py itself: each kind of violation, planted in a small tree, is found and named."""
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.dont_write_bytecode = True
import architecture  # noqa: E402

# A small house in order: an arrow of each allowed kind.
SOUND = {
    "domain/facts.hpp": "#pragma once\n#include <string>\n",
    "domain/CMakeLists.txt": "hp_room(domain SOURCES facts.cpp)\n",
    "trend/series.hpp": '#include "domain/facts.hpp"\n',
    "storage/connection.hpp": "#include <SQLiteCpp/SQLiteCpp.h>\n",
    "storage/store.cpp": '#include "storage/connection.hpp"\n#include <sqlite3.h>\n',
    "storage/migrations/first.cpp": "#include <SQLiteCpp/Database.h>\n",
    "storage/CMakeLists.txt": "hp_room(storage SOURCES store.cpp PUBLIC hp_domain\n  PRIVATE sqlite3)",
    "ingest/derive.cpp": '#include "storage/store.hpp"\n#include <simdjson.h>\n',
    "ingest/transport/curl_transport.cpp": '#include <curl/curl.h>\n#include "domain/clock.hpp"\n',
    "ingest/CMakeLists.txt": "hp_room(ingest SOURCES derive.cpp PUBLIC hp_storage)\n",
    "config/load.cpp": '#include "domain/result.hpp"\n#include <toml++/toml.h>\n',
    "ingest/derive/observe.hpp": '#include "storage/store.hpp"\n',
    "service/answers/latest.cpp": '#include "storage/store.hpp"\n#include "service/version.hpp"\n',
    "service/answers/explain.hpp": '#include "ingest/derive/derive.hpp"\n',
    "service/http/server.cpp": '#include <microhttpd.h>\n#include "service/answers/latest.hpp"\n',
    "service/http/CMakeLists.txt": "hp_room(http SOURCES server.cpp PUBLIC hp_storage)\n",
    "service/notify/webhook.cpp": '#include "ingest/transport/transport.hpp"\n',
    "service/notify/CMakeLists.txt": "hp_room(notify SOURCES webhook.cpp PRIVATE hp_ingest)\n",
    "service/cli/arguments.cpp": "#include <CLI/CLI.hpp>\n",
    "service/app/clock.cpp": "auto t = std::chrono::system_clock::now(); auto h = getenv(\"HOME\");\n",
    "service/main.cpp": '#include "service/app/app.hpp"\n#include "service/cli/arguments.hpp"\n',
    "tests/storage/store_test.cpp": '#include "storage/connection.hpp"\n#include <gtest/gtest.h>\n',
    "tests/storage/CMakeLists.txt": "hp_test(storage SOURCES store_test.cpp LIBS hp_storage)\n",
    "tests/support/upstream.cpp": "#include <microhttpd.h>\n",
    "tests/bench/http_bench.cpp": '#include <microhttpd.h>\n#include <curl/curl.h>\n',
    "tests/e2e/daemon_test.cpp": '#include "tests/support/upstream.hpp"\n#include <sqlite3.h>\n',
    "ingest/starter/days.inc": "{1, 2},\n" * 500,
    "build/dev/stray.cpp": "#include <curl/curl.h>\n",
}

# path, what is planted there, words that the finding must hold
PLANTED = {
    "a room above": ("domain/a.cpp", '#include "storage/store.hpp"', "domain may not know storage"),
    "a sister": ("trend/a.cpp", '#include "storage/store.hpp"', "trend may not know storage"),
    "config and storage": ("config/a.cpp", '#include "storage/s.hpp"', "config may not know storage"),
    "storage and ingest": ("storage/a.cpp", '#include "ingest/d.hpp"', "storage may not know ingest"),
    "ingest and service": ("ingest/a.cpp", '#include "service/app/app.hpp"', "ingest may not know"),
    "decoders and storage": ("ingest/sources/mempool/a.cpp", '#include "storage/store.hpp"',
                             "ingest/sources may not know storage"),
    "transport and storage": ("ingest/transport/a.cpp", '#include "storage/store.hpp"',
                              "ingest/transport may not know storage"),
    "http and cli": ("service/http/a.cpp", '#include "service/cli/a.hpp"', "may not know service/cli"),
    "cli and http": ("service/cli/a.cpp", '#include "service/http/a.hpp"', "may not know service/http"),
    "notify and sinks": ("service/notify/a.cpp", '#include "service/sinks/a.hpp"',
                         "service/notify may not know service/sinks"),
    "sinks and derive": ("service/sinks/a.cpp", '#include "ingest/derive.hpp"',
                         "service/sinks may not know ingest"),
    "answers and sources": ("service/answers/a.cpp", '#include "ingest/sources/source.hpp"',
                            "service/answers may not know ingest/sources"),
    "derivation and its collector": ("ingest/derive/a.cpp", '#include "ingest/collector.hpp"',
                                     "ingest/derive may not know ingest"),
    "answers and main": ("service/answers/a.cpp", '#include "service/main.hpp"',
                         "service/answers may not know service"),
    "http and app": ("service/http/a.cpp", '#include "service/app/app.hpp"', "may not know service/app"),
    "a test of another room": ("tests/domain/a.cpp", '#include "storage/store.hpp"',
                               "tests/domain may not know storage"),
    "a product that needs its tests": ("domain/a.cpp", '#include "tests/support/a.hpp"',
                                       "domain may not know tests"),
    "a private header": ("ingest/a.cpp", '#include "storage/connection.hpp"', "private"),
    "curl": ("service/notify/a.cpp", "#include <curl/curl.h>", "may be seen only by ingest/transport"),
    "simdjson": ("service/http/a.cpp", "#include <simdjson.h>", "may be seen only by ingest"),
    "SQLiteCpp": ("ingest/a.cpp", "#include <SQLiteCpp/Database.h>", "may be seen only by storage"),
    "sqlite3 in a header": ("storage/a.hpp", "#include <sqlite3.h>", "may be seen only by storage"),
    "microhttpd": ("service/app/a.cpp", "#  include <microhttpd.h>", "seen only by service/http"),
    "CLI11 elsewhere": ("service/app/a.cpp", "#include <CLI/App.hpp>", "seen only by service/cli"),
    "CLI11 twice": ("service/cli/b.cpp", "#include <CLI/App.hpp>", "one file only"),
    "toml": ("service/app/a.cpp", "#include <toml++/toml.h>", "may be seen only by config"),
    "systemd": ("service/http/a.cpp", "#include <systemd/sd-daemon.h>", "seen only by service/app"),
    "the time of day": ("ingest/a.cpp", "auto t = std::chrono::system_clock::now();", "time of day"),
    "time()": ("storage/a.cpp", "auto t = time(nullptr);", "time of day"),
    "the environment": ("config/a.cpp", 'auto h = std::getenv("HOME");', "environment"),
    "a relative include": ("domain/a.cpp", '#include "facts.hpp"', "named from the root"),
    "ours in angle brackets": ("trend/a.cpp", "#include <domain/facts.hpp>", "is our own"),
    "an unknown room": ("misc/a.cpp", "int x;", "no room"),
    "a long file": ("domain/a.cpp", "\n" * 301, "301 lines"),
    "a long script": ("run", "\n" * 301, "301 lines"),
    "a link upward": ("domain/CMakeLists.txt", "hp_room(domain SOURCES a.cpp PUBLIC hp_storage)",
                      "domain may not link hp_storage"),
    "a link by hand": ("storage/CMakeLists.txt",
                       "hp_room(storage SOURCES a.cpp)\ntarget_link_libraries(hp_storage PRIVATE\n"
                       "  hp_http)", "storage may not link hp_http"),
    "a link past the answers": ("service/answers/CMakeLists.txt",
                                "hp_room(answers SOURCES a.cpp PUBLIC hp_http)",
                                "service/answers may not link hp_http"),
    "a link of a test": ("tests/domain/CMakeLists.txt", "hp_test(domain SOURCES a.cpp LIBS hp_storage)",
                         "tests/domain may not link hp_storage"),
    "globbing": ("trend/CMakeLists.txt", "file(GLOB files *.cpp)", "not globbed"),
}


def found_in(files):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return architecture.violations(folder)


class Architecture(unittest.TestCase):
    def test_a_sound_house_has_no_violation(self):
        self.assertEqual(found_in(SOUND), [])

    def test_each_planted_violation_is_found_where_it_stands(self):
        for kind, (path, text, words) in PLANTED.items():
            with self.subTest(kind):
                found = found_in(SOUND | {path: text})
                self.assertEqual([f[0] for f in found], [path])
                self.assertIn(words, found[0][2])

    def test_the_line_is_named(self):
        found = found_in(SOUND | {"domain/a.cpp": "// one\n\n  # include <curl/curl.h>\n"})
        self.assertEqual([f[:2] for f in found], [("domain/a.cpp", 3)])

    def test_comments_and_strings_call_nothing(self):
        text = ('// getenv("X")\n/* system_clock::now()\n */ auto s = "time(nullptr)";\n'
                "char c = '\"'; int n = 1'000; // environ\n")
        self.assertEqual(found_in(SOUND | {"domain/a.cpp": text}), [])

    def test_three_hundred_lines_are_allowed(self):
        self.assertEqual(found_in(SOUND | {"domain/a.cpp": "\n" * 300}), [])


if __name__ == "__main__":
    unittest.main()
