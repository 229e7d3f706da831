"""The engines that a user would pick instead, loaded with as many points as a chain has blocks."""
import http.client
import math
import os
import subprocess
import sys
import urllib.parse

from bench_tools import Server, free_port, memory_mb, there

POINTS, STEP, DAY = 930_000, 600, 86_400
YEAR = 365 * DAY
END = 1_767_225_600  # 2026-01-01
# name, length of the range; 0: the latest value
QUESTIONS = (("latest value", 0), ("one year, daily means", YEAR), ("all history, daily means", 17 * YEAR))


def points():
    for i in range(POINTS):
        yield END - (POINTS - 1 - i) * STEP, 50 + 10 * math.sin(i / 9000) + (i * 7919 % 1000) / 1000


def line_protocol():
    lines = [f"hashprice usd={value:.6f} {t}000000000" for t, value in points()]
    return ["\n".join(lines[at:at + 20_000]).encode() for at in range(0, len(lines), 20_000)]


def post(server, path, bodies):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    for body in bodies:
        connection.request("POST", path, body)
        answer = connection.getresponse()
        answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{path}: {answer.status}")


def prometheus_path(begin, end):
    """Prometheus' question, which VictoriaMetrics understands too."""
    quoted = urllib.parse.quote
    if begin == end:
        return f"/api/v1/query?query={quoted('last_over_time(hashprice_usd[1h])')}&time={end}"
    return (f"/api/v1/query_range?query={quoted('avg_over_time(hashprice_usd[1d])')}"
            f"&start={begin}&end={end}&step=86400")


def influx_path(begin, end):
    query = ("SELECT last(usd) FROM hashprice" if begin == end else
             f"SELECT mean(usd) FROM hashprice WHERE time > {begin}s AND time <= {end}s GROUP BY time(1d)")
    return f"/query?db=bench&q={urllib.parse.quote(query)}"


def our_path(begin, end):
    """What the others answer with: a time and the mean."""
    if begin == end:
        return "/api/v1/hashprice/latest"
    return f"/api/v1/hashprice?from={begin}&to={end}&step=1d&max_points=8000&fields=mean&format=columns"


def our_whole_path(begin, end):
    """Each day with its two times, five figures and coverage."""
    if begin == end:
        return "/api/v1/hashprice/latest"
    return f"/api/v1/hashprice?from={begin}&to={end}&step=1d&max_points=8000"


def victoria(bench):
    port, folder = free_port(), f"{bench.folder}/victoria"
    server = Server([there("victoria-metrics"), f"-storageDataPath={folder}", f"-httpListenAddr=127.0.0.1:{port}",
                     "-retentionPeriod=100y", "-search.latencyOffset=0s", "-search.maxPointsPerTimeseries=100000"],
                    port, "/health")
    post(server, "/write", line_protocol())
    server.get("/internal/force_flush")
    return server, prometheus_path


def influx(bench):
    port, folder = free_port(), f"{bench.folder}/influx"
    os.makedirs(folder)
    with open(f"{folder}/influx.conf", "w", encoding="ascii") as file:
        file.write(f"""reporting-disabled = true
bind-address = "127.0.0.1:{free_port()}"
[meta]
dir = "{folder}/meta"
[data]
dir = "{folder}/data"
wal-dir = "{folder}/wal"
query-log-enabled = false
[http]
bind-address = "127.0.0.1:{port}"
log-enabled = false
[monitor]
store-enabled = false
""")
    server = Server([there("influxd"), "-config", f"{folder}/influx.conf"], port, "/ping")
    post(server, "/query?q=CREATE%20DATABASE%20bench", [b""])
    post(server, "/write?db=bench", line_protocol())
    return server, influx_path


def prometheus(bench):
    port, folder = free_port(), f"{bench.folder}/prometheus"
    os.makedirs(folder)
    with open(f"{folder}/points.om", "w", encoding="ascii") as file:
        file.write("# TYPE hashprice_usd gauge\n")
        file.writelines(f"hashprice_usd {value:.6f} {t}\n" for t, value in points())
        file.write("# EOF\n")
    # blocks of months: of the usual two hours there would be 77,000
    subprocess.run([there("promtool"), "tsdb", "create-blocks-from", "--max-block-duration=2400h", "openmetrics",
                    f"{folder}/points.om", f"{folder}/data"], check=True, capture_output=True)
    with open(f"{folder}/config.yml", "w", encoding="ascii") as file:
        file.write("global: {}\n")
    return Server([there("prometheus"), f"--config.file={folder}/config.yml", f"--storage.tsdb.path={folder}/data",
                   "--storage.tsdb.retention.time=100y", f"--web.listen-address=127.0.0.1:{port}"],
                  port, "/-/ready"), prometheus_path


def script(folder, path, length):
    """For wrk: every request asks another range."""
    template = path(1111111111, 2222222222).replace("%", "%%").replace("1111111111", "%d").replace("2222222222", "%d")
    file = f"{folder}/ranges.lua"
    with open(file, "w", encoding="ascii") as out:
        out.write(f"""local n = 0
request = function()
    n = n + 1
    local to = {END} - n * 3600 % {YEAR}
    return wrk.format("GET", string.format("{template}", to - {length}, to))
end
""")
    return file


def ask(bench, who, server, path):
    for name, length in QUESTIONS:
        fixed = path(END - length, END)
        server.get(fixed)
        for _ in range(bench.options.rounds):
            bench.table.add(f"{name}, the same question", who, server.rate(fixed)[0], "1/s")
            if length:
                lua = script(bench.folder, path, length)
                bench.table.add(f"{name}, another range each time", who,
                                server.rate(fixed, script=lua)[0], "1/s")
    bench.table.add("memory after these questions", who, memory_mb(server.pid), "MB")


def measure(bench):
    if not there("wrk"):
        print("no wrk: no comparison with other engines", file=sys.stderr)
        return
    from bench_daemon import fill, serve
    database = f"{bench.folder}/chain.db"
    if not os.path.exists(database):
        fill(bench, database, bench.options.chain)
    server = serve(bench, database)
    ask(bench, "product", server, our_path)
    ask(bench, "product, every figure", server, our_whole_path)
    server.end()
    for who, program, start in (("VictoriaMetrics", "victoria-metrics", victoria), ("InfluxDB", "influxd", influx),
                                ("Prometheus", "prometheus", prometheus)):
        if not there(program):
            print(f"{who} is not installed: skipped", file=sys.stderr)
            continue
        server, path = start(bench)
        try:
            ask(bench, who, server, path)
        finally:
            server.end()
        bench.table.print_new()
