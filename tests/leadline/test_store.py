"""What the store promises: whole, once, in order, and nothing is overwritten."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from leadline import clock
from leadline.errors import FeedError, StoreError
from leadline.file import File
from leadline.load import plan
from leadline.publication import Publication
from leadline.store import Store
from loaders import finra_short_volume
from tests.publications import DAY, PUBLISHED, A, B, as_seen, in_force, publish
from tests.stores import (
    ask,
    contracts,
    files_under,
    finra,
    lines,
    load_finra,
    load_sessions,
    opened,
    seen,
)


def test_a_project_without_the_stores_own_datasets_is_told(place: Path) -> None:
    known = {name: each for name, each in contracts().items() if name != "loads"}

    with pytest.raises(StoreError) as told, opened(place, known):
        pass

    assert str(told.value) == "sql/tables/loads.sql: the store needs it; bring it back"


def test_the_same_file_twice_adds_no_row(store: Store, place: Path, tmp_path: Path) -> None:
    path = finra(tmp_path, DAY, A)

    first, second = load_finra(store, path) + load_finra(store, path)

    assert (first.is_new, first.n_rows) == (True, 3)
    assert (second.is_new, second.n_rows, second.load_id) == (False, 0, first.load_id)
    assert len(ask(place, "raw.short_volume")) == 3


def test_an_old_content_that_comes_back_is_in_force_again(
    store: Store, place: Path, tmp_path: Path
) -> None:
    loaded = [publish(store, tmp_path, text) for text in (A, B, A)]

    counts = [(each.n_rows, each.n_gone) for each in loaded]
    assert counts == [(3, 0), (1, 1), (2, 0)]
    assert in_force(place) == as_seen(A)
    assert len(ask(place, "raw.short_volume")) == 7


def test_a_key_that_is_gone_gets_a_tombstone(store: Store, place: Path, tmp_path: Path) -> None:
    publish(store, tmp_path, A)
    publish(store, tmp_path, B, known_at=datetime(2024, 3, 2, tzinfo=UTC))

    gone = [row for row in ask(place, "raw.short_volume") if row["is_gone"]]

    assert seen(gone, "source_symbol", "known_at", "short_volume", "facility", "sequence") == [
        ("CC", datetime(2024, 3, 2, tzinfo=UTC), None, "CNMS", 3)
    ]
    assert in_force(place) == as_seen(B)


@pytest.mark.parametrize(
    ("modified_at", "known_at", "expected", "known_from"),
    [
        (datetime(2024, 3, 5, tzinfo=UTC), None, datetime(2024, 3, 5, tzinfo=UTC), "last-modified"),
        (
            datetime(2024, 3, 5, tzinfo=UTC),
            datetime(2024, 3, 7, tzinfo=UTC),
            datetime(2024, 3, 5, tzinfo=UTC),
            "last-modified",
        ),
        (None, datetime(2024, 3, 7, tzinfo=UTC), datetime(2024, 3, 7, tzinfo=UTC), "known-at"),
        (datetime(2024, 2, 1, tzinfo=UTC), None, PUBLISHED, "last-modified"),
        (None, datetime(2024, 2, 1, tzinfo=UTC), PUBLISHED, "known-at"),
    ],
    ids=["Last-Modified", "Last-Modified before --known-at", "--known-at",
         "the loader's is later than Last-Modified", "the loader's is later than --known-at"],
)  # fmt: skip
def test_a_changed_publication_is_known_by_the_later_of_two_moments(
    store: Store,
    place: Path,
    tmp_path: Path,
    modified_at: datetime | None,
    known_at: datetime | None,
    expected: datetime,
    known_from: str,
) -> None:
    publish(store, tmp_path, A)
    publish(store, tmp_path, B, modified_at=modified_at, known_at=known_at)

    newest = lines(place)[-1]

    assert newest["known_from"] == known_from
    added = [r for r in ask(place, "raw.short_volume") if r["load_id"] == newest["load_id"]]
    assert {row["known_at"] for row in added} == {expected}


def test_without_a_date_a_changed_publication_is_known_when_it_is_loaded(
    store: Store, place: Path, tmp_path: Path
) -> None:
    before = clock.now()
    publish(store, tmp_path, A)
    publish(store, tmp_path, B)

    first, newest = lines(place)[-2:]

    assert (first["known_from"], newest["known_from"]) == ("loader", "loading")
    rows = ask(place, "raw.short_volume")
    assert {r["known_at"] for r in rows if r["load_id"] == first["load_id"]} == {PUBLISHED}
    (moment,) = {r["known_at"] for r in rows if r["load_id"] == newest["load_id"]}
    assert before < moment < newest["recorded_at"]


def test_the_first_rows_of_a_coverage_that_had_none_are_a_change_too(
    store: Store, place: Path, tmp_path: Path
) -> None:
    late = datetime(2024, 3, 9, tzinfo=UTC)
    publish(store, tmp_path, ["AA|-1|0|1"])
    publish(store, tmp_path, A, known_at=late)

    rows = ask(place, "raw.short_volume")

    assert {row["known_at"] for row in rows} == {late}


def test_before_the_correction_the_old_rows_answer(
    store: Store, place: Path, tmp_path: Path
) -> None:
    corrected = datetime(2024, 3, 5, 12, tzinfo=UTC)
    publish(store, tmp_path, A)
    publish(store, tmp_path, B, known_at=corrected)
    recorded = lines(place)[-2]["recorded_at"]

    assert in_force(place, until=corrected) == as_seen(A)
    assert in_force(place, recorded_until=recorded) == as_seen(A)
    assert in_force(place, until=corrected + timedelta(microseconds=1)) == as_seen(B)


def test_a_change_later_than_a_correction_in_the_same_run_is_found_where_it_lies(
    store: Store, place: Path, tmp_path: Path
) -> None:
    publish(store, tmp_path, A)
    publish(store, tmp_path, B, known_at=datetime(2024, 6, 5, tzinfo=UTC))

    third = publish(store, tmp_path, (*B, "DD|1|0|1"), known_at=datetime(2024, 7, 5, tzinfo=UTC))

    assert (third.n_rows, third.n_gone) == (1, 0)


def test_a_load_that_lands_as_another_begins_is_what_its_rows_are_held_against(
    store: Store, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = finra(tmp_path, DAY, A), finra(tmp_path / "other", DAY, B)
    load_finra(store, ours)
    look, to_land = store.ledger.refresh, [theirs]

    def refresh() -> bool:
        while to_land:
            with opened(place) as other:
                load_finra(other, to_land.pop())
        return look()

    monkeypatch.setattr(store.ledger, "refresh", refresh)
    load_finra(store, ours)

    assert in_force(place) == as_seen(A)


def test_a_forgotten_load_can_be_loaded_again(store: Store, place: Path, tmp_path: Path) -> None:
    path = finra(tmp_path, DAY, A)
    (first,) = load_finra(store, path)
    (gone,) = store.forget(first.load_id)
    empty = ask(place, "raw.short_volume")

    (again,) = load_finra(store, path)

    assert (gone["load_id"], empty) == (first.load_id, [])
    assert (again.is_new, again.n_rows, again.load_id == first.load_id) == (True, 3, False)
    assert [line["publication"] for line in lines(place)[1:]] == [0, 1, 2]
    assert in_force(place) == as_seen(A)


def test_forgetting_an_early_load_takes_the_later_ones_of_its_coverage_with_it(
    store: Store, place: Path, tmp_path: Path
) -> None:
    first, second = publish(store, tmp_path, A), publish(store, tmp_path, B)

    gone = store.forget(first.load_id)

    assert [line["load_id"] for line in gone] == [first.load_id, second.load_id]
    assert ask(place, "raw.short_volume") == []
    assert [line["action"] for line in lines(place)[1:]] == ["load", "load", "forget", "forget"]


def test_forgetting_the_newest_load_puts_the_one_before_in_force(
    store: Store, place: Path, tmp_path: Path
) -> None:
    publish(store, tmp_path, A)
    store.forget(publish(store, tmp_path, B).load_id)

    again = publish(store, tmp_path, A)

    assert again.is_new is False
    assert in_force(place) == as_seen(A)


def test_a_question_about_a_moment_before_the_forget_still_sees_the_rows(
    store: Store, place: Path, tmp_path: Path
) -> None:
    (first,) = load_finra(store, finra(tmp_path, DAY, A))
    recorded = lines(place)[-1]["recorded_at"]
    store.forget(first.load_id)

    assert in_force(place, recorded_until=recorded) == as_seen(A)
    assert in_force(place) == []


def test_what_cannot_be_forgotten_is_told(store: Store, tmp_path: Path) -> None:
    (first,) = load_finra(store, finra(tmp_path, DAY, A))
    store.forget(first.load_id)

    with pytest.raises(StoreError) as twice:
        store.forget(first.load_id)
    with pytest.raises(StoreError) as never:
        store.forget("abc")

    assert str(twice.value) == (
        f"{first.load_id}: it is forgotten already; leadline store history shows when"
    )
    assert str(never.value) == "abc: no load has this id; leadline store history lists them"


def test_without_sessions_a_dataset_with_a_calendar_says_what_to_load(
    place: Path, tmp_path: Path
) -> None:
    with opened(place) as store:
        path = finra(tmp_path, DAY, A)

        with pytest.raises(StoreError) as error:
            load_finra(store, path)
        load_sessions(store)
        store.forget(lines(place)[-1]["load_id"])
        with pytest.raises(StoreError) as again:
            load_finra(store, path)

    assert str(error.value) == f"{place}: it holds no sessions; run leadline load sessions"
    assert str(again.value) == str(error.value)


def test_a_dry_run_says_what_a_run_adds_and_writes_nothing(
    store: Store, place: Path, tmp_path: Path
) -> None:
    path = finra(tmp_path, DAY, [*A, "DD|2|0|1", "EE|x|0|1"])
    before = files_under(place)

    (dry,) = load_finra(store, path, dry_run=True)
    after = files_under(place)
    (wet,) = load_finra(store, path)
    (known,) = load_finra(store, path, dry_run=True)

    assert after == before
    assert dry == wet
    assert (wet.n_rows, wet.n_rejected) == (3, 2)
    assert (known.is_new, known.n_rows) == (False, 0)


def test_a_dry_run_on_a_store_that_is_not_there_does_not_make_it(tmp_path: Path) -> None:
    with opened(tmp_path / "store") as store:
        loaded = load_sessions_dry(store)

    assert (loaded.is_new, loaded.n_rows) == (True, 1)
    assert files_under(tmp_path) == []


def load_sessions_dry(store: Store) -> Any:
    row = {
        "calendar": "XNYS", "session_date": DAY, "opens_at": PUBLISHED, "is_half_session": True,
        "closes_at": PUBLISHED + timedelta(hours=1), "sequence": 1, "known_at": clock.BEGINNING,
    }  # fmt: skip
    own = Publication("sessions", "all", ("sessions",), [("sessions", [row])], "rules")
    return store.load(own, dry_run=True)


def test_a_dry_run_counts_a_change_as_the_run_does(
    store: Store, place: Path, tmp_path: Path
) -> None:
    load_finra(store, finra(tmp_path, DAY, A))
    path = finra(tmp_path, DAY, B)
    before = files_under(place)

    (dry,) = load_finra(store, path, dry_run=True)

    assert files_under(place) == before
    assert (dry.n_rows, dry.n_gone) == (1, 1)


def test_a_file_with_a_broken_row_leaves_no_file_that_the_log_does_not_know(
    store: Store, place: Path, tmp_path: Path
) -> None:
    load_finra(store, finra(tmp_path, DAY, [*A, "AA|10|0|100", "DD|2|0|1"]))

    store.tables["short_volume"].refresh()
    found = {str(path) for path in (place / "short_volume").rglob("*.parquet")}

    assert found == set(store.tables["short_volume"].paths())


def test_a_source_that_breaks_off_leaves_nothing(store: Store, place: Path, tmp_path: Path) -> None:
    path = finra(tmp_path, DAY, A)
    before = ask(place, "raw.loads")

    def broken(file: File) -> Iterator[Any]:
        yield from finra_short_volume.rows(file)
        raise FeedError("finra_short_volume: the source is gone")

    (file,) = plan("finra_short_volume", finra_short_volume, [path]).files
    own = Publication(
        "finra_short_volume", file.name, ("short_volume",), broken(file), "here", file.digest
    )
    with pytest.raises(FeedError):
        store.load(own)
    file.close()

    assert list((place / "short_volume").rglob("*.parquet")) == []
    assert ask(place, "raw.loads") == before


def test_lines_that_broke_an_earlier_load_off_are_not_taken_for_the_next_ones(
    store: Store, place: Path, tmp_path: Path
) -> None:
    bad = finra(tmp_path / "bad", DAY, ["AA|x|0|1", "20240399|BB|1|0|1|Q"])
    good = finra(tmp_path, date(2024, 3, 4), A)
    with pytest.raises(FeedError):
        load_finra(store, bad)

    (loaded,) = load_finra(store, good)

    assert (loaded.n_rows, loaded.n_rejected) == (3, 0)
