"""FINRA's query API: questions as bodies, answers page by page, each row once and none left out."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from io import BytesIO
from typing import Any

import pyarrow as pa

from leadline.errors import FeedError
from leadline.feed import Batch, Extract, File, Files, Http, Json, understood
from loaders._new_york import midnight

API = "https://api.finra.org"
GROUP = "group/otcMarket/name"
PAGE = 5_000  # as many rows as an answer may hold
LAST = 500_000  # no offset may be beyond it


def rows_of(
    feed: str, http: Http, dataset: str, filters: Sequence[Json], key: Sequence[str]
) -> Iterator[list[Json]]:
    """Yield page after page of the rows that pass the filters, in the order of their key.

    A FeedError to try again is raised where they are not as many, or not as different, as the
    source said: it published while it was read.
    """
    url, offset, total = f"{API}/data/{GROUP}/{dataset}", 0, 0
    seen: set[tuple[str, ...]] = set()
    while True:
        question = {
            "limit": PAGE,
            "offset": offset,
            "compareFilters": list(filters),
            "sortFields": list(key),
        }
        said, headers = http.post(url, question)
        if not said:
            break
        total = int(headers.get("record-total", "0"))
        if total > LAST:
            raise FeedError(
                f"{feed}: {total:,} rows pass one question, and {LAST:,} can be read; "
                f"mend the loader"
            )
        with understood(feed, str(said)):
            seen.update(tuple(str(row.get(name)) for name in key) for row in said)
        yield said
        offset += len(said)
        if offset >= total:
            break
    if total and len(seen) != total:
        raise FeedError(
            f"{feed}: {dataset} told {len(seen):,} of {total:,} rows apart, for it changes while "
            f"it is read; try again later",
            try_again=True,
        )


def extract(
    feed: str,
    http: Http,
    dataset: str,
    wanted: Mapping[str, object],
    key: Sequence[str],
    rows: Callable[[Sequence[Json]], pa.Table],
) -> Extract | None:
    """Return all rows whose fields have the wanted values as one file, None where there is none."""
    pages, bodies = [], []
    for page in rows_of(feed, http, dataset, [equal(*each) for each in wanted.items()], key):
        with understood(feed, str(page)):
            pages.append(rows(page))
        bodies.append(json.dumps(page, default=str).encode())
    values = list(map(str, wanted.values()))
    name, body = "_".join([dataset, *values]) + ".json", b"\n".join(bodies)
    origin = f"{API}/{dataset} {' '.join(values)}"
    return (
        Extract(File(name, origin, partial(BytesIO, body)), pa.concat_tables(pages))
        if pages
        else None
    )


def saved(
    files: Files, dataset: str, rows: Callable[[Sequence[Json]], pa.Table]
) -> Iterator[Batch]:
    """Yield each saved answer as rows of a dataset."""
    for file in files:
        said = file.json()
        with understood(file.origin, str(said), "save the answer again"):
            if not isinstance(said, list):
                raise ValueError("it is no list of rows")
            found = rows(said)
        yield dataset, Extract(file, found)


def equal(field: str, value: object) -> Json:
    """Return the filter that a field has a value."""
    return {"compareType": "EQUAL", "fieldName": field, "fieldValue": str(value)}


def table(said: Sequence[Json], names: Mapping[str, str], **more: Sequence[Any]) -> pa.Table:
    """Return the named fields of rows as text, and more columns beside them; empty is null."""
    columns = {
        ours: pa.array([word(row.get(theirs)) for row in said], pa.string())
        for ours, theirs in names.items()
    }
    return pa.table(columns | {name: pa.array(values) for name, values in more.items()})


def word(value: Json) -> str | None:
    """Return a value as text, None where there is none; numbers may come as text already."""
    said = "" if value is None else str(value).strip()
    return said or None


def day_of(row: Json, field: str) -> date | None:
    """Return the day that a field says, if it says one."""
    said = word(row.get(field))
    return date.fromisoformat(said[:10]) if said else None


def evening(day: date) -> datetime:
    """Return the end of a day in New York, by which what it publishes has been published."""
    return midnight(day + timedelta(days=1))


def ticker(symbol: str) -> str:
    """Return our spelling of a symbol; FINRA parts a class by a blank, a slash or a dot."""
    return symbol.replace("/", ".").replace(" ", ".")
