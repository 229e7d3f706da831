"""The real daemon over a whole chain's history: start, memory, and what questions cost."""
import glob
import json
import os
import subprocess
import sys
import time

from bench_tools import Server, free_port, memory_mb, there

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../e2e/live"))
from installation import Installation, TlsFront, Upstream, cpu_ms, status_kb, trusting, wall_clock  # noqa: E402

YEAR = 365 * 86_400
DAY = 86_400
# name, path without the range, length of the range, how many other ranges it is asked for, and what
# the bare writer writes it from (of raw there is none)
QUESTIONS = (
    ("ten years, daily", "step=1d&max_points=4000", 10 * YEAR, 400, ("bars_1d", DAY)),
    ("all history, daily", "step=1d&max_points=8000", 17 * YEAR, 400, ("bars_1d", DAY)),
    ("one year, hourly", "step=1h&max_points=9000", YEAR, 400, ("bars_1h", 3600)),
    ("one year, daily", "step=1d", YEAR, 4000, ("bars_1d", DAY)),
    ("24 h, raw", "step=raw", DAY, 4000, None),
)


def path_of(query, end, length):
    return f"/api/v1/hashprice?from={end - length}&to={end}&{query}"


def nginx(folder, body):
    """One worker, one static file."""
    with open(f"{folder}/latest", "wb") as file:
        file.write(body)
    port = free_port()
    with open(f"{folder}/nginx.conf", "w", encoding="ascii") as file:
        file.write(f"""daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log /dev/null;
events {{ worker_connections 1024; }}
http {{ access_log off; default_type application/json; keepalive_requests 100000000;
server {{ listen 127.0.0.1:{port}; root {folder}; }} }}
""")
    os.chmod(folder, 0o755)
    return Server([there("nginx"), "-e", "/dev/null", "-p", folder, "-c", f"{folder}/nginx.conf"], port, "/latest")


def serve(bench, database):
    port = free_port()
    return Server([bench.hashprice, "--db", database, "--log-level", "error", "serve", "--no-poll",
                   "--listen", f"127.0.0.1:{port}"], port, "/healthz")


def bare_writer(bench, database, table, step_s):
    """Writes the same bytes for each request, from bars in memory."""
    program = [bench.program("bare_series"), database, table, str(step_s)]
    core = [] if os.cpu_count() == 1 else ["taskset", "-c", "0"]
    process = subprocess.Popen([*core, *program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    return Server.of(process, int(process.stdout.readline()))


def last_day(server):
    latest = json.loads(server.get("/api/v1/hashprice/latest"))
    return latest["time_s"] // DAY * DAY


def fill(bench, database, blocks):
    subprocess.run([bench.program("pipeline_bench"), "fill", database, str(blocks)], check=True)


def polling(bench):
    """Seven sources at their usual pace over TLS, with the whole history: what rest costs."""
    faketime = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
    fake = os.path.join(bench.options.build, "tests/support/fake_upstream")
    if not faketime or not os.path.exists(fake):
        print("no libfaketime: the daemon at rest is not measured", file=sys.stderr)
        return
    folder, clock = f"{bench.folder}/polling", wall_clock(faketime[0])
    os.makedirs(f"{folder}/hashprice")
    fill(bench, f"{folder}/hashprice/hashprice.db", bench.options.chain - 20_000)  # it ends before the sources' present
    upstream = Upstream(fake, bench.options.rest + 120)
    front = TlsFront(upstream.port, folder, clock)
    before = trusting(front.certificate, folder)
    if before is None:
        print("no file system of its own is allowed here: polling goes without TLS", file=sys.stderr)
    base = f"http://127.0.0.1:{upstream.port}" if before is None else f"https://127.0.0.1:{front.port}"
    try:
        rest(bench, Installation(bench.hashprice, clock, folder, base, '[poll]\nbackfill_on_start = "0"\n', 30),
             before or ())
    finally:
        front.close()
        upstream.close()


def rest(bench, place, before):
    daemon = place.serve(before)
    try:
        time.sleep(30)  # what a start asks for
        begin = cpu_ms(daemon)
        time.sleep(bench.options.rest)
        share = (cpu_ms(daemon) - begin) / bench.options.rest / 10
        bench.table.add(f"processor while polling, {bench.options.rest} s", "product", share, "% of a core")
        bench.table.add("memory while polling, full history", "product", status_kb(daemon, "VmRSS") / 1024, "MB")
        bench.table.add("memory while polling, at most", "product", status_kb(daemon, "VmHWM") / 1024, "MB")
    finally:
        daemon.terminate()
        daemon.wait(20)


def measure(bench):
    database = f"{bench.folder}/chain.db"
    fill(bench, database, bench.options.chain)
    polling(bench)
    size = os.path.getsize(database) / bench.options.chain
    bench.table.add(f"database of {bench.options.chain:,} blocks", "product", size, "B/block")
    for _ in range(bench.options.rounds):
        server = serve(bench, database)
        bench.table.add("start to the first healthz", "product", server.ready_ms, "ms")
        bench.table.add("memory when ready", "product", memory_mb(server.pid), "MB")
        server.end()
    server = serve(bench, database)
    try:
        questions(bench, database, server)
        bench.table.add("memory after all questions", "product", memory_mb(server.pid), "MB")
    finally:
        server.end()


def questions(bench, database, server):
    end = last_day(server)
    if not there("wrk"):
        print("no wrk: rates are not measured", file=sys.stderr)
        return
    latest = "/api/v1/hashprice/latest"
    static = nginx(bench.folder, server.get(latest)) if there("nginx") else None
    if static is None:
        print("no nginx: no static file beside ours", file=sys.stderr)
    for _ in range(bench.options.rounds):
        if static:
            bench.table.add("GET latest", "nginx, static file", static.rate("/latest", 64)[0], "1/s")
        bench.table.add("GET latest", "product", server.rate(latest, 64)[0], "1/s")
    if static:
        static.end()
    for question in QUESTIONS:
        series(bench, database, server, end, *question)


def series(bench, database, server, end, name, query, length, others, bars):
    path = path_of(query, end, length)
    what = f"{name} ({len(server.get(path)):,} B): CPU, another range each time"
    bare = bare_writer(bench, database, *bars) if bars else None
    for n in range(bench.options.rounds):
        ranges = [path_of(query, end - (i + others * n) * 3600 % YEAR, length) for i in range(others)]
        if bare:
            bench.table.add(what, "bare writer", bare.cpu_us_each(ranges), "us")
        bench.table.add(what, "product", server.cpu_us_each(ranges), "us")
        per_s, cpu = server.rate(path)
        bench.table.add(f"{name}: repeated, CPU", "product", cpu, "us")
        bench.table.add(f"{name}: repeated", "product", per_s, "1/s")
    if bare:
        bare.process.communicate()  # it ends with its input
    if per_s > 750:  # else it would measure a queue
        bench.table.add(f"{name}: p99 at 500/s", "product", server.p99_ms(path), "ms")
