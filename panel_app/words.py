"""What an editor of SQL completes: every view with its columns and comments, and functions."""

import json
from hashlib import sha256
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from leadline.warehouse import Warehouse
from panel_app.answers import Answers, Query

AT = "/smart-money/dashboard/words.json"
_FUNCTIONS = """
select distinct function_name as name
from duckdb_functions()
where function_type in ('scalar', 'aggregate')
  and regexp_full_match(function_name, '[a-z][a-z0-9_]+')
order by name
"""


def add(app: FastAPI, answers: Answers) -> None:
    """Add the words to an app; a browser that has them is told so."""
    held: list[tuple[bytes, str]] = []

    @app.get(AT, include_in_schema=False)
    async def words(request: Request) -> Response:
        if not held:
            said = await run_in_threadpool(found, answers)
            body = json.dumps(said, separators=(",", ":")).encode()
            held.append((body, f'"{sha256(body).hexdigest()[:16]}"'))
        body, tag = held[0]
        headers = {"etag": tag, "cache-control": "private, no-cache"}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(body, media_type="application/json", headers=headers)


def found(answers: Answers) -> dict[str, Any]:
    """Return views by name, each with what it is and its columns; and functions."""
    house: Warehouse = answers.warehouse
    said = {each.view.stable: each.view.header["what"] for each in house.bound}
    said |= {f"raw.{name}": each.header["what"] for name, each in house.catalog.contracts.items()}
    pinned = {each.view.pinned for each in house.bound}
    views = {
        name: {"what": said.get(name, ""), "columns": house.described(name)}
        for name in house.names()
        if name not in pinned
    }
    functions = answers.ask(Query(_FUNCTIONS), answers.tick()).column("name").to_pylist()
    return {"views": views, "functions": functions}
