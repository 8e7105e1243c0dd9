"""Whether it is alive, and whether it can answer: for whoever restarts it or sends it traffic."""

import asyncio
from datetime import datetime, timedelta
from importlib import metadata
from typing import Literal

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from leadline import clock
from leadline.errors import LateError, StoreError
from panel_app.answers import Answers, Query
from panel_app.described import told

LIMIT_S = 5.0
LEDGER = "select max(recorded_at) as newest_load_at, count(*) as n_loads from raw.loads"


class Alive(BaseModel):
    """The process runs."""

    status: Literal["alive"] = "alive"
    since: datetime = Field(description="when it began: another one is another process")


class Ready(BaseModel):
    """The store can be asked."""

    status: Literal["ready"] = "ready"
    version: str = Field(description="of leadline")
    n_views: int = Field(description="views that bound, each version counted")
    shown_at: datetime = Field(description="the moment that no answer goes beyond")
    store_version: int = Field(description="of the store's ledger; it moves with each load")
    n_loads: int = Field(description="lines of the ledger")
    newest_load_at: datetime | None = Field(description="null while nothing is loaded")
    newest_load_age_s: float | None = Field(description="seconds since, by the wall clock")


def add(app: FastAPI, answers: Answers) -> None:
    """Add /health, and /health/live which asks nothing, to an app."""
    version, since = metadata.version("leadline"), clock.now()

    def look() -> Ready:
        place = answers.warehouse.store.place
        if not place.is_there():
            raise StoreError(f"{place}: the store is not there; name it with --store")
        tick = answers.tick()
        (row,) = answers.ask(Query(LEDGER), tick).to_pylist()
        newest = row["newest_load_at"]
        age = (clock.now() - newest) / timedelta(seconds=1) if newest else None
        return Ready(
            version=version, n_views=len(answers.warehouse.bound), shown_at=tick.until,
            store_version=tick.version, n_loads=row["n_loads"],
    newest_load_at=newest,
            newest_load_age_s=age,
        )  # fmt: skip

    @app.get(
        "/health", tags=["health"], summary="Whether the store can be asked",
        responses=told(401, 403, 429, 500, 503, 504),
    )  # fmt: skip
    async def health() -> Ready:
        try:
            return await asyncio.wait_for(run_in_threadpool(look), LIMIT_S)
        except TimeoutError as error:
            raise LateError(f"store: it has not answered for {LIMIT_S:g} s") from error

    @app.get(
        "/health/live", tags=["health"], summary="Whether the process runs",
        responses=told(401, 403, 429, 500),
    )  # fmt: skip
    async def live() -> Alive:
        return Alive(since=since)
