"""What Alpaca's feeds share: keys, how late a plan is, and answers about many stocks, by pages."""

import os
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

import httpx

from leadline.config import secrets, variables
from leadline.errors import FeedError
from leadline.feed import Http, Json, understood

AT_ONCE = 1_250  # stocks a question
LETTERS = 7_500  # of their tickers; many servers take an address of 8 KB
PAGE = 10_000  # rows, over all stocks


def show_keys(http: Http) -> None:
    """Let every question show the account's keys."""
    key, secret = secrets("alpaca", "key_id", "secret")
    http.keys = {"APCA-API-KEY-ID": key, "APCA-API-SECRET-KEY": secret}


def delay(feed: str) -> timedelta:
    """Return how much later than now a plan has the whole tape."""
    (name,) = variables("alpaca", "delay_min")
    said = os.environ.get(name, "16")
    if not said.isdecimal():
        raise FeedError(f"{feed}: {name} is '{said}'; it takes whole minutes")
    return timedelta(minutes=int(said))


def chunks(symbols: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield stocks that fit into one question."""
    own: list[str] = []
    for symbol in symbols:
        if len(own) == AT_ONCE or sum(map(len, own)) + len(own) + len(symbol) > LETTERS:
            yield own
            own = []
        own.append(symbol)
    if own:
        yield own


def named(symbols: Sequence[str]) -> str:
    """Return how a load's name says which stocks it was asked for."""
    return f"{len(symbols)}x{sha256(','.join(symbols).encode()).hexdigest()[:8]}"


def pages(
    feed: str, address: str, kind: str, symbols: Sequence[str], since: datetime, until: datetime,
    http: Http, size: int = PAGE, **more: str,
) -> Iterator[list[tuple[str, Json]]]:  # fmt: skip
    """Yield bars, trades or quotes from one moment to another, both in, each with its stock.

    They are of the whole tape, and of the tickers of their day. A last microsecond is in to its
    end.
    """
    query = {
        "symbols": ",".join(symbols), "limit": str(size), **more, "start": _stamp(since),
        "end": _stamp(until, "999"), "feed": "sip", "asof": "-", "sort": "asc",
    }  # fmt: skip
    token: str | None = ""
    while token is not None:
        # Commas as they are: written as %2C each, they would make an address three times as long.
        following = str(httpx.QueryParams({"page_token": token})) if token else ""
        said = "&".join(f"{name}={value}" for name, value in query.items())
        answer = http.json(f"{address}?{said}" + (f"&{following}" if following else ""))
        with understood(feed, str(answer)[:200]):
            lines = [(s, line) for s, own in (answer[kind] or {}).items() for line in own]
            before, token = token, answer["next_page_token"]
        yield lines
        if token is not None and token == before:
            raise FeedError(f"{feed}: a page names itself as the next one; mend the loader")


def _stamp(at: datetime, finer: str = "") -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}" + (f".{at:%f}{finer}Z" if at.microsecond else "Z")
