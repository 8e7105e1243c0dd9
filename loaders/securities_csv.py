"""A person's own table of CUSIPs and tickers, which every other source gives way to.

Source: a file of yours, CSV or Parquet: cusip and ticker, and if you know them issuer (or company),
    valid_from and valid_to as 2022-06-09; other columns are passed over; no source is asked.
Limits: files only.
Quirks: names of columns in capitals or not; a dash or a slash before a class is our dot; a CUSIP
    whose check digit is wrong is kept, for filers write such; without valid_from a ticker holds
    for all of time; known_at is the begin of valid_from in New York, for a ticker is public from
    its first day on; say --known-at where you know it otherwise.
"""

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import pyarrow.parquet as pq
from pyarrow.lib import ArrowException

from leadline.errors import FeedError
from leadline.feed import Batch, Extract, Feed, File, Files, Row
from loaders._new_york import midnight
from loaders._symbols import dotted

FEED = Feed(
    writes=("securities",),
    files=("*securities*.csv", "stocks.csv", "*cusip*.csv", "*cusip*.pq", "*cusip*.parquet"),
)

_ALWAYS = date(1970, 1, 1)


def read(files: Files) -> Iterator[Batch]:
    """Yield each table."""
    for file in files:
        lines = _parquet(file) if file.bytes()[:4] == b"PAR1" else _csv(file)
        yield "securities", Extract(file, [row(file, n, said) for n, said in lines])


def _parquet(file: File) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        table = pq.read_table(io.BytesIO(file.bytes()))
    except (ArrowException, OSError) as error:  # Arrow tells of damaged pages as the last
        raise FeedError(
            f"{file.origin}: Parquet that is cut short or damaged; fetch it again"
        ) from error
    names = _named(file, table.column_names)
    yield from enumerate(table.rename_columns(names).to_pylist(), start=1)


def _csv(file: File) -> Iterator[tuple[int, dict[str, Any]]]:
    lines = csv.reader(io.StringIO(file.text().lstrip("\ufeff")), strict=True)
    try:
        names = _named(file, next(lines, []))
        for cells in lines:
            if cells:
                yield lines.line_num, dict(zip(names, cells, strict=False))
    except csv.Error as error:  # a quote without an end would swallow the lines behind it
        raise FeedError(f"{file.origin}:{lines.line_num}: {error}; mend the line") from error


def _named(file: File, given: list[str]) -> list[str]:
    names = [name.strip().lower() for name in given]
    if missing := [name for name in ("cusip", "ticker") if name not in names]:
        raise FeedError(f"{file.origin}:1: no column '{missing[0]}'; it needs cusip and ticker")
    return names


def row(file: File, n: int, said: dict[str, Any]) -> Row:
    """Turn one line into one row of securities."""
    since = _day(file, n, said.get("valid_from")) or _ALWAYS
    return {
        "cusip": (said["cusip"] or "").strip().upper() or None,
        "ticker": dotted((said.get("ticker") or "").strip().upper().replace("/", ".")) or None,
        "issuer": (said.get("issuer") or said.get("company") or "").strip() or None,
        "valid_from": since,
        "valid_to": _day(file, n, said.get("valid_to")),
        "class_title": None,
        "has_options": None,
        "known_at": midnight(since),
    }


def _day(file: File, n: int, said: Any) -> date | None:
    if said is None or not str(said).strip():
        return None
    try:
        return date.fromisoformat(str(said).strip()[:10])
    except ValueError as error:
        raise FeedError(f"{file.origin}:{n}: '{said}' is no day; write 2022-06-09") from error
