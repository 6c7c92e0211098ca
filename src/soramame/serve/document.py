"""The OpenAPI document: what the framework cannot know of bodies, answers and keys."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from soramame.serve.schema import Failure
from soramame.serve.schema_other import DoneData, PreviewData, ProgressData

JSON, FORM = "application/json", "multipart/form-data"
REF = "#/components/schemas/"
WHY = {
    400: "What was asked for cannot be done; `param` says what is wrong.",
    401: "No key, or one that nobody has.",
    403: "Not with this key, or not under this name or from this page.",
    404: "There is nothing by this name.",
    408: "The rest of the request did not come.",
    413: "More than is taken in.",
    429: "Too many; `retry-after` says when to ask again.",
    500: "A mistake in the server, or no room in it.",
    503: "What the server needs gives no answer; `retry-after` says when to ask again.",
}
"""Answers that are no success, all of them with the same body."""
NAMED = {"x-request-id": {"schema": {"type": "string"}, "description": "The request's name in the server's log."}}
LATER = {"retry-after": {"schema": {"type": "string", "pattern": "^[0-9]+$"}, "description": "Seconds."}}
POLLED: dict[int | str, dict[str, Any]] = {
    200: {
        "headers": {
            "openai-poll-after-ms": {
                "schema": {"type": "string", "pattern": "^[0-9]+$"},
                "description": "Milliseconds after which to ask again; only while it is not done.",
            }
        }
    }
}
"""What a route says of a video that may not be done."""
SAID = (Failure, ProgressData, PreviewData, DoneData)
"""What no route names as its answer."""
KEY = {"type": "http", "scheme": "bearer"}
Schema = dict[str, Any]


def failing(*statuses: int, also: type[BaseModel] | None = None) -> dict[int | str, dict[str, Any]]:
    """What a route says of its answers that are no success: for ``responses``. ``also``: another body that they may have."""
    named = [{"$ref": f"{REF}{name}"} for name in ("Failure", *([] if also is None else [also.__name__]))]
    content = {JSON: {"schema": named[0] if also is None else {"anyOf": named}}}
    late = {status: LATER for status in statuses if status in (429, 503)}
    return {
        status: {"description": WHY[status], "content": content, "headers": late.get(status, {})} for status in statuses
    }


def streaming(**events: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    """The same of server-sent events, by name, with what the data of each holds."""
    kinds = [
        {
            "type": "object",
            "required": ["event", "data"],
            "properties": {
                "event": {"const": name},
                "data": {"type": "string", "contentMediaType": JSON, "contentSchema": {"$ref": f"{REF}{one.__name__}"}},
            },
        }
        for name, one in events.items()
    ]
    return {
        200: {"description": "Until it is done.", "content": {"text/event-stream": {"itemSchema": {"anyOf": kinds}}}}
    }


def giving(*types: str, status: int = 200) -> dict[int | str, dict[str, Any]]:
    """The same of a success that is a file or a text of one of these types."""
    told = {200: "The whole of it.", 206: "A part of it."}
    return {status: {"description": told[status], "content": {one: {"schema": _plain(one)} for one in types}}}


UNSENT: dict[int | str, dict[str, Any]] = {
    304: {"description": "It is what `if-none-match` names."},
    416: {"description": "There is nothing in the range."},
}
"""Answers of a route that gives a file, which have no body."""


def _plain(mime: str) -> Schema:
    return {"type": "string"} if mime.startswith("text/") else {"type": "string", "contentMediaType": mime}


EVERYWHERE = failing(400, 401, 403, 413, 500, 503)


CONTENT = "/v1/videos/{video_id}/content"
"""Its head alone may be asked for too, which the document does not tell."""


def describe(app: FastAPI, bodies: Collection[type[BaseModel]], *, keys: bool) -> None:
    """Let an app's document tell of the ``bodies`` that its routes name, and of keys if there are any."""
    plain = app.openapi

    def openapi() -> Schema:
        if app.openapi_schema is None:
            _complete(plain(), bodies, keys=keys)
        return app.openapi_schema or {}

    app.openapi = openapi  # type: ignore[method-assign]


def methods(app: FastAPI, path: str) -> set[str]:
    """Those that the document tells of at an address; the framework knows only those of the first route that fits."""
    paths = app.openapi()["paths"]
    fits = [path] if path in paths else [one for one in paths if re.fullmatch(re.sub(r"{\w+}", "[^/]+", one), path)]
    told = {method.upper() for one in fits for method in paths[one]}
    return told | {"HEAD"} if CONTENT in fits else told


def _complete(document: Schema, bodies: Collection[type[BaseModel]], *, keys: bool) -> None:
    every: list[tuple[type[BaseModel], JsonSchemaMode]] = [(one, "validation") for one in bodies]
    every += [(one, "serialization") for one in SAID]
    defined: Schema = models_json_schema(every, ref_template=f"{REF}{{model}}")[1]["$defs"]
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name, one in defined.items():
        schemas.setdefault(name, one)
    for name in ("HTTPValidationError", "ValidationError"):  # this server tells it otherwise
        schemas.pop(name, None)
    ways = Schema()
    for name in (body.__name__ for body in bodies):
        ways[name] = {}
        for mime, suffix, one in (
            (JSON, "", _as_json(defined[name])),
            (FORM, "Form", _as_form(defined[name], defined)),
        ):
            schemas.pop(f"{name}{suffix}", None)
            if one is not None:
                schemas[f"{name}{suffix}"] = one
                ways[name][mime] = {"schema": {"$ref": f"{REF}{name}{suffix}"}}
    document["components"]["securitySchemes"] = {"key": KEY}
    for path, methods in document["paths"].items():
        for operation in methods.values():
            _operation(operation, ways)
            if path.startswith("/v1/"):
                operation["security"] = [{"key": []}] if keys else [{}, {"key": []}]


def _operation(operation: Schema, ways: Schema) -> None:
    """Its body as it may come, and its answers without those that only the framework's own checks would give."""
    responses: Schema = operation["responses"]
    responses.pop("422", None)
    if (body := operation.get("requestBody")) is not None:
        responses.update({str(status): one for status, one in failing(408).items()})
        body["content"] = ways[body["content"][JSON]["schema"]["$ref"].removeprefix(REF)]
    for one in responses.values():
        one["headers"] = NAMED | one.get("headers", {})
    operation["responses"] = dict(sorted(responses.items()))


def _options(field: Schema) -> list[Schema]:
    """What a field may be, without null."""
    return [one for one in field.get("anyOf", [field]) if one.get("type") != "null"]


def _is_file(one: Schema) -> bool:
    return "contentMediaType" in one or "contentMediaType" in one.get("items", {})


def _as_json(schema: Schema) -> Schema | None:
    """Without files, which JSON cannot hold; None if it needs one."""
    properties = Schema()
    for name, field in schema["properties"].items():
        if any(not _is_file(one) for one in _options(field)):
            kept = [one for one in field.get("anyOf", []) if not _is_file(one)]
            properties[name] = field | ({"anyOf": kept} if kept else {})
        elif name in schema.get("required", ()):
            return None
    return schema | {"properties": properties}


def _as_form(schema: Schema, defined: Schema) -> Schema:
    """With files, and with names in brackets where JSON has a table in a table: ``video`` or ``video[id]``."""
    properties, either = Schema(), list[Schema]()
    for name, field in schema["properties"].items():
        ways = _ways(name, field, defined)
        properties |= ways
        if name in schema.get("required", ()):
            either.append({"anyOf": [{"required": [way]} for way in ways]})
    needed = [one["anyOf"][0]["required"][0] for one in either if len(one["anyOf"]) == 1]
    either = [one for one in either if len(one["anyOf"]) > 1]
    told = {"type": "object", "title": f"{schema['title']}Form", "description": schema["description"]}
    told |= {"additionalProperties": False, "properties": properties}
    return told | ({"required": needed} if needed else {}) | ({"allOf": either} if either else {})


def _ways(name: str, field: Schema, defined: Schema) -> Schema:
    """Names that a field may have in a form, and what is under each."""
    plain, ways = list[Schema](), Schema()
    for one in _options(field):
        items = one.get("items", {})
        if "$ref" in one:
            ways |= _bracketed(f"{name}[{{}}]", one, defined)
        elif "$ref" in items:
            ways |= _bracketed(f"{name}[][{{}}]", items, defined)
        elif items.get("type") == "array":
            plain.append({"type": "string", "contentMediaType": JSON, "contentSchema": one})
        elif items and not _is_file(one):
            ways[f"{name}[]"] = one | {"items": next(each for each in _options(items) if each["type"] == "string")}
        else:
            plain.append(one)
    if plain:
        ways = {name: plain[0] if len(plain) == 1 else {"anyOf": plain}} | ways
    return ways


def _bracketed(name: str, reference: Schema, defined: Schema) -> Schema:
    inner = defined[reference["$ref"].removeprefix(REF)]["properties"]
    return {name.format(key): _options(field)[0] for key, field in inner.items()}
