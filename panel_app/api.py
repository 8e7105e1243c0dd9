"""The API: every view at an address of its own, in a span, filtered, in any form."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from time import monotonic
from typing import Any

import pyarrow as pa
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response, StreamingResponse

from leadline import export
from leadline.asked import provenance_of
from leadline.catalog import ALL_LIVE, OPS
from leadline.provenance import Provenance
from leadline.question import Questions
from panel_app import described, faults
from panel_app.address import FORMS, Asked, Reader
from panel_app.answers import Answers
from panel_app.kept import Body, Kept, Key
from panel_app.stream import begun

_SMALL = 2_048  # rows that are written at once, without a thread of their own


@dataclass(frozen=True)
class Found:
    """What is answered: a whole body, or rows that stream; neither where the client has it."""

    asked: Asked
    tag: str
    until: datetime
    says: Mapping[str, str]  # headers that tell how it was made
    body: bytes | None = None
    rows: pa.RecordBatchReader | None = None
    made: Provenance | None = None
    after: str | None = None


class Api:
    """Turns addresses into answers."""

    def __init__(self, questions: Questions, answers: Answers) -> None:
        self._questions = questions
        self._catalog = questions.warehouse.catalog
        self.routes = {
            view.header["route"]: name
            for name in self._catalog.views
            if (view := self._catalog.in_force(name)).header.get("route")
        }
        self.reader = Reader(questions.warehouse, answers, self.routes)
        self._kept = Kept(questions)

    def views(self) -> list[dict[str, Any]]:
        """Return every stable view with its address and what it holds."""
        address = {name: route for route, name in self.routes.items()}
        found = []
        for name in sorted({*self._catalog.views, *OPS, ALL_LIVE}):
            header = self._catalog.in_force(name).header if name in self._catalog.views else None
            what = header["what"] if header else "Laid out by the engine itself."
            grain = header["grain"] if header else None
            at = f"/api/{address.get(name, name)}"
            found.append({"view": name, "address": at, "what": what, "grain": grain})
        for dataset, contract in sorted(self._catalog.contracts.items()):
            what, grain = contract.header["what"], contract.header["grain"]
            name = f"raw.{dataset}"
            found.append({"view": name, "address": f"/api/{name}", "what": what, "grain": grain})
        return found

    def found(self, name: str, given: Iterable[tuple[str, str]], known: str | None) -> Found:
        """Answer an address; `known` are the tags of what the client has."""
        asked = self.reader.asked(name, given)
        key, until = self._kept.key(asked), asked.span.until
        with self._kept.turn(key, until) as body:
            if body is None and not _holds(known, key.tag(until)):
                return self._asked(asked, key)
        if body is None:
            return Found(asked, key.tag(until), until, {})
        self._kept.renew(key, body, until, lambda: self._asked(asked, key))
        tag = key.tag(body.until)
        content = None if _holds(known, tag) else body.content
        return Found(asked, tag, body.until, body.says, content, after=body.after)

    def _asked(self, asked: Asked, key: Key) -> Found:
        span, tag, began_at = asked.span, key.tag(asked.span.until), monotonic()
        rows = self._questions.answer(
            asked.sql, span.since, span.until, asked.binds, asked.recorded_until,
            is_ordered=asked.is_ordered and asked.page is None,
        )  # fmt: skip
        made = self._made(asked)
        after = None
        if asked.page is not None:
            page, end = asked.page.cut(rows.read_all(), span.until, asked.recorded_until)
            rows, after = page.to_reader(), str(end) if end else None
        begin = [batch for batch in (next(rows, None), next(rows, None)) if batch is not None]
        if asked.skipped and not any(batch.num_rows for batch in begin):
            raise faults.wrong(f"offset: {asked.skipped:,} is beyond the last row; ask for less")
        if len(begin) == 2 or (begin and begin[0].num_rows > _SMALL):
            found = pa.RecordBatchReader.from_batches(rows.schema, chain(begin, rows))
            return Found(asked, tag, span.until, made.headers(), rows=found, made=made, after=after)
        out, few = io.BytesIO(), pa.RecordBatchReader.from_batches(rows.schema, begin)
        export.write(few, asked.form, None, out, made)
        body = Body(out.getvalue(), span.until, monotonic() - began_at, made.headers(), after)
        self._kept.keep(key.question, body)
        return Found(asked, tag, span.until, body.says, body.content, after=after)

    def _made(self, asked: Asked) -> Provenance:
        """Return how an answer is made, but for its rows."""
        warehouse, span = self._questions.warehouse, asked.span
        snapshot = replace(warehouse.refresh(), recorded_until=asked.recorded_until)
        return provenance_of(
            warehouse, asked.plain, span.since, span.until, asked.binds, snapshot=snapshot,
            is_ordered=asked.is_ordered,
        )  # fmt: skip


def add(app: FastAPI, questions: Questions, answers: Answers) -> None:
    """Add the API to an app, with an address of its own for every view."""
    faults.add(app)
    api = Api(questions, answers)

    @app.get("/api/{name}", include_in_schema=False)
    async def answer(request: Request, name: str) -> Response:
        given = request.query_params.multi_items()
        known = request.headers.get("if-none-match")
        found = await run_in_threadpool(api.found, name, given, known)
        headers = _headers(request, found)
        if found.body is not None:
            return Response(found.body, media_type=FORMS[found.asked.form], headers=headers)
        if found.rows is None:
            return Response(status_code=304, headers=headers)
        pieces = await begun(found.rows, found.asked.form, found.made)
        return StreamingResponse(pieces, media_type=FORMS[found.asked.form], headers=headers)

    @app.get(
        "/api", tags=["views"], summary="Every view, with its address",
        operation_id="views", responses=described.LIST,
    )  # fmt: skip
    def views() -> list[dict[str, Any]]:
        return api.views()

    described.add(app, api.reader, api.views())


def _headers(request: Request, found: Found) -> dict[str, str]:
    """Return what is said beside the rows: of when they are, what comes after, what to call it."""
    asked = found.asked
    headers = {
        "etag": f'W/"{found.tag}"',
        "cache-control": "no-cache",
        "leadline-until": found.until.isoformat(),
        "leadline-as-of": asked.recorded_until.isoformat(),
        **found.says,
    }
    if found.after:
        headers["leadline-next"] = found.after
        url = request.url.remove_query_params(["cursor", "offset"])
        url = url.include_query_params(cursor=found.after)
        headers["link"] = f'<{url.path}?{url.query}>; rel="next"'
    if asked.form not in ("json", "jsonl"):
        file = f"{asked.view}.{asked.form}"
        headers["content-disposition"] = f'attachment; filename="{file}"'
    return headers


def _holds(known: str | None, tag: str) -> bool:
    """Say whether a client's list of tags names this one; weakly, as it is meant for a GET."""
    if known is None:
        return False
    tags = [each.strip().removeprefix("W/").strip('"') for each in known.split(",")]
    return tag in tags or "*" in tags
