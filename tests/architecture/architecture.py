#!/usr/bin/python3
"""The arrows of ARCHITECTURE.md, checked: who may include, link and call what.

    tests/architecture/architecture.py [ROOT]

Prints one line per violation, "file:line: what, and what would be right", and exits 1 if there is
any. One include root serves all rooms and Debian's /usr/include is open to all, so neither the
compiler nor the linker would notice. The tables below are the architecture; change them together
with ARCHITECTURE.md.
"""
import os
import pathlib
import re
import sys

# Which rooms a room may use, besides itself. A file belongs to the longest name here that its
# path starts with; `X/**` stands for all that lies in X, however deep.
ROOMS = {
    "domain": [],
    "trend": ["domain"],
    "storage": ["domain"],
    "config": ["domain"],
    "ingest": ["domain", "storage", "ingest/**"],
    "ingest/transport": ["domain"],
    "ingest/sources": ["domain", "ingest", "ingest/transport"],
    "ingest/derive": ["domain", "storage"],
    "ingest/starter": ["domain"],
    "ingest/derive": ["domain", "storage"],
    "service/judge": ["domain", "trend", "storage"],
    "service/answers": ["domain", "trend", "storage", "config", "ingest/derive", "service/judge",
                        "service/version.hpp"],
    "service/dashboard": ["domain"],
    "service/http": ["domain", "trend", "storage", "config", "service/answers",
                     "service/dashboard", "service/version.hpp"],
    "service/notify": ["domain", "trend", "storage", "config", "ingest/transport",
                      "service/answers", "service/version.hpp"],
    "service/sinks": ["domain", "trend", "storage", "config", "ingest/transport",
                     "service/answers", "service/version.hpp"],
    "service/cli": ["domain", "trend", "storage", "config", "ingest/**", "service/answers",
                    "service/judge", "service/version.hpp"],
    "service/app": ["domain", "trend", "storage", "config", "ingest/**", "service/**"],
    "service": ["domain", "trend", "storage", "config", "ingest/**", "service/**"],  # main.cpp
    # a room's tests see what the room sees
    "tests/domain": ["domain", "tests/support"],
    "tests/trend": ["domain", "trend", "tests/support"],
    "tests/storage": ["domain", "storage", "tests/support"],
    "tests/config": ["domain", "config", "tests/support"],
    "tests/ingest": ["domain", "storage", "ingest/**", "tests/support"],
    "tests/support": ["domain", "trend", "storage", "config", "ingest/**"],
    "tests": ["domain", "trend", "storage", "config", "ingest/**", "service/**", "tests/**"],
}

# A room's header that only the room itself may see.
PRIVATE_HEADERS = {
    "storage/connection.hpp": ["storage/**", "tests/storage"],
    "storage/statement.hpp": ["storage/**", "tests/storage"],
    "storage/message_rows.hpp": ["storage/**"],
}

# Who may see a library's header: rooms, or single files.
LIBRARIES = {
    r"curl/": ["ingest/transport", "tests/support", "tests/bench/**"],
    r"simdjson\.h": ["ingest/**", "tests/**"],
    r"(SQLiteCpp/|sqlite3\.h)": ["storage/**.cpp", "storage/connection.hpp",
                                "storage/statement.hpp", "tests/**"],
    r"microhttpd\.h": ["service/http", "tests/support", "tests/bench/**"],
    r"CLI/": ["service/cli/**.cpp"],
    r"libfccp/": ["ingest/import/**"],
    r"toml\+\+/": ["config", "tests/config"],
    r"systemd/": ["service/app"],
}
# CLI11 is a second of compile time for each file that includes it.
ONE_FILE_ONLY = [r"CLI/"]

# Calls that reach out of the program, and who may make them.
CALLS = {
    r"system_clock::now\b|\bgettimeofday\b|\bclock_gettime\b|\btime\((nullptr|NULL|0)\)":
        ("the time of day", ["service/app", "tests/**"]),
    r"\b(secure_)?getenv\b|\benviron\b": ("the environment", ["service/app", "tests/**"]),
}

MAX_LINES = 300
COUNTED = {".cpp", ".hpp", ".h", ".js", ".mjs", ".css", ".html", ".py", ".sh", ".cmake"}
SOURCES = {".cpp", ".hpp", ".h", ".inc"}
SKIPPED_FOLDERS = {"build", "__pycache__", "node_modules"}

INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.MULTILINE)
COMMENT_OR_STRING = re.compile(
    r"""//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])'""", re.DOTALL)
CMAKE_COMMENT = re.compile(r"#[^\n]*")
TARGET_MADE = re.compile(r"\b(?:hp_room\s*\(\s*|add_library\s*\(\s*hp_)(\w+)")
TARGET_USED = re.compile(r"\b(?:hp_room\s*\(\s*(\w+)|target_link_libraries\s*\(\s*hp_(\w+)|"
                         r"hp_test\s*\(\s*(\w+))([^)]*)\)")
NO_ROOM = {"options"}  # hp_options: compiler settings, not a room


def matches(path, pattern):
    """`a/b`: the files of that room; `a/**`, `a/**.cpp`: those anywhere below; `a/b.hpp`: that one."""
    folder, deep, ending = pattern.partition("/**")
    if deep:
        return path.startswith(folder + "/") and path.endswith(ending)
    return pattern in (path, room_of(path))


def room_of(path):
    folders = path.split("/")[:-1]
    while folders:
        if "/".join(folders) in ROOMS:
            return "/".join(folders)
        folders.pop()
    return None


def may_use(path, other):
    room = room_of(path)
    return (room is None or room_of(other) == room
            or any(matches(other, pattern) for pattern in ROOMS[room]))


def may_link(user, place):
    """As may_use, but a library may hold more than the part of its room that the user may see."""
    inside = f"{room_of(place)}/"
    return may_use(user, place) or any(p.startswith(inside) for p in ROOMS.get(room_of(user), []))


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def code_only(text):
    """Comments and strings blanked, lines kept."""
    return COMMENT_OR_STRING.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)


def files_of(root):
    """Path (with /) and text of every file that a rule may speak about."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(f for f in folders
                            if f not in SKIPPED_FOLDERS and not f.startswith("."))
        for name in sorted(names):
            path = pathlib.Path(folder, name)
            if path.suffix in COUNTED | SOURCES or name in ("CMakeLists.txt", "run"):
                yield path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")


def check_include(path, quote, name):
    """What is wrong with one #include, or None."""
    top = name.split("/")[0]
    ours = room_of(name) is not None
    if quote == '"' and not ours:
        return f'"{name}" does not start with a room: own files are named from the root'
    if quote == "<" and ours and top in ROOMS:
        return f'<{name}> is our own: write "{name}"'
    if ours:
        allowed = PRIVATE_HEADERS.get(name)
        if allowed and not any(matches(path, pattern) for pattern in allowed):
            return f'"{name}" is private to its room'
        if not may_use(path, name):
            return f'{room_of(path)} may not know {room_of(name)} ("{name}")'
    for library, allowed in LIBRARIES.items():
        if re.match(library, name) and not any(matches(path, pattern) for pattern in allowed):
            return f"<{name}> may be seen only by {', '.join(allowed)}"
    return None


def check_source(path, text):
    if room_of(path) is None:
        yield path, 1, f"no room: give {path.split('/')[0]}/ a line in the tables"
        return
    for found in INCLUDE.finditer(text):
        wrong = check_include(path, *found.groups())
        if wrong:
            yield path, line_of(text, found.start(1)), wrong
    code = code_only(text)
    for call, (what, allowed) in CALLS.items():
        for found in re.finditer(call, code):
            if not any(matches(path, pattern) for pattern in allowed):
                yield (path, line_of(code, found.start()),
                       f"{found.group()}: {what} is asked only in {allowed[0]}; have it handed in")


def check_one_file_only(texts):
    for library in ONE_FILE_ONLY:
        users = [path for path, text in texts.items()
                 if any(matches(path, pattern) for pattern in LIBRARIES[library])
                 and any(re.match(library, found.group(2)) for found in INCLUDE.finditer(text))]
        for path in users[1:]:
            yield path, 1, f"<{library}...> is included in one file only, and {users[0]} does it"


def check_size(path, text):
    suffix = pathlib.PurePath(path).suffix
    counted = suffix in COUNTED or path == "run" or path.endswith("CMakeLists.txt")
    lines = text.count("\n")
    if counted and lines > MAX_LINES:
        yield path, MAX_LINES + 1, f"{lines} lines: a file holds one idea, {MAX_LINES} lines at most"


def check_cmake(texts):
    """Arrows between link targets, by the folders in which they are made; and no globbing."""
    scripts = {p: CMAKE_COMMENT.sub("", t) for p, t in texts.items() if p.endswith("CMakeLists.txt")}
    made = {m.group(1): path for path, text in scripts.items() for m in TARGET_MADE.finditer(text)}
    for path, text in scripts.items():
        for found in re.finditer(r"\bfile\s*\(\s*GLOB", text):
            yield path, line_of(text, found.start()), "sources are listed, not globbed"
        for found in TARGET_USED.finditer(text):
            user = made.get(found.group(1) or found.group(2), path)
            for library in re.findall(r"\bhp_(\w+)", found.group(4)):
                place = made.get(library)
                if library not in NO_ROOM and place and not may_link(user, place):
                    yield (path, line_of(text, found.start()),
                           f"{room_of(user)} may not link hp_{library} of {room_of(place)}")


def violations(root):
    """Every (path, line, what) of the tree under `root`."""
    texts = dict(files_of(pathlib.Path(root)))
    found = [*check_cmake(texts), *check_one_file_only(texts)]
    for path, text in texts.items():
        found += check_size(path, text)
        if pathlib.PurePath(path).suffix in SOURCES:
            found += check_source(path, text)
    return sorted(found)


def main(arguments):
    root = arguments[0] if arguments else pathlib.Path(__file__).resolve().parents[2]
    found = violations(root)
    for path, line, what in found:
        print(f"{path}:{line}: {what}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
