"""docs/api.md, written from /openapi.json: the page cannot say what the program does not.

usage: api_page.py < openapi.json > docs/api.md
"""
import json
import sys

HEAD = """# The HTTP API

Written by `tests/contract/api_page.py` from `/openapi.json`, which the daemon serves and which is made
of the very table that answers. Do not edit this page; a test holds it against the program.

{description}

- Errors are [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) problems, `application/problem+json`,
  and name the `parameter` at fault: 400 for a question that cannot be answered, 404 for a thing that
  is not there, 503 with `Retry-After` when the database cannot answer now.
- A time `x` is RFC 3339, and `x_s` beside it the same in unix seconds, null when `x` is. The tables
  name `x` alone.
- `ETag` changes with the data; ask again with `If-None-Match` and an unchanged answer costs a 304.
- `HEAD` and gzip work everywhere. Long answers are streamed.
- With `http.token_file` set, everything under `/api` and `/metrics` needs
  `Authorization: Bearer TOKEN`; without the right one: 401.
- `http.cors_origins` says which pages of other origins may ask.
"""


def is_twin(name, fields):
    """Whether a field says again, in unix seconds, what the time beside it says."""
    return (name.endswith("_s") and fields.get(name, {}).get("format") == "int64"
            and fields.get(name[:-2], {}).get("format") == "date-time")


def inline(schema):
    """A schema in a few words."""
    if "$ref" in schema:
        return schema["$ref"].rsplit("/", 1)[1]
    if "enum" in schema:
        return ", ".join(f"`{choice}`" for choice in schema["enum"] if choice is not None)
    if schema.get("type") == "array":
        return "list of " + inline(schema.get("items", {}))
    if isinstance(schema.get("additionalProperties"), dict):
        values = schema["additionalProperties"]
        return "object of " + inline(values) + (" or null" if values.get("nullable") else "")
    if "allOf" in schema:
        return inline(schema["allOf"][0])
    if "oneOf" in schema:
        return " or ".join(inline(one) for one in schema["oneOf"])
    return {"date-time": "RFC 3339 time", "int64": "unix seconds"}.get(
        schema.get("format"), schema.get("type", "anything"))


def bounds(schema):
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is None and high is None:
        return ""
    return f" ({'' if low is None else low} … {'' if high is None else high})"


def parameter_rows(operation):
    rows = ["| parameter | default | meaning |", "|---|---|---|"]
    for parameter in operation["parameters"]:
        schema = parameter["schema"]
        default = schema.get("default", "")
        if isinstance(default, list):
            default = ",".join(map(str, default))
        default = "required" if parameter.get("required") else f"`{default}`" if default != "" else ""
        words = inline(schema) + bounds(schema) if schema.get("type") != "string" or "enum" in schema \
            else ""
        text = parameter.get("description", "")
        if words and words not in ("string", "anything"):
            text = f"{text} {words[0].upper()}{words[1:]}." if not words.startswith("`") else \
                f"{text} {words}"
        rows.append(f"| `{parameter['name']}` | {default} | {text.strip()} |".replace("  ", " "))
    return rows


def field_rows(schema, prefix=""):
    """Every field of an object, nested ones by their path."""
    if schema.get("type") == "array":
        return field_rows(schema["items"], prefix + "[]")
    if "oneOf" in schema:
        return field_rows(schema["oneOf"][0], prefix)
    rows = []
    needed = schema.get("required", [])
    fields = schema.get("properties", {})
    for name, field in fields.items():
        if is_twin(name, fields):
            continue
        path = f"{prefix}.{name}" if prefix else name
        notes = [inline(field)]
        if field.get("nullable"):
            notes.append("or null")
        if name not in needed:
            notes.append("(may be missing)")
        rows.append(f"| `{path}` | {' '.join(notes)} | {field.get('description', '')} |")
        if field.get("properties") or field.get("type") == "array":
            rows += field_rows(field, path)
    return rows


def operation_lines(path, operation):
    lines = [f"## GET {path}", "", operation["summary"] + "."]
    if operation.get("description"):
        lines += ["", operation["description"]]
    if operation.get("parameters"):
        lines += ["", *parameter_rows(operation)]
    content = operation["responses"]["200"].get("content", {})
    lines += ["", "Answers with " + " or ".join(f"`{kind}`" for kind in content) + "."]
    for kind, media in content.items():
        fields = field_rows(media["schema"]) if "json" in kind else []
        if fields:
            lines += ["", "| field | type | meaning |", "|---|---|---|", *fields]
        if "example" in media and "json" in kind:
            lines += ["", "```json", json.dumps(media["example"], ensure_ascii=False, indent=1), "```"]
    return lines


def page(document):
    lines = [HEAD.format(description=document["info"].get("description", "").strip()).rstrip()]
    for path, item in document["paths"].items():
        lines += ["", *operation_lines(path, item["get"])]
    return "\n".join(line.rstrip() for line in lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page(json.load(sys.stdin)))
