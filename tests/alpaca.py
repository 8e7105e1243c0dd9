"""Alpaca as loaders meet it: bars and prints of many stocks by pages, for who shows the keys."""

import json
from base64 import b64decode, b64encode
from bisect import bisect_right
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.sites import Answer, Asked, Site, as_json

KEYS = {"LEADLINE_ALPACA_KEY_ID": "AKID0123456789", "LEADLINE_ALPACA_SECRET": "s3cr3t-of-alpaca"}


def bar(at: datetime, close: float = 10.5, **more: Any) -> dict[str, Any]:
    told = {"t": f"{at:%Y-%m-%dT%H:%M:%SZ}", "o": 10, "h": 11, "l": 9, "c": close, "v": 100}
    return told | {"n": 7, "vw": 10.123456} | more


class Alpaca(Site):
    """Tells what `bars` says of each stock, `limit` bars a page over all stocks, in their order.

    Whatever else is asked for, as trades and quotes, is what `more` says of it.
    """

    def __init__(
        self,
        bars: Callable[[str, datetime, datetime], list[dict[str, Any]]],
        more: Mapping[str, Callable[[str, datetime, datetime], list[dict[str, Any]]]] | None = None,
    ) -> None:
        super().__init__()
        self.bars = bars
        self.more = more or {}
        self.queries: list[dict[str, str]] = []
        self.most_letters = 0

    def answer(self, asked: Asked) -> Answer:
        self.most_letters = max(self.most_letters, len(asked.path))
        if asked.headers["APCA-API-KEY-ID"] != KEYS["LEADLINE_ALPACA_KEY_ID"]:
            return as_json(403, {"message": "forbidden."})
        if self.answers:
            return self.answers.pop(0)
        query = {name: values[0] for name, values in parse_qs(urlsplit(asked.path).query).items()}
        self.queries.append(query)
        since, until = (
            datetime.fromisoformat(query[name]).astimezone(UTC) for name in ("start", "end")
        )
        told = [
            (symbol, each)
            for symbol in sorted(query["symbols"].split(","))
            for each in self.more.get(asked.name, self.bars)(symbol, since, until)
        ]
        places = [(symbol, each["t"]) for symbol, each in told]
        first = 0
        if "page_token" in query:
            symbol, at = b64decode(query["page_token"]).decode().split("|")
            first = bisect_right(places, (symbol, at))
        page = told[first : first + int(query["limit"])]
        more = first + len(page) < len(told)
        token = (
            b64encode("|".join(places[first + len(page) - 1]).encode()).decode() if more else None
        )
        own: dict[str, Any] = {}
        for symbol, each in page:
            own.setdefault(symbol, []).append(each)
        kind = asked.name if asked.name in self.more else "bars"
        return Answer(200, json.dumps({kind: own, "next_page_token": token}).encode())
