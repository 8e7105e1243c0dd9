"""The API: every view at an address of its own, in a span, filtered, in any form."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

import duckdb
import pyarrow as pa
from fastapi import FastAPI, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.exceptions import HTTPException as StarletteHTTPException

from leadline import clock
from leadline.catalog import OPS
from leadline.clock import BEGINNING, Span
from leadline.errors import LateError, LeadlineError, StoreError, first_line, nearest
from leadline.question import Questions
from leadline.quote import named
from panel_app.answers import Answers
from panel_app.stream import poured

FORMS = {
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "arrow": "application/vnd.apache.arrow.stream",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
OWN = {
    "since": "First moment, which is in: 2024-03-01 or 2024-03-01T15:00Z. Else all of time.",
    "until": "The moment before which to stop. Else, and at most, what the dashboard shows.",
    "columns": "Which columns, with commas between. Else all.",
    "order": "By which columns, with commas between; -column is the largest first.",
    "limit": "At most so many rows. Else all.",
    "offset": "Leave so many rows out first.",
    "format": f"One of {', '.join(FORMS)}. Else json.",
}
COMPARED = {
    "eq": "=", "ne": "is distinct from", "lt": "<", "lte": "<=", "gt": ">", "gte": ">=", "in": "in",
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What an address asks for."""

    view: str
    sql: str
    binds: Mapping[str, str]
    span: Span
    form: str


class Api:
    """Turns addresses into questions; foreign text goes in as values or as known names."""

    def __init__(self, questions: Questions, answers: Answers) -> None:
        self._questions, self._answers = questions, answers
        self._warehouse = questions.warehouse
        catalog = self._warehouse.catalog
        self.routes = {
            view.header["route"]: name
            for name in catalog.views
            if (view := catalog.in_force(name)).header.get("route")
        }

    def views(self) -> list[dict[str, Any]]:
        """Return every stable view with its address and what it holds."""
        catalog = self._warehouse.catalog
        address = {name: route for route, name in self.routes.items()}
        found = []
        for name in sorted({*catalog.views, *OPS, "detectors.all_live"}):
            header = catalog.in_force(name).header if name in catalog.views else None
            what = header["what"] if header else "Laid out by the engine itself."
            grain = header["grain"] if header else None
            at = f"/api/{address.get(name, name)}"
            found.append({"view": name, "address": at, "what": what, "grain": grain})
        for dataset, contract in sorted(catalog.contracts.items()):
            what, grain = contract.header["what"], contract.header["grain"]
            name = f"raw.{dataset}"
            found.append({"view": name, "address": f"/api/{name}", "what": what, "grain": grain})
        return found

    def columns(self, view: str) -> dict[str, tuple[str, str]]:
        """Return type and comment of each column."""
        described = self._warehouse.described(view)
        return {column: (kind, comment or "") for column, kind, comment in described}

    def asked(self, name: str, given: Iterable[tuple[str, str]]) -> Asked:
        """Read an address; an HTTPException says what is wrong with it."""
        view = self._view(name)
        columns = self.columns(view)
        own: dict[str, str] = {}
        tests: list[str] = []
        binds: dict[str, str] = {}
        for key, value in given:
            if key not in OWN:
                tests.append(self._test(view, columns, key, value, binds))
            elif key in own:
                raise _wrong(f"{key}: it stands there twice; say it once")
            else:
                own[key] = value
        form = own.get("format", "json")
        if form not in FORMS:
            raise _wrong(f"format: '{form}' is none of {', '.join(FORMS)}{nearest(form, FORMS)}")
        chosen = [_known(view, columns, each) for each in _listed(own.get("columns"))]
        sql = f"select {', '.join(map(named, chosen)) or '*'} from {view}"
        if tests:
            sql += f" where {' and '.join(tests)}"
        if order := list(_ordered(view, columns, own.get("order"))):
            sql += f" order by {', '.join(order)}"
        for key in ("limit", "offset"):
            if key in own:
                sql += f" {key} {_count(key, own[key])}"
        return Asked(view, sql, binds, self._span(view, own), form)

    def open(self, asked: Asked) -> pa.RecordBatchReader:
        """Return the rows, once the first of them are there."""
        span = asked.span
        rows = self._questions.answer(asked.sql, span.since, span.until, asked.binds)
        first = next(rows, None)
        found = chain([] if first is None else [first], rows)
        return pa.RecordBatchReader.from_batches(rows.schema, found)

    def _view(self, name: str) -> str:
        names = self._warehouse.names()
        view = self.routes.get(name, name)
        if view in names:
            return view
        near = nearest(name, [*self.routes, *names])
        raise HTTPException(404, f"{name}: there is no such view{near or '; /api lists them'}")

    def _span(self, view: str, own: Mapping[str, str]) -> Span:
        shown = self._answers.tick().until
        moments = {}
        for key in ("since", "until"):
            if key in own:
                try:
                    moments[key] = clock.moment(own[key])
                except LeadlineError as error:
                    raise _wrong(f"{key}: {error}") from error
        until = moments.get("until", shown)
        if until > shown:
            raise _wrong(
                f"until: {clock.stamp(until)} is after {clock.stamp(shown)}, which is shown now; "
                f"leave it out"
            )
        if "until" not in own:
            until = max(shown, self._answers.end([view], shown))
        try:
            return Span(moments.get("since", BEGINNING), until)
        except LeadlineError as error:
            raise _wrong(str(error)) from error

    def _test(
        self, view: str, columns: Mapping[str, Any], key: str, value: str, binds: dict[str, str]
    ) -> str:
        column, _, how = key.rpartition("__") if key not in columns else (key, "", "eq")
        if not column or how not in COMPARED:
            column, how = key, "eq"
        if column not in columns:
            near = nearest(column, [*columns, *OWN])
            raise _wrong(f"{view}: it has no column '{column}'{near or _lists(columns)}")
        kind = columns[column][0]
        values = value.split(",") if how == "in" else [value]
        places = []
        for each in values:
            self._fits(key, each, kind)
            places.append(f"cast($v{len(binds)} as {kind})")
            binds[f"v{len(binds)}"] = each
        right = f"({', '.join(places)})" if how == "in" else places[0]
        return f"{named(column)} {COMPARED[how]} {right}"

    def _fits(self, key: str, value: str, kind: str) -> None:
        cursor = self._warehouse.connect()
        try:
            cursor.execute(f"select cast(? as {kind})", [value])
        except duckdb.Error as error:
            raise _wrong(f"{key}: {first_line(error)}; the column is {kind}") from error
        finally:
            cursor.close()


def add(app: FastAPI, questions: Questions, answers: Answers) -> None:
    """Add the API to an app, with an address of its own for every view."""
    api = Api(questions, answers)

    async def answer(request: Request, name: str) -> StreamingResponse:
        asked = await run_in_threadpool(api.asked, name, request.query_params.multi_items())
        rows = await run_in_threadpool(api.open, asked)
        headers = {"leadline-until": asked.span.until.isoformat()}
        if asked.form not in ("json", "jsonl"):
            file = f"{asked.view}.{asked.form}"
            headers["content-disposition"] = f'attachment; filename="{file}"'
        body = poured(rows, asked.form)
        return StreamingResponse(body, media_type=FORMS[asked.form], headers=headers)

    @app.get("/api", tags=["views"], summary="Every view, with its address")
    def views() -> list[dict[str, Any]]:
        return api.views()

    for each in api.views():
        _add_view(app, api, answer, each)

    @app.get("/api/{name}", include_in_schema=False)
    async def other(request: Request, name: str) -> StreamingResponse:
        return await answer(request, name)

    @app.exception_handler(LeadlineError)
    async def told(request: Request, error: LeadlineError) -> JSONResponse:
        status = {LateError: 504, StoreError: 503}.get(type(error), 422)
        return JSONResponse({"error": str(error)}, status)

    @app.exception_handler(StarletteHTTPException)
    async def refused(request: Request, error: StarletteHTTPException) -> JSONResponse:
        said = {404: "there is nothing here; /api lists the views", 405: "only GET is answered"}
        where = f"{request.method} {request.url.path}"
        own = type(error) is HTTPException
        sentence = error.detail if own else f"{where}: {said.get(error.status_code, error.detail)}"
        return JSONResponse({"error": sentence}, error.status_code, error.headers)


def _add_view(app: FastAPI, api: Api, answer: Any, said: Mapping[str, Any]) -> None:
    name = said["address"].removeprefix("/api/")

    async def ask(request: Request) -> StreamingResponse:
        found: StreamingResponse = await answer(request, name)
        return found

    columns = api.columns(said["view"])
    parameters = [
        {"name": key, "in": "query", "description": what, "schema": {"type": "string"}}
        for key, what in OWN.items()
    ] + [
        {
            "name": column, "in": "query", "schema": {"type": "string"},
            "description": f"{kind}. {comment}".strip(),
        }
        for column, (kind, comment) in columns.items()
        if column not in OWN
    ]  # fmt: skip
    grain = f"{said['grain'][0].upper()}{said['grain'][1:]}. " if said["grain"] else ""
    app.add_api_route(
        said["address"], ask, methods=["GET"], name=said["view"], summary=said["what"],
        operation_id=said["view"].replace(".", "_"), tags=[said["view"].partition(".")[0]],
        response_class=StreamingResponse, openapi_extra={"parameters": parameters},
        description=f"{grain}A column filters: `column=value`, or `column__gte=value` with one "
        f"of {', '.join(COMPARED)}; the values of `in` stand with commas between.",
    )  # fmt: skip


def _wrong(sentence: str) -> HTTPException:
    return HTTPException(422, sentence)


def _listed(text: str | None) -> list[str]:
    return [each.strip() for each in text.split(",")] if text else []


def _known(view: str, columns: Mapping[str, Any], name: str) -> str:
    if name not in columns:
        near = nearest(name, columns)
        raise _wrong(f"{view}: it has no column '{name}'{near or _lists(columns)}")
    return name


def _lists(columns: Iterable[str]) -> str:
    return f"; it has {', '.join(columns)}"


def _ordered(view: str, columns: Mapping[str, Any], text: str | None) -> Iterator[str]:
    for each in _listed(text):
        name = _known(view, columns, each.removeprefix("-"))
        yield f"{named(name)} {'desc' if each.startswith('-') else 'asc'} nulls last"


def _count(key: str, text: str) -> int:
    if not text.isdecimal() or len(text) > 18:
        raise _wrong(f"{key}: '{text}' is no count; write a whole number")
    return int(text)
