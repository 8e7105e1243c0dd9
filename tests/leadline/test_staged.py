"""What is staged is in no log, and goes when it is not committed."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from leadline.errors import FeedError
from leadline.feed import Batch
from leadline.publication import Publication
from leadline.store import Store
from tests.stores import ask

KNOWN = datetime(2024, 3, 1, 23, tzinfo=UTC)
ROW = {
    "session_date": "2024-03-01", "facility": "CNMS", "source_symbol": "AA", "symbol": "AA",
    "short_volume": 10, "short_exempt_volume": 0, "total_volume": 100, "market": "Q",
    "known_at": KNOWN,
}  # fmt: skip


def publication(*pages: list[dict[str, Any]] | pa.Table, **given: Any) -> Publication:
    batches: list[Batch] = [("short_volume", page) for page in pages]
    return Publication("mine", "2024-03-01", ("short_volume",), batches, "here", **given)


def files(store: Store) -> list[Path]:
    return list(Path(str(store.place)).rglob("short_volume/**/*.parquet"))


def test_pages_of_one_publication_are_one_load(store: Store, tmp_path: Path) -> None:
    second = ROW | {"source_symbol": "BB", "symbol": "BB"}

    loaded = store.load(publication([ROW], [second]))

    assert (loaded.n_rows, len(files(store))) == (2, 1)
    rows = ask(store.place, "raw.short_volume")
    assert {row["load_id"] for row in rows} == {loaded.load_id}


def test_what_comes_twice_over_a_page_s_edge_is_a_repeat(store: Store) -> None:
    loaded = store.load(publication([ROW], [ROW]))

    assert (loaded.n_rows, loaded.n_rejected) == (1, 0)


def test_rows_without_a_file_are_the_same_content_if_they_say_the_same(store: Store) -> None:
    store.load(publication([ROW]))

    again = store.load(publication([ROW]))
    changed = store.load(publication([ROW | {"short_volume": 11}]))

    assert (again.is_new, changed.is_new, changed.n_rows) == (False, True, 1)


def test_arrow_is_the_same_content_if_it_says_the_same_however_it_is_cut(store: Store) -> None:
    rows = pa.Table.from_pylist([ROW, ROW | {"source_symbol": "BB", "symbol": "BB"}])
    cut = pa.concat_tables([rows.slice(0, 1), rows.slice(1)])
    cut = cut.replace_schema_metadata({"by": "us"})
    store.load(publication(rows))

    again = store.load(publication(cut))
    changed = store.load(publication(rows.slice(0, 1)))

    assert (again.is_new, changed.is_new, changed.n_gone) == (False, True, 1)


def test_a_loader_that_breaks_off_leaves_no_file(store: Store) -> None:
    def breaking() -> Iterator[Batch]:
        yield "short_volume", [ROW]
        raise FeedError("mine: the line went dead", try_again=True)

    broken = Publication("mine", "2024-03-01", ("short_volume",), breaking(), "here")

    with pytest.raises(FeedError, match="went dead"):
        store.load(broken)

    assert files(store) == []


@pytest.mark.parametrize(
    ("given", "known_from", "known_at"),
    [
        ({"modified_at": datetime(2024, 3, 4, tzinfo=UTC)}, "last-modified", (2024, 3, 4)),
        ({"known_at": datetime(2024, 3, 5, tzinfo=UTC)}, "known-at", (2024, 3, 5)),
        ({"known_at": datetime(2024, 2, 5, tzinfo=UTC)}, "known-at", (2024, 3, 1)),
    ],
)
def test_a_change_is_dated_by_who_knows_and_never_before_what_it_replaces(
    store: Store, given: dict[str, Any], known_from: str, known_at: tuple[int, ...]
) -> None:
    store.load(publication([ROW]))

    store.load(publication([ROW | {"short_volume": 11}], **given))

    (row,) = [row for row in ask(store.place, "curated.short_volume") if not row["withdrawn_at"]]
    store.ledger.refresh()
    assert float(row["short_volume"]) == 11
    assert (row["known_at"].year, row["known_at"].month, row["known_at"].day) == known_at
    assert store.ledger.lines[-1]["known_from"] == known_from
