"""OpenFIGI: the ticker that a CUSIP has on the day of asking.

Source: https://api.openfigi.com/v3/mapping, free; the key of an account, LEADLINE_OPENFIGI_API_KEY,
    if there is one.
Limits: 25 requests a minute of 10 CUSIPs each, with a key 100 CUSIPs each; it is asked 24 times a
    minute for both: 14,400 CUSIPs an hour, or ten times that.
Quirks: asked for are the CUSIPs of holdings for which no source has a ticker, and whose check digit
    is right; a CUSIP that begins with a letter is a CINS; one that is not found is written without
    a ticker, and asked for again after 90 days; an error about one is no answer, and asked for
    again; a class has a slash for our dot; a ticker holds from the day of asking on, for it may be
    a later one than a filing's; known_at is the moment of asking.
"""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from io import BytesIO

from leadline import clock
from leadline.config import variables
from leadline.errors import FeedError
from leadline.feed import Batch, Extract, Feed, File, Files, Http, Json, Row, Span, understood
from loaders._cusip import is_whole
from loaders._new_york import NEW_YORK
from loaders._parts import whole_ones

FEED = Feed(
    writes=("securities",), files="openfigi_*.json", step=0, per_second=0.4,
    wants="curated.unnamed_cusips", schedule="0 8 * * 6",
)  # fmt: skip

ADDRESS = "https://api.openfigi.com/v3/mapping"
AT_ONCE, WITH_KEY = 10, 100
A_LOAD = 1_000  # CUSIPs; what breaks off loses no more

Asked = Callable[[], datetime]


def pull(span: Span, http: Http, now: Asked = clock.now) -> Iterator[Batch]:
    """Yield what is answered about each CUSIP that has no ticker, the most held first."""
    (variable,) = variables("openfigi", "api_key")
    at_once = AT_ONCE
    if key := os.environ.get(variable):
        http.keys, at_once = {"X-OPENFIGI-APIKEY": key}, WITH_KEY
    wanted = sorted(http.wanted(), key=lambda row: (-row["n_holdings"], row["cusip"]))
    cusips = [row["cusip"] for row in wanted if is_whole(row["cusip"])]
    yield from whole_ones("securities", _pulled(cusips, at_once, http, now))


def _pulled(cusips: list[str], at_once: int, http: Http, now: Asked) -> Iterator[Batch]:
    for first in range(0, len(cusips), A_LOAD):
        own, at = cusips[first : first + A_LOAD], now()
        told: list[Json] = []
        try:
            for start in range(0, len(own), at_once):
                told += _answers(own[start : start + at_once], http)
        except FeedError:
            if told:  # what was answered before an error is a load as well
                yield from _load(told, at, first)
            raise
        yield from _load(told, at, first)


def _answers(cusips: list[str], http: Http) -> list[Json]:
    answers = http.post(ADDRESS, [_job(cusip) for cusip in cusips]).said
    if not isinstance(answers, list) or len(answers) != len(cusips):
        raise FeedError(
            f"openfigi: {len(cusips)} CUSIPs were asked for, and it answers otherwise: "
            f"'{str(answers)[:60]}'; run this again later"
        )
    with understood("openfigi", str(answers)):
        return [{"cusip": cusip, **each} for cusip, each in zip(cusips, answers, strict=True)]


def _load(told: list[Json], at: datetime, first: int) -> Iterator[Batch]:
    # A number with a fraction is a decimal here, and nothing that is read of an answer is one.
    body = json.dumps({"at": at.isoformat(), "told": told}, default=str).encode()
    # Each run's loads have names of their own, so that none takes another's rows back.
    name = f"openfigi_{at:%Y%m%dT%H%M%S%f}_{first}.json"
    yield from answered(File(name, ADDRESS, partial(BytesIO, body)))


def _job(cusip: str) -> dict[str, str]:
    kind = "ID_CINS" if cusip[0].isalpha() else "ID_CUSIP"
    return {"idType": kind, "idValue": cusip, "exchCode": "US"}


def read(files: Files) -> Iterator[Batch]:
    """Yield each file of answers, with the CUSIPs that they are about."""
    for file in files:
        yield from answered(file)


def answered(file: File) -> Iterator[Batch]:
    """Yield what is answered about each CUSIP; an error about one is no row."""
    said = file.json()
    with understood(file.origin, file.bytes()):
        at = datetime.fromisoformat(said["at"])
        found = [_row(each, at) for each in said["told"] if "error" not in each]
    yield "securities", Extract(file, found)


def _row(answer: Json, at: datetime) -> Row:
    listings: Sequence[Json] = [] if "warning" in answer else answer["data"]
    # A bond's ticker has blanks, and is none of a share.
    named = [each for each in listings if each["ticker"] and " " not in each["ticker"]]
    best = named[0] if named else {}
    ticker = best.get("ticker")
    return {
        "cusip": answer["cusip"],
        "ticker": ticker.replace("/", ".") if ticker else None,
        "issuer": best.get("name"),
        "valid_from": at.astimezone(NEW_YORK).date(),
        "valid_to": None,
        "class_title": None,
        "has_options": None,
        "known_at": at,
    }
