"""POST /api/sql: one SELECT of somebody else's, limited, listed while it runs, and cancelled."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from secrets import token_urlsafe
from typing import Any

import pyarrow as pa
from fastapi import FastAPI, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from leadline import clock
from leadline.act import IN_HAND
from leadline.clock import BEGINNING, Span
from leadline.errors import LeadlineError, nearest
from leadline.sandbox import BusyError, Question, Running, Sandbox
from panel_app.address import FORMS
from panel_app.answers import Answers
from panel_app.described import told
from panel_app.stream import poured

_LONGEST = 1_048_576  # bytes of a body
_HELD = 262_144  # bytes that wait, so that the header can say whether they are all
_JUST_AFTER = timedelta(microseconds=1)
_OFF = "sql: it is not open here; write sql = true below [serve] in leadline.toml"
_KEYS: Mapping[str, Mapping[str, Any]] = {
    "sql": {"type": "string", "description": "One SELECT over the views."},
    "since": {"type": "string", "description": "First moment, which is in. Else all of time."},
    "until": {"type": "string", "description": "The moment before which to stop. Else now."},
    "as_of": {"type": "string", "description": "What the store knew then. Else all it knows."},
    "binds": {"type": "object", "description": "What fills $name in the SELECT."},
    "format": {"type": "string", "enum": list(FORMS), "description": "Else json."},
    "limit_s": {"type": "number", "exclusiveMinimum": 0, "description": "Seconds it may take."},
    "max_rows": {"type": "integer", "minimum": 1, "description": "Rows it may have."},
}
_BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object", "required": ["sql"], "additionalProperties": False,
                "properties": {name: dict(each) for name, each in _KEYS.items()},
            }
        }
    },
}  # fmt: skip
_IS = {
    "string": (str, "a text"), "object": (dict, "an object"), "number": (int | float, "a number"),
    "integer": (int, "a whole number"),
}  # fmt: skip


_TOLD: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Its rows, or as many as the limits let through, and then a mark.",
        "content": {kind.partition(";")[0]: {} for kind in FORMS.values()},
    },
    **told(401, 403, 413, 422, 429, 500, 503, 504),
}
_OWN = told(401, 403, 404, 429, 500)


class Room:
    """The questions that run, each known by an id to who asked it."""

    def __init__(self, sandbox: Sandbox, answers: Answers) -> None:
        self._sandbox, self._answers = sandbox, answers
        self._running: dict[str, tuple[str, Running]] = {}

    def question(self, body: bytes) -> tuple[Question, str]:
        """Read a body; an HTTPException says what is wrong with it."""
        said = _read(body)
        limits = self._sandbox.limits
        shown = self._answers.tick().until
        since, until, recorded = (_moment(said, each) for each in ("since", "until", "as_of"))
        if until is not None and until > shown:
            raise _wrong(
                f"until: {clock.stamp(until)} is after {clock.stamp(shown)}, which is shown now; "
                f"leave it out"
            )
        if recorded is not None:
            if recorded > (now := clock.now()):
                raise _wrong(
                    f"as_of: {clock.stamp(recorded)} is after {clock.stamp(now)}, now; leave it out"
                )
            shown = min(shown, recorded + _JUST_AFTER)
        span = Span(since or BEGINNING, until or shown)
        most_s = limits.time.total_seconds()
        question = Question(
            said["sql"], span.since, span.until,
            limit_s=_within(said, "limit_s", most_s), recorded_until=recorded,
            max_rows=int(_within(said, "max_rows", limits.max_rows)), binds=said.get("binds", {}),
        )  # fmt: skip
        return question, said.get("format", "json")

    def take(self, guest: str, question: Question) -> tuple[str, Running]:
        """Make room for a question, and note whose it is."""
        running = self._sandbox.take(question)
        name = token_urlsafe(9)
        self._running[name] = guest, running
        return name, running

    def own(self, guest: str) -> list[dict[str, Any]]:
        """Return what somebody has asked that still runs."""
        return [
            {
                "id": name, "sql": running.question.sql, "seconds": round(running.seconds, 3),
                "n_rows": running.n_rows, "limit_s": running.question.limit_s,
                "max_rows": running.question.max_rows,
            }
            for name, (asked, running) in list(self._running.items())
            if asked == guest
        ]  # fmt: skip

    async def cancel(self, guest: str, name: str) -> None:
        """Stop a question of somebody; whose it is not, to him it is not there."""
        asked, running = self._running.get(name, ("", None))
        if running is None or asked != guest:
            raise HTTPException(404, f"{name}: no question of yours runs under this id")
        await run_in_threadpool(running.cancel)

    def end(self, name: str) -> None:
        """Forget a question, and stop it if it still runs; nobody waits until it has stopped.

        Who has left is cancelled, and can't wait.
        """
        _, running = self._running.pop(name)
        asyncio.get_running_loop().run_in_executor(None, running.end)


class _Answer(StreamingResponse):
    """An answer whose question ends with it, whether or not anybody has read it."""

    def __init__(self, body: AsyncIterator[bytes], ended: Callable[[], None], **how: Any) -> None:
        super().__init__(body, **how)
        self._ended = ended

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._ended()


def add(app: FastAPI, answers: Answers, sandbox: Sandbox | None) -> None:
    """Add the routes to an app; without a sandbox they say how to open them."""
    room = Room(sandbox, answers) if sandbox is not None else None
    shown: dict[str, Any] = {"tags": ["sql"], "include_in_schema": room is not None}

    def opened() -> Room:
        if room is None:
            raise HTTPException(403, _OFF)
        return room

    @app.post(
        "/api/sql", summary="Ask one SELECT over the views", **shown, responses=_TOLD,
        response_class=StreamingResponse, openapi_extra={"requestBody": _BODY},
    )  # fmt: skip
    async def ask(request: Request) -> StreamingResponse:
        asking, guest = opened(), request.scope.get("guest", "")
        question, form = await run_in_threadpool(asking.question, await _body(request))
        if act := IN_HAND.get():
            act.query = question.sql
        try:
            name, running = asking.take(guest, question)
        except BusyError as error:
            raise HTTPException(429, str(error), {"retry-after": "1"}) from error
        headers = {"leadline-question": name, "leadline-until": question.until.isoformat()}
        if form not in ("json", "jsonl"):
            headers["content-disposition"] = f'attachment; filename="answer.{form}"'
        try:
            rows = await _open(request, running)
            pieces = poured(rows, form)
            held, cut = await _held(pieces)
        except BaseException:
            asking.end(name)
            raise
        if cut is not None:
            headers["leadline-cut"] = str(cut)

        async def body() -> AsyncIterator[bytes]:
            yield held
            if cut is None:
                async for piece in pieces:
                    yield piece

        ended = partial(asking.end, name)
        return _Answer(body(), ended, media_type=FORMS[form], headers=headers)

    @app.get("/api/sql", summary="The questions of yours that run", responses=_OWN, **shown)
    async def running(request: Request) -> list[dict[str, Any]]:
        return opened().own(request.scope.get("guest", ""))

    @app.delete("/api/sql/{name}", summary="Cancel a question of yours", responses=_OWN, **shown)
    async def cancel(request: Request, name: str) -> dict[str, str]:
        await opened().cancel(request.scope.get("guest", ""), name)
        return {"cancelled": name}


async def _open(request: Request, running: Running) -> pa.RecordBatchReader:
    """Wait for the first rows; who leaves meanwhile has cancelled."""
    opening = asyncio.ensure_future(run_in_threadpool(running.open))
    leaving = asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait((opening, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not opening.done():
            await run_in_threadpool(running.cancel)
        return await asyncio.shield(opening)
    finally:
        leaving.cancel()
        with suppress(asyncio.CancelledError):
            await leaving


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _held(pieces: AsyncIterator[bytes]) -> tuple[bytes, LeadlineError | None]:
    """Return what comes first, and what cut it where that is known already."""
    held = bytearray()
    try:
        async for piece in pieces:
            held += piece
            if len(held) >= _HELD:
                break
    except LeadlineError as error:
        return bytes(held), error
    return bytes(held), None


async def _body(request: Request) -> bytes:
    held = bytearray()
    async for piece in request.stream():
        held += piece
        if len(held) > _LONGEST:
            raise HTTPException(413, f"body: it is longer than {_LONGEST:,} bytes; ask for less")
    return bytes(held)


def _read(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _wrong('body: it is no JSON; send {"sql": "select …"}') from error
    if not isinstance(said, dict):
        raise _wrong('body: it is no object; send {"sql": "select …"}')
    for key, value in said.items():
        if key not in _KEYS:
            raise _wrong(f"body: it has no key '{key}'{nearest(key, _KEYS)}")
        kind, what = _IS[_KEYS[key]["type"]]
        if not isinstance(value, kind) or isinstance(value, bool):
            raise _wrong(f"{key}: it takes {what}")
    if "sql" not in said:
        raise _wrong('body: it asks nothing; send {"sql": "select …"}')
    form = said.get("format", "json")
    if form not in FORMS:
        raise _wrong(f"format: '{form}' is none of {', '.join(FORMS)}{nearest(form, FORMS)}")
    return said


def _moment(said: Mapping[str, Any], key: str) -> datetime | None:
    try:
        return clock.moment(said[key]) if key in said else None
    except LeadlineError as error:
        raise _wrong(f"{key}: {error}") from error


def _within(said: Mapping[str, Any], key: str, most: float) -> float:
    value = said.get(key, most)
    if not 0 < value <= most:
        raise _wrong(f"{key}: {value:g} is not above 0 and up to {most:,g}; ask for less")
    return float(value)


def _wrong(sentence: str) -> HTTPException:
    return HTTPException(422, sentence)
