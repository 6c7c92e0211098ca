"""Everything that can go wrong for a client, in the one shape that official clients turn into their exceptions."""

from __future__ import annotations

import errno
import logging
import re
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException

from soramame.errors import OutputError, SoramameError
from soramame.serve.document import methods

log = logging.getLogger("soramame.serve")
TYPES = {401: "authentication_error", 403: "permission_error", 404: "not_found_error", 429: "rate_limit_error"}
CODES = {401: "invalid_api_key", 404: "not_found", 405: "method_not_allowed", 413: "request_too_large"}
SENTENCES = {
    404: "there is nothing at this address.",
    405: "this address does not know this method.",
    503: "the database gives no answer; try again in a moment.",
}


class Refusal(Exception):
    """An answer that is not a success."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.param, self.retry_after = status, message, param, retry_after
        self.code = code or CODES.get(status)


def answer(refusal: Refusal) -> JSONResponse:
    """Its body and headers."""
    kind = TYPES.get(refusal.status, "invalid_request_error" if refusal.status < 500 else "server_error")
    body = {"message": refusal.message, "type": kind, "param": refusal.param, "code": refusal.code}
    headers = {}
    if refusal.retry_after is not None:
        headers["retry-after"] = str(max(1, round(refusal.retry_after)))
    return JSONResponse({"error": body}, refusal.status, headers)


def invalid(errors: Any) -> Refusal:
    """The first of what pydantic found wrong, in a sentence."""
    first = errors[0]
    where = [str(part) for part in first["loc"] if part not in ("body", "query", "path", "header")]
    # Behind the name of a field that takes one of several kinds come the names of the kinds.
    param = ".".join(part for part in where if re.fullmatch("[a-z0-9_]+", part))
    if param in ("input_reference", "video", "mask", "last_image", "second") and isinstance(first.get("input"), str):
        told = f"Invalid type for '{param}': expected a file, but got a string instead."
        return Refusal(400, told, code="invalid_type", param=param)
    match first["type"]:
        case "missing":
            return Refusal(
                400, f"Missing required parameter: '{param}'.", code="missing_required_parameter", param=param
            )
        case "extra_forbidden":
            return Refusal(400, f"Unknown parameter: '{param}'.", code="unknown_parameter", param=param)
        case "value_error":
            told = str(first["msg"]).removeprefix("Value error, ")
            return Refusal(400, f"Invalid value for '{param}': {told}", code="invalid_value", param=param)
    return Refusal(400, f"Invalid value for '{param}': {first['msg']}.", code="invalid_value", param=param or None)


def install(app: FastAPI) -> None:
    """Let an app answer so, whatever happens in it."""

    @app.exception_handler(Refusal)
    async def refused(request: Request, error: Refusal) -> JSONResponse:
        return answer(error)

    @app.exception_handler(SoramameError)
    async def told(request: Request, error: SoramameError) -> JSONResponse:
        retry = 5.0 if error.http_status in (429, 503) else None
        return answer(Refusal(error.http_status, str(error), code=error.code, retry_after=retry))

    @app.exception_handler(RequestValidationError)
    @app.exception_handler(ValidationError)
    async def wrong(request: Request, error: RequestValidationError | ValidationError) -> JSONResponse:
        return answer(invalid(error.errors()))

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        response = answer(Refusal(error.status_code, SENTENCES.get(error.status_code, str(error.detail))))
        if error.status_code == 405:
            told = ", ".join(sorted(methods(app, request.url.path)))
            response.headers["allow"] = told or (error.headers or {}).get("Allow", "")
        return response

    @app.exception_handler(OperationalError)
    @app.exception_handler(InterfaceError)
    @app.exception_handler(InternalError)  # of one that takes no writes any more, or gave up a transaction
    @app.exception_handler(PoolTimeoutError)
    async def no_database(request: Request, error: Exception) -> JSONResponse:
        log.error("the database: %s", error)
        refusal = Refusal(503, SENTENCES[503], code="database_unavailable", retry_after=2)
        return _once(request, answer(refusal))

    @app.exception_handler(OSError)
    async def no_room(request: Request, error: OSError) -> JSONResponse:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise error
        log.error("%s %s: %s", request.method, request.url.path, error)
        refusal = Refusal(OutputError.http_status, "there is no room for what came.", code=OutputError.code)
        return _once(request, answer(refusal))

    @app.exception_handler(Exception)
    async def mistake(request: Request, error: Exception) -> JSONResponse:
        log.error("%s %s", request.method, request.url.path, exc_info=error)
        refusal = Refusal(500, "a mistake in the server, not yours; its log says more.", code="server_error")
        return _once(request, answer(refusal))


def _once(request: Request, response: JSONResponse) -> JSONResponse:
    """Official clients ask again after an error of the server. What may have been done is not to be done twice, unless the client names
    it by a key.
    """
    if request.method == "POST" and "idempotency-key" not in request.headers:
        response.headers["x-should-retry"] = "false"
    return response
