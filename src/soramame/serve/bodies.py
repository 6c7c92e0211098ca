"""Bodies of requests: JSON, forms with brackets in their names, and files, whatever they claim to be."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from typing import Any, TypeVar

from fastapi import Request, UploadFile
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile as AnyUpload

from soramame.serve.errors_http import Refusal
from soramame.serve.schema import LONGEST_URL, Asked, Reference

T = TypeVar("T", bound=Asked)
JSON = LONGEST_URL + (2 << 20)
"""Bytes that JSON may have: a picture as a data URL, and what is said beside it."""
SMALL = 1 << 16
"""Bytes of JSON that are read in no time."""
NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")


async def read(request: Request, kind: type[T], *, empty: bool = False) -> T:
    """The body as a ``kind``, also one of nothing if it may be ``empty``; :class:`Refusal` and pydantic's error say what is wrong."""
    mime = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if mime in ("multipart/form-data", "application/x-www-form-urlencoded"):
        form = await request.form(max_files=64, max_fields=200, max_part_size=LONGEST_URL + 1024)
        request.scope["form"] = form  # what is around all requests lets its files go
        told = unbracketed(form.multi_items())
        for name, value in told.items():  # what is a list or a table in JSON may come as text
            if isinstance(value, str) and value[:1] == "[" and name in ("missing",):
                told[name] = _json(value.encode())
        return kind.model_validate(told)
    data = await _small(request)
    if empty and not data:
        return kind()
    if len(data) <= SMALL:
        return _object(data, kind)
    return await run_in_threadpool(_object, data, kind)  # nobody else is to wait for it


async def _small(request: Request) -> bytes:
    """A body that has to be held in memory as a whole."""
    data = bytearray()
    async for piece in request.stream():
        data += piece
        if len(data) > JSON:
            raise Refusal(413, f"a body of JSON has at most {JSON >> 20} MiB; send files in a form.")
    return bytes(data)


def _object(data: bytes, kind: type[T]) -> T:
    told = _json(data)
    if not isinstance(told, dict):
        raise Refusal(400, "The body has to be a JSON object or a form.", code="invalid_body")
    return kind.model_validate(told)


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Refusal(
            400, "The body is not JSON; say so in content-type if it is a form.", code="invalid_body"
        ) from error


def unbracketed(items: list[tuple[str, Any]]) -> dict[str, Any]:
    """Fields of a form as a table: ``video[id]`` is in ``video``, ``characters[][id]`` in the next of ``characters``.

    :class:`Refusal` where names contradict each other.
    """
    told: dict[str, Any] = {}
    for name, value in items:
        name = "files[]" if name == "files" else name
        match = NAME.fullmatch(name)
        if match is None:
            raise Refusal(400, f"Unknown parameter: '{name[:80]}'.", code="unknown_parameter", param=name[:80])
        _put(told, match[1], re.findall(r"\[([^\[\]]*)\]", match[2])[:4], value, name)
    return told


def _put(table: dict[str, Any], key: str, rest: list[str], value: Any, name: str) -> None:
    twice = Refusal(
        400, f"'{name[:80]}' is given twice, or as two kinds of thing.", code="invalid_value", param=name[:80]
    )
    if not rest:
        if key in table:
            raise twice
        table[key] = value
    elif rest[0] in ("", "0") or rest[0].isdigit():
        found = table.setdefault(key, [])
        if not isinstance(found, list):
            raise twice
        if len(rest) == 1:
            found.append(value)
            return
        if not found or not isinstance(found[-1], dict) or rest[1] in found[-1]:
            found.append({})
        _put(found[-1], rest[1], rest[2:], value, name)
    else:
        found = table.setdefault(key, {})
        if not isinstance(found, dict):
            raise twice
        _put(found, rest[0], rest[1:], value, name)


def data_of(reference: Reference, param: str) -> bytes:
    """The picture of a data URL; :class:`Refusal` for every other address."""
    if reference.file_id is not None or reference.image_url is None:
        told = "there are no stored files here: upload the picture, or give it as image_url, a data URL"
        raise Refusal(400, f"Invalid value for '{param}': {told}.", code="invalid_value", param=param)
    head, comma, body = reference.image_url.partition(",")
    if not (head.startswith("data:") and comma and head.endswith(";base64")):
        told = "the server fetches no addresses: upload the picture, or give a data URL (data:image/png;base64,…)"
        raise Refusal(400, f"Invalid value for '{param}': {told}.", code="invalid_value", param=f"{param}.image_url")
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refusal(
            400, f"Invalid value for '{param}': this is not base64.", code="invalid_value", param=param
        ) from error


async def digest(request: Request, asked: BaseModel) -> str:
    """A hash of all that is asked for."""
    found = hashlib.sha256(request.url.path.encode())
    for name in sorted(asked.model_fields_set):
        value = getattr(asked, name)
        found.update(f"\0{name}\0".encode())
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, UploadFile | AnyUpload):
                while piece := await one.read(1 << 20):
                    found.update(piece)
                await one.seek(0)
            else:
                found.update(repr(one).encode("utf-8", "surrogatepass"))
    return found.hexdigest()
