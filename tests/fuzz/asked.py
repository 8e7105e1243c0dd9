"""What people and programs ask the server: addresses, SQL, cookies, settings of pages."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException

from leadline.config import Config
from leadline.engine import Engine
from leadline.errors import QueryError
from leadline.question import Questions
from leadline.serving import Serving
from leadline.store import Store
from leadline.tokens import Tokens
from leadline.warehouse import Warehouse
from panel_app.address import Reader
from panel_app.answers import Answers
from panel_app.controls import (
    Choice,
    Control,
    Day,
    Moment,
    Number,
    Pair,
    Settings,
    Switch,
    Symbol,
    Symbols,
)
from panel_app.cursors import Cursor
from panel_app.entrance import Entrance
from panel_app.login import local
from panel_app.quarter import Quarter
from tests.fuzz.parser import Inputs, Parser
from tests.fuzz.texts import desk

SINCE, UNTIL = datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 3, 2, tzinfo=UTC)
ADDRESSES = (
    b"columns=print_id,price&order=-price&limit=2&format=csv&since=2024-03-01&until=2024-03-02",
    b"price__gt=60&print_id__in=a,b&known_at__lt=2024-03-01T15:00:30Z&limit=1&offset=1",
)
QUESTIONS = (
    b"select print_id, price, known_at from curated.followed where price > 60 order by price",
    b"with high as (select * from raw.prints) select count(*) as n, max(price) from high",
)
COOKIE = (
    b"cookie: leadline_8000=WyJhIiwiYiIsImMiLDFd.c2ln; other=1\nauthorization: Bearer " + b"a" * 40
)
CONTROLS: tuple[Control, ...] = (
    Control("text", "Text"), Choice("kind", "Kind", options={"": "all", "a": "A"}),
    Switch("on", "On"), Number("least", "Least"), Symbol("symbol", "Symbol"), Pair("pair", "Pair"),
    Symbols("symbols", "Symbols"), Day("day", "Day"), Moment("at", "At"), Quarter("quarter", "Q"),
)  # fmt: skip
SETTINGS = (
    b"text=a&kind=a&on=1&least=1.5m&symbol=AAPL&pair=binance:BTC-USDT&symbols=AAPL,MSFT"
    b"&day=2024-03-01&at=2024-03-01T15:00&quarter=2024Q1"
)


def parsers() -> list[Parser]:
    """Return every parser of what comes over HTTP from who asks."""
    cursor = str(Cursor("q", "2024-03-01", "2024-03-01", ["1", "a"], 2)).encode()
    return [
        Parser("asked.addresses", _sets(*ADDRESSES), _address),
        Parser("asked.sql", _sets(*QUESTIONS), _question),
        Parser("asked.cursors", _sets(cursor), _cursor),
        Parser("asked.headers", _sets(COOKIE), _headers),
        Parser("asked.pages", _sets(SETTINGS), _page),
        Parser("asked.onwards", _sets(b"/flow?symbol=AAPL"), _onwards),
    ]


def _sets(*said: bytes) -> tuple[Inputs, ...]:
    return tuple({f"said{n}": each} for n, each in enumerate(said))


def _text(given: Inputs) -> str:
    (content,) = given.values()
    return content.decode(errors="replace")


def _told(ask: Callable[[], Any]) -> None:
    """Ask; an answer of HTTP that refuses is a sentence, and one of a fault of ours is none."""
    try:
        ask()
    except HTTPException as error:
        if error.status_code >= 500:
            raise
        raise QueryError(str(error.detail)) from error


@cache
def _questions() -> Questions:
    own = desk()
    engine = Engine(Config("", threads=1, memory="512MB").engine())
    return Questions(Warehouse(own.catalog(), _store(engine), engine), limit_s=2)


def _store(engine: Engine) -> Any:
    return Store(str(desk().root / "store"), desk().catalog().contracts, engine)


@cache
def _reader() -> Reader:
    answers = Answers(_questions(), lambda: UNTIL)
    return Reader(_questions().warehouse, answers, {})


def _address(given: Inputs) -> None:
    pairs = parse_qsl(_text(given), keep_blank_values=True)

    def ask() -> None:
        asked = _reader().asked("curated.followed", pairs)
        span = asked.span
        _questions().answer(asked.sql, span.since, span.until, asked.binds).read_all()

    _told(ask)


def _question(given: Inputs) -> None:
    _told(lambda: _questions().answer(_text(given), SINCE, UNTIL).read_all())


def _cursor(given: Inputs) -> None:
    try:
        Cursor.of(_text(given))
    except (ValueError, TypeError) as error:  # as whoever reads an address takes it
        raise QueryError("cursor: it is not whole") from error


@cache
def _entrance() -> Entrance:
    tokens = Tokens(None, {"LEADLINE_TOKENS": "desk=" + "a" * 40})
    return Entrance(Serving(tokens=tokens))


def _headers(given: Inputs) -> None:
    (content,) = given.values()
    lines = [line.partition(b":") for line in content.split(b"\n")]
    headers = [(name.strip().lower(), value.strip()) for name, _, value in lines]
    scope = {"type": "http", "headers": headers, "server": ("127.0.0.1", 8000)}
    _entrance().guest(scope)


def _page(given: Inputs) -> None:
    found = Settings(CONTROLS, dict(parse_qsl(_text(given), keep_blank_values=True)))
    _ = found.binds, found.html([each.name for each in CONTROLS])


def _onwards(given: Inputs) -> None:
    found = local(_text(given))
    if not found.startswith("/") or found.startswith(("//", "/\\")):
        raise AssertionError(f"it leads elsewhere, {found!r}")
