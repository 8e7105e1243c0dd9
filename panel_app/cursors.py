"""Where one page of an answer ends and the next begins, however many rows come meanwhile.

A cursor says what was asked, at which moment and of which state of the store, and the last row's
place in the order; so the next page is of the same answer. It holds nothing that an address could
not ask for, so its digest guards against slips, not against anybody.
"""

import base64
import binascii
import json
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

import pyarrow as pa

from leadline.catalog import View, time_column
from leadline.quote import named

MOST = 10_000  # rows of a page; it is held in memory, for the header before it names its last row
_DIGEST = 6  # bytes
_HIDDEN = "leadline order"
_OWN = re.compile(r"\norder by\s+([^;()]+?)\s*$")
_TERM = re.compile(r"(?:\w+\.)?(\w+)(?:\s+(asc|desc))?(?:\s+nulls\s+last)?")


@dataclass(frozen=True)
class Order:
    """A column to order by; nulls come last either way."""

    column: str
    is_down: bool = False

    @property
    def sql(self) -> str:
        """As SQL writes it."""
        return f"{named(self.column)} {'desc' if self.is_down else 'asc'} nulls last"


@dataclass(frozen=True)
class Cursor:
    """The end of a page: `values` of its last row in the order, and how many rows share them.

    Without values the rows are counted from the first.
    """

    question: str  # its digest
    until: str
    as_of: str
    values: Sequence[str | None]
    n_same: int

    def __str__(self) -> str:
        body = zlib.compress(json.dumps(list(asdict(self).values())).encode(), 9)
        return base64.urlsafe_b64encode(_digest(body) + body).decode().rstrip("=")

    @classmethod
    def of(cls, text: str) -> "Cursor":
        """Read what a page's header gave; a ValueError says that it is not that."""
        try:
            packed = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
            digest, body = packed[:_DIGEST], packed[_DIGEST:]
            if digest != _digest(body):
                raise ValueError(text)
            question, until, as_of, values, n_same = json.loads(zlib.decompress(body))
        except (binascii.Error, zlib.error, UnicodeError) as error:
            raise ValueError(text) from error
        return cls(question, until, as_of, values, n_same)


@dataclass(frozen=True)
class Page:
    """What makes a question one of a page: its order, whose columns the answer holds hidden."""

    question: str
    order: Sequence[Order]
    limit: int
    after: Cursor | None
    n_before: int  # rows that it leaves out first

    def hidden(self) -> list[str]:
        """Return what to select beside the columns that were asked for."""
        return [
            f"cast({named(each.column)} as varchar) as {named(f'{_HIDDEN} {n}')}"
            for n, each in enumerate(self.order)
        ]

    def cut(
        self, rows: pa.Table, until: datetime, as_of: datetime
    ) -> tuple[pa.Table, Cursor | None]:
        """Return the page without its hidden columns, and where it ends if more follows."""
        names = [f"{_HIDDEN} {n}" for n in range(len(self.order))]
        page = rows.slice(0, self.limit)
        end = None
        if rows.num_rows > self.limit:
            cells = [page.column(name).to_pylist() for name in names]
            places = list(zip(*cells, strict=True)) if names else [()] * len(page)
            said = until.isoformat(), as_of.isoformat()
            end = Cursor(self.question, *said, *self._place(places))
        return page.drop_columns(names), end

    def _place(self, places: Sequence[tuple[str | None, ...]]) -> tuple[Sequence[str | None], int]:
        """Return where a page ends, by the places of its rows."""
        last = places[-1]
        n_same = next((n for n, each in enumerate(reversed(places)) if each != last), None)
        if n_same is not None:
            return last, n_same
        # The whole page shares its place, and perhaps the rows that were left out before it do.
        if not self.n_before:
            return last, len(places)
        values = self.after.values if self.after else ()
        if not values:
            return (), len(places) + self.n_before
        return last, len(places) + (self.n_before if tuple(values) == last else 0)


def digest_of(*parts: Any) -> str:
    """Return what tells one question from another."""
    return _digest(json.dumps(parts, default=str).encode()).hex()


def own_order(view: View | None, columns: Iterable[str]) -> list[Order]:
    """Return the order in which a view's own text lays its rows out, by columns that it returns."""
    known = list(columns)
    if view is None or not (found := _OWN.search(f"\n{view.text.strip()}")):
        column = time_column(known)
        return [Order(column)] if column else []
    terms = [_TERM.fullmatch(" ".join(term.split())) for term in found[1].split(",")]
    return [Order(term[1], term[2] == "desc") for term in terms if term and term[1] in known]


def total(order: Sequence[Order], columns: Iterable[str]) -> list[Order]:
    """Return the order with every other column behind, so that only equal rows are tied."""
    given = {each.column for each in order}
    return [*order, *(Order(column) for column in columns if column not in given)]


def beyond(
    order: Sequence[Order], kinds: Mapping[str, str], cursor: Cursor, binds: dict[str, str]
) -> str:
    """Return what is true of rows that stand at the cursor's place or after it."""
    said = "true"
    for each, value in reversed(list(zip(order, cursor.values, strict=True))):
        name = named(each.column)
        if value is None:  # nulls are last: nothing is behind them but what they tie with
            said = f"({name} is null and {said})"
            continue
        key = f"after{len(binds)}"
        binds[key] = value
        place = f"cast(${key} as {kinds[each.column]})"
        sign = "<" if each.is_down else ">"
        said = f"({name} is null or {name} {sign} {place} or ({name} = {place} and {said}))"
    return said


def _digest(body: bytes) -> bytes:
    return blake2b(body, digest_size=_DIGEST).digest()
