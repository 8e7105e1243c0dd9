"""The input of a model that is fitted month by month: what it learns from, and what it scores.

Each row is asked for once, in the month in which it became known, with an end that lies no later
than that month's: so whatever is learned before a month has seen nothing of it.
"""

import hashlib
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from leadline.clock import BEGINNING, midnight
from leadline.errors import ViewError
from leadline.span import Needs
from leadline.warehouse import Warehouse

_MOST_BYTES = 400_000_000  # held of one view for the models after this one
_COLUMNS = ("session_date", "known_at")  # what a row of any input says of itself


class Walk:
    """The rows of one view, month by month, up to a moment, which models may share.

    A session belongs to its own month, though the row of its last day be told in the next one. A
    row that is told later than the month after is in no month.
    """

    def __init__(self, warehouse: Warehouse, view: str, moment: datetime, first: date) -> None:
        for name in _COLUMNS:
            if name not in warehouse.columns(view):
                raise ViewError(f"{view}: it has no '{name}', which a fitted model's input needs")
        self._warehouse, self._view, self._moment = warehouse, view, moment
        self._first = month_of(first)
        self._pieces: dict[date, pa.Table] = {}

    def learned(self, month: date, learns: str) -> pa.Table:
        """Return the rows that were known before a month begins, as far back as is learned from."""
        since = reach(self._warehouse, learns, midnight(month))
        return _known_from(self._rows(month_of(since.date()), month), since)

    def scored(self, month: date) -> pa.Table:
        """Return the rows of a month's sessions."""
        told = self._rows(month, following(following(month)))
        day = pc.field("session_date")
        return told.filter((day >= pa.scalar(month)) & (day < pa.scalar(following(month))))

    def leading(self, month: date, before: str) -> pa.Table:
        """Return the rows of earlier sessions that the scores of a month look back to."""
        since = reach(self._warehouse, before, midnight(month))
        told = self._rows(month_of(since.date()), following(following(month)))
        rows = _known_from(told, since)
        return rows.filter(pc.field("session_date") < pa.scalar(month))

    def forget(self, month: date, learns: str) -> None:
        """Let go of what is learned from no longer, from a month on, once much is held."""
        if sum(rows.nbytes for rows in self._pieces.values()) < _MOST_BYTES:
            return
        oldest = month_of(reach(self._warehouse, learns, midnight(month)).date())
        self._pieces = {key: rows for key, rows in self._pieces.items() if key >= oldest}

    def _rows(self, first: date, end: date) -> pa.Table:
        """Return the rows that became known in these whole months, the last of them left out."""
        pieces, month = [], max(first, self._first)
        while month < end and midnight(month) < self._moment:
            pieces.append(self._piece(month))
            month = following(month)
        return pa.concat_tables(pieces or [self._piece(self._first).slice(0, 0)])

    def _piece(self, month: date) -> pa.Table:
        if month not in self._pieces:
            until = min(midnight(following(month)), self._moment)
            rows = self._warehouse.ask(self._view, midnight(month), until)
            # In one order, whatever the threads did.
            self._pieces[month] = rows.order("all").to_arrow_table()
        return self._pieces[month]


def _known_from(rows: pa.Table, since: datetime) -> pa.Table:
    moment = pa.scalar(since, rows.schema.field("known_at").type)
    return rows.filter(pc.field("known_at") >= moment)


def sessions(rows: pa.Table) -> list[date]:
    """Return the sessions that rows are of, oldest first."""
    return sorted(pc.unique(rows["session_date"]).to_pylist())


def of_session(rows: pa.Table, session: date, before: str | None, warehouse: Warehouse) -> pa.Table:
    """Return a session's rows, and those before that its score looks back to.

    None of them became known later than the session's own.
    """
    day, known = pc.field("session_date"), pc.field("known_at")
    own = rows.filter(day == pa.scalar(session))
    if before is None:
        return own
    told = pc.max(own["known_at"])
    since = pa.scalar(reach(warehouse, before, told.as_py()), told.type)
    return rows.filter((day <= pa.scalar(session)) & (known >= since) & (known <= told))


def reach(warehouse: Warehouse, text: str, moment: datetime) -> datetime:
    """Return how far back `252 sessions`, `30d` or `all` reaches from a moment."""
    needs = Needs.of(text, Path("models"), 0)
    return BEGINNING if needs.is_all else needs.before(moment, warehouse.closes)


def digest(rows: pa.Table) -> str:
    """Return what tells rows from others; what lies in memory below a null may be anything."""
    found = hashlib.sha256(repr(rows.schema.remove_metadata()).encode())
    for name in rows.column_names:
        column = rows[name].combine_chunks()
        for part in (pc.is_null(column), column.drop_null()):
            # The last bits of a bitmap may be anything, too.
            plain = part.cast(pa.uint8()) if pa.types.is_boolean(part.type) else part
            batch = pa.record_batch([plain], names=["part"])
            sink = pa.BufferOutputStream()
            with pa.ipc.new_stream(sink, batch.schema) as stream:
                stream.write_batch(batch)
            found.update(sink.getvalue())
    return found.hexdigest()


def month_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def following(month: date) -> date:
    """Return the first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
