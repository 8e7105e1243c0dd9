"""A small real store for what the dashboard shows, and a client that asks it."""

import asyncio
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pyarrow as pa
import uvicorn
from starlette.testclient import TestClient

from leadline.question import Questions
from panel_app import wire
from panel_app.answers import Answers
from panel_app.dashboard import found
from panel_app.desk import Desk
from panel_app.paced import Paced
from tests.desks import load_into
from tests.doors import ROOT, alone, catalog, door, opened

NOON = datetime(2024, 3, 5, 12, tzinfo=UTC)


def alert(key: str, fired_at: datetime, **given: Any) -> dict[str, Any]:
    """Return a row of alerts as the loop writes it."""
    return {
        "alert_key": f"options.oi_change|SPX|{key}|2024-03-04", "detector": "options.oi_change",
        "version": 1, "fingerprint": "f1", "inputs": "{}", "params": "{}", "entity": "SPX",
        "entity_type": "underlying", "happened_at": fired_at - timedelta(hours=9),
        "fired_at": fired_at, "direction": "bull", "severity": "high", "score": 62.5,
        "confidence": 0.7, "notional_usd": 2_500_000.0, "headline": f"{key}: +1600 to 9278",
        "evidence": '{"contract": "SPX240315C05000000", "d_oi": 1600, "mid": 1.25}',
        "is_late": False, "ticked_at": fired_at + timedelta(seconds=5),
        "recorded_until": fired_at, "known_at": fired_at,
    } | given  # fmt: skip


def tops(since: datetime, n: int, first: int = 0, pair: str = "BTC-USDT") -> list[dict[str, Any]]:
    """Return one top of book a second."""
    return [
        {
            "venue": "binance", "pair": pair, "epoch": "e", "update_id": first + i,
            "exchange_at": since + timedelta(seconds=i), "best_bid": 61_000.0 + first + i,
            "best_ask": 61_001.0 + first + i, "bid_size": 2.0, "ask_size": 1.0, "bid_size_5": 3.0,
            "ask_size_5": 1.0, "bid_size_10bps": 8.0, "ask_size_10bps": 4.0,
            "known_at": since + timedelta(seconds=i), "sequence": first + i,
        }
        for i in range(n)
    ]  # fmt: skip


def load(place: Path, dataset: str, rows: list[dict[str, Any]], feed: str) -> None:
    """Load rows as somebody beside the server does."""
    with opened(place) as store:
        load_into(store, dataset, rows, feed)


def fill(place: Path, now: datetime = NOON) -> Path:
    """Load two alerts, and a book that spoke until just now."""
    rows = [
        alert("old", now - timedelta(days=2), severity="low", score=25.0, notional_usd=None),
        alert("new", now - timedelta(minutes=1), headline="new: <b>more</b> & more"),
    ]
    with opened(place) as store:
        load_into(store, "alerts", rows, "loop")
        load_into(store, "book_tops", tops(now - timedelta(seconds=30), 25), "books")
    return place


@contextmanager
def answering(place: Path, now: datetime = NOON, root: Path = ROOT) -> Iterator[Answers]:
    """Open what pages ask."""
    with alone() as engine, door(place, catalog(root), engine) as warehouse:
        yield Answers(Questions(warehouse), lambda: now)


def laid(answers: Answers, name: str, **said: str) -> Desk:
    """Lay a page out as an address says, ask all that it asks, and return its desk."""
    page = found()[name]
    desk = page.desk(Paced(answers), said)
    page.lay(desk)
    asyncio.run(desk.refresh())
    return desk


def some(answers: Answers, name: str, *words: str, **said: str) -> Desk:
    """Lay a page out, and ask only what has one of these words in its SQL: all of it is dear."""
    page = found()[name]
    desk = page.desk(Paced(answers), said)
    page.lay(desk)
    desk._followed[:] = [
        each for each in desk._followed if any(word in each.asked.sql for word in words)
    ]
    asyncio.run(desk.refresh())
    return desk


def shown(desk: Desk, panel: str) -> str:
    """Return the HTML of one of a desk's panels."""
    return str(desk.panels[panel][1].markup.html)


@contextmanager
def client(
    place: Path, now: datetime = NOON, root: Path = ROOT, **how: Any
) -> Iterator[TestClient]:
    """Ask the whole app."""
    from panel_app.app import create

    with alone() as engine, door(place, catalog(root), engine) as warehouse:
        yield TestClient(create(warehouse, lambda: now, **how), base_url="http://localhost:8000")


@contextmanager
def serving(place: Path, now: datetime = NOON, root: Path = ROOT, **how: Any) -> Iterator[str]:
    """Serve the whole app on a port of its own; yield its address."""
    from panel_app.app import create

    with (
        alone(1) as engine,
        door(place, catalog(root), engine) as warehouse,
        socket.create_server(("127.0.0.1", 0)) as listening,
    ):
        settings = uvicorn.Config(
            create(warehouse, lambda: now, **how), log_level="critical", http=wire.Protocol,
            timeout_graceful_shutdown=1,
        )  # fmt: skip
        server = uvicorn.Server(settings)
        thread = Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()  # who comes before it is up waits in the queue of the socket
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def asked(page: str, answers: Answers, panel: str, **said: str) -> list[dict[str, Any]]:
    """Ask one panel of a page alone, as an address says."""
    there = found()[page]
    desk = there.desk(Paced(answers), said)
    there.lay(desk)
    each = next(
        each for each in desk._followed
        if panel in (each.panel.name if each.panel else "", type(each.part).__name__)
    )  # fmt: skip
    rows = desk.paced.ask(desk.filled(each.asked)).rows
    assert isinstance(rows, pa.Table), rows
    return list(rows.to_pylist())


def words(html: str) -> str:
    """Return what a piece of HTML says."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())
