"""The part of the OpenAPI 3.0.3 specification that /openapi.json uses, as a JSON Schema.

Strict where the specification is: an unknown key fails, so that a slip in the writer cannot hide.
Source: spec.openapis.org/oas/v3.0.3, the object definitions by name.
"""

TEXT = {"type": "string", "minLength": 1}


def strict(required, optional=None):
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, **(optional or {})},
        "additionalProperties": False,
    }


def any_key(values, **more):
    return {"type": "object", "additionalProperties": values, **more}


def ref(name):
    return {"$ref": f"#/definitions/{name}"}


SCHEMA_OBJECT = {
    "oneOf": [
        strict({"$ref": {"type": "string", "pattern": "^#/components/schemas/"}}),
        strict({}, {
            "type": {"enum": ["string", "number", "integer", "boolean", "array", "object"]},
            "format": TEXT,
            "description": TEXT,
            "nullable": {"type": "boolean"},
            "enum": {"type": "array", "minItems": 1, "uniqueItems": True},
            "default": {},
            "example": {},
            "minimum": {"type": "number"},
            "maximum": {"type": "number"},
            "minLength": {"type": "integer"},
            "maxLength": {"type": "integer"},
            "maxItems": {"type": "integer"},
            "minItems": {"type": "integer"},
            "uniqueItems": {"type": "boolean"},
            "items": ref("schema"),
            "properties": any_key(ref("schema")),
            "required": {"type": "array", "items": TEXT, "minItems": 1, "uniqueItems": True},
            "additionalProperties": {"anyOf": [{"type": "boolean"}, ref("schema")]},
            "allOf": {"type": "array", "items": ref("schema"), "minItems": 1},
            "oneOf": {"type": "array", "items": ref("schema"), "minItems": 1},
            "anyOf": {"type": "array", "items": ref("schema"), "minItems": 1},
        }),
    ]
}

PARAMETER = strict(
    {"name": TEXT, "in": {"enum": ["query", "path"]}, "schema": ref("schema")},
    {
        "description": TEXT,
        "required": {"type": "boolean"},
        "example": {},
        "style": {"enum": ["form", "simple"]},
        "explode": {"type": "boolean"},
    },
)

MEDIA_TYPE = strict({"schema": ref("schema")}, {"example": {}})

RESPONSE = strict({"description": TEXT}, {
    "content": any_key(MEDIA_TYPE),
    "headers": any_key(strict({"schema": ref("schema")}, {"description": TEXT})),
})

OPERATION = strict(
    {
        "operationId": TEXT,
        "summary": TEXT,
        "responses": any_key(RESPONSE, propertyNames={"pattern": "^[1-5][0-9][0-9]$"}),
    },
    {
        "description": TEXT,
        "tags": {"type": "array", "items": TEXT, "minItems": 1},
        "parameters": {"type": "array", "items": PARAMETER},
        "security": {"type": "array", "items": any_key({"type": "array"})},
    },
)

OPENAPI = {
    "definitions": {"schema": SCHEMA_OBJECT},
    **strict(
        {
            "openapi": {"const": "3.0.3"},
            "info": strict({"title": TEXT, "version": TEXT},
                           {"description": TEXT, "license": strict({"name": TEXT})}),
            "paths": any_key(strict({"get": OPERATION}), propertyNames={"pattern": "^/"}),
        },
        {
            "servers": {"type": "array", "items": strict({"url": TEXT})},
            "tags": {"type": "array"},
            "components": strict({"schemas": any_key(ref("schema"))},
                                 {"securitySchemes": any_key({"type": "object"})}),
        },
    ),
}


def fields_in(schema, path):
    """Every field that a schema names, at any depth, with the fields it stands among."""
    fields = schema.get("properties", {})
    for name, field in fields.items():
        yield f"{path}.{name}", name, fields
        yield from fields_in(field, f"{path}.{name}")
    inner = [schema.get("items"), schema.get("additionalProperties")]
    for part in inner + schema.get("oneOf", []) + schema.get("allOf", []):
        if isinstance(part, dict):
            yield from fields_in(part, path + "[]")


def fields_of(document):
    """Every field of every answer."""
    for name, schema in document["components"]["schemas"].items():
        yield from fields_in(schema, name)
    for path, item in document["paths"].items():
        for response in item["get"]["responses"].values():
            for media in response.get("content", {}).values():
                yield from fields_in(media["schema"], path)
