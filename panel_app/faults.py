"""What can't be answered, in one shape from every route: `{"error": sentence}`."""

import logging
from typing import Any

import duckdb
from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException as StarletteHTTPException

from leadline.errors import AwayError, LateError, LeadlineError, StoreError, first_line, inner

_LOG = logging.getLogger("leadline")
MEANS = {
    401: "A token or a password is needed, and none that holds was given.",
    403: "The host or the origin may not ask.",
    404: "There is nothing at this address.",
    405: "The method is none that this address answers.",
    409: "The store is not one in which this may be done.",
    413: "The body is longer than it may be.",
    422: "Something in the address or the body can't be used; the sentence says what.",
    429: "Too many questions in too short a time.",
    500: "A mistake of the server's own; its log has the rest.",
    503: "The store can't serve it now.",
    504: "The question took longer than it may.",
}
_NOTHING = "there is nothing here; /api lists the views"


def wrong(sentence: str, status: int = 422) -> HTTPException:
    """Return what a route raises for an address that can't be used."""
    return HTTPException(status, sentence)


def add(app: FastAPI) -> None:
    """Have an app tell each error as one sentence, also those that the framework raises."""

    @app.exception_handler(LeadlineError)
    async def told(request: Request, error: LeadlineError) -> JSONResponse:
        status = {LateError: 504, StoreError: 503, AwayError: 503}.get(type(error), 422)
        return _answer(status, str(error))

    @app.exception_handler(duckdb.Error)
    async def stopped(request: Request, error: duckdb.Error) -> JSONResponse:
        if told := inner(error):  # the store's service
            return _answer(503, str(told))
        if isinstance(error, duckdb.OutOfMemoryException):
            return _answer(503, f"query: {first_line(error)}; ask for less")
        if isinstance(error, duckdb.DataError):  # a cell that its own view can't turn into another
            return _answer(422, f"query: {first_line(error)}")
        return _broken(request, error)

    @app.exception_handler(StarletteHTTPException)
    async def refused(request: Request, error: StarletteHTTPException) -> JSONResponse:
        where = f"{request.method} {request.url.path[:200]}"
        sentence = str(error.detail)
        if type(error) is not HTTPException:  # the framework's own
            methods = (error.headers or {}).get("Allow", "GET")
            said = {404: _NOTHING, 405: f"only {methods} is answered"}
            sentence = f"{where}: {said.get(error.status_code, sentence)}"
        return _answer(error.status_code, sentence, error.headers)

    @app.exception_handler(RequestValidationError)
    async def unfit(request: Request, error: RequestValidationError) -> JSONResponse:
        return _answer(422, _sentence(error))

    @app.exception_handler(Exception)
    async def broken(request: Request, error: Exception) -> JSONResponse:
        return _broken(request, error)


def _answer(status: int, sentence: str, headers: Any = None) -> JSONResponse:
    return JSONResponse({"error": " ".join(sentence.split())}, status, headers)


def _broken(request: Request, error: Exception) -> JSONResponse:
    _LOG.error("%s: %s", request.url.path, type(error).__name__, exc_info=error)
    where = f"{request.method} {request.url.path[:200]}"
    return _answer(500, f"{where}: {type(error).__name__} stopped it; the server's log says more")


def _sentence(error: RequestValidationError) -> str:
    """Say the first thing that does not fit, where it stands and how many more there are."""
    first, *rest = error.errors()
    place = [str(each) for each in first["loc"]]
    if first["type"] == "json_invalid":
        why = first.get("ctx", {}).get("error", "it can't be read")
        return f"body: it is no JSON, {str(why)[:1].lower()}{str(why)[1:]}"
    where = ".".join(place[1:] if len(place) > 1 else place)
    what = str(first["msg"])
    more = f"; {len(rest)} more like it" if rest else ""
    return f"{where}: {what[:1].lower()}{what[1:]}{more}"
