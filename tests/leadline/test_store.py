"""What the store promises: whole, once, in order, and nothing is overwritten."""

import os
import random
import subprocess
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from leadline import clock
from leadline.errors import FeedError, StoreError
from leadline.file import File, files
from leadline.load import plan
from leadline.publication import Publication
from leadline.store import Store
from loaders import finra_short_volume
from tests.stores import (
    ask,
    contracts,
    files_under,
    finra,
    leadline,
    lines,
    load_finra,
    load_sessions,
    opened,
    seen,
)

DAY = date(2024, 3, 1)
PUBLISHED = datetime(2024, 3, 1, 23, 0, tzinfo=UTC)  # 18:00 in New York
A = ("AA|10|0|100", "BB|20|0|200", "CC|30|0|300")
B = ("AA|10|0|100", "BB|25|0|200")
WHAT = ("symbol", "short_volume")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def store(place: Path) -> Iterator[Store]:
    with opened(place) as store:
        load_sessions(store)
        yield store


def publish(
    store: Store,
    folder: Path,
    text: Sequence[str],
    *,
    modified_at: datetime | None = None,
    known_at: datetime | None = None,
) -> Any:
    """Load one coverage's content as the network would bring it."""
    path = finra(folder, DAY, text)
    (file,) = files([path], lambda name: True)[0]
    batches = finra_short_volume.rows(file)
    own = Publication(
        "finra_short_volume", file.name, ("short_volume",), batches, file.origin, file.digest,
        modified_at=modified_at, known_at=known_at,
    )  # fmt: skip
    try:
        return store.load(own)
    finally:
        file.close()


def in_force(place: Path, **span: Any) -> list[tuple[Any, ...]]:
    """Return what the curated view says stands."""
    rows = ask(place, "curated.short_volume", **span)
    return seen((row for row in rows if row["withdrawn_at"] is None), *WHAT)


def as_seen(text: Sequence[str]) -> list[tuple[str, Decimal]]:
    return [(line.split("|")[0], Decimal(line.split("|")[1])) for line in text]


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


VALUES = {
    "session_date": DAY, "known_at": PUBLISHED, "facility": "CNMS", "market": "Q",
}  # fmt: skip
STORED = (*contracts()["short_volume"].names, "known_at", "known_date", "sequence", "source")


def dicts() -> list[dict[str, Any]]:
    rows = []
    for line in A:
        symbol, short, exempt, total = line.split("|")
        amounts = zip(
            ("short_volume", "short_exempt_volume", "total_volume"),
            map(Decimal, (short, exempt, total)),
            strict=True,
        )
        rows.append({**VALUES, "source_symbol": symbol, "symbol": symbol, **dict(amounts)})
    return rows


def arrow() -> pa.Table:
    rows = dicts()
    return pa.table({name: [row[name] for row in rows] for name in rows[0]})


@pytest.mark.parametrize("form", ["dicts", "table", "batches", "batch by batch"])
def test_rows_of_every_form_are_the_same_rows(
    store: Store, place: Path, tmp_path: Path, form: str
) -> None:
    load_finra(store, finra(tmp_path, DAY, A))
    relation = seen(ask(place, "raw.short_volume"), *STORED)
    given: dict[str, list[Any]] = {
        "dicts": [dicts()],
        "table": [arrow()],
        "batches": arrow().to_batches(),
        "batch by batch": [[row] for row in dicts()],
    }
    with opened(tmp_path / form) as other:
        load_sessions(other)
        batches = [("short_volume", rows) for rows in given[form]]
        own = Publication("finra_short_volume", "all", ("short_volume",), batches, "here")

        loaded = other.load(own)

    assert loaded.n_rows == 3
    assert seen(ask(tmp_path / form, "raw.short_volume"), *STORED) == relation


def test_how_rows_are_cut_into_batches_is_no_change(store: Store) -> None:
    whole = [("short_volume", dicts())]
    cut = [("short_volume", [row]) for row in dicts()]
    names = ("finra_short_volume", "2024-03-01", ("short_volume",))
    store.load(Publication(*names, whole, "here"))

    again = store.load(Publication(*names, cut, "here"))

    assert again.is_new is False


def test_two_relations_of_one_dataset_are_held_against_one_another(
    store: Store, place: Path, tmp_path: Path
) -> None:
    first = finra(tmp_path / "a", DAY, A)
    second = finra(tmp_path / "b", DAY, ["AA|10|0|100", "BB|99|0|200", "DD|1|0|1"])
    found = [files([path], lambda name: True)[0][0] for path in (first, second)]
    batches = [batch for file in found for batch in finra_short_volume.rows(file)]

    loaded = store.load(
        Publication("finra_short_volume", "both", ("short_volume",), batches, "here", "hash")
    )
    for file in found:
        file.close()

    assert (loaded.n_rows, loaded.n_rejected) == (4, 1)
    rows = ask(place, "raw.short_volume")
    assert seen(rows, "sequence", *WHAT) == [
        (1, "AA", Decimal(10)), (2, "BB", Decimal(20)), (3, "CC", Decimal(30)),
        (6, "DD", Decimal(1)),
    ]  # fmt: skip
    assert ask(place, "raw.rejected")[0]["position"] == 5


BROKEN = {
    "it can't be read": "{day}|ZZ|x|0|1|Q",
    "it breaks a check": "{day}|ZZ|2|0|1|Q",
    "it misses a value": "{day}||2|0|2|Q",
    "it is no session": "20240302|ZZ|1|0|2|Q",
    "it repeats a key with other values": "{day}|S0|123456|0|999999|Q",
    "it has a column too many": "{day}|ZZ|1|0|1|Q|Q",
}


@pytest.mark.parametrize("what", BROKEN)
@pytest.mark.parametrize("seed", range(2))
def test_the_rows_beside_a_broken_one_are_the_rows_of_a_clean_file(
    tmp_path: Path, what: str, seed: int
) -> None:
    chance = random.Random(f"{what} {seed}")
    n_rows = chance.choice([1, 7, 300, 2_500])
    text = [f"{DAY:%Y%m%d}|{line}|Q" for line in random_lines(chance, n_rows)]
    broken = [*text, BROKEN[what].format(day=f"{DAY:%Y%m%d}")]
    rows = {}
    for name, content in (("clean", text), ("broken", broken)):
        with opened(tmp_path / name) as store:
            load_sessions(store)
            (loaded,) = load_finra(store, finra(tmp_path / f"{name}-files", DAY, content))
        rows[name] = seen(ask(tmp_path / name, "raw.short_volume"), *STORED)

    assert loaded.n_rejected == 1
    assert len(rows["clean"]) == n_rows
    assert rows["broken"] == rows["clean"]


def random_lines(chance: random.Random, n_rows: int) -> list[str]:
    made = []
    for n in range(n_rows):
        total = chance.randrange(1, 10**9)
        short = chance.randrange(total)
        fraction = chance.choice(["", ".5", ".123456"])
        made.append(f"S{n}|{short}{fraction}|{chance.randrange(short + 1)}|{total + 1}")
    return made


def test_equal_rows_of_a_file_count_once(store: Store, place: Path, tmp_path: Path) -> None:
    (loaded,) = load_finra(store, finra(tmp_path, DAY, [*A, *A]))

    assert (loaded.n_rows, loaded.n_rejected) == (3, 0)
    assert in_force(place) == as_seen(A)


def test_rows_without_a_line_in_the_ledger_are_not_seen(
    store: Store, place: Path, tmp_path: Path
) -> None:
    load_finra(store, finra(tmp_path, DAY, A))
    table = store.tables["short_volume"]
    (file,) = table.paths()
    stray = f"select * replace ('no line' as load_id) from read_parquet('{file}')"
    table.append(table.write(store.con, stray), "no line")

    assert len(table.paths()) == 2
    assert in_force(place) == as_seen(A)


def test_a_load_that_was_killed_before_its_line_is_found_again_by_its_days(
    store: Store, place: Path, tmp_path: Path
) -> None:
    # What a load leaves that is killed between its rows and its line, the day before.
    yesterday = datetime(2024, 3, 4, 23, 59, tzinfo=UTC)
    publish(store, tmp_path, A)
    publish(store, tmp_path, B, known_at=yesterday)
    left = place / "short_volume"
    for path in (place / "loads").rglob("*"):
        if path.is_file() and "00000000000000000003" in path.name:
            path.unlink()

    with opened(place) as other:
        publish(other, tmp_path, B, known_at=yesterday)

    entry = lines(place)[-1]["datasets"]
    assert [(e["n_rows"], e["since_date"], e["until_date"]) for e in entry] == [
        (2, date(2024, 3, 4), date(2024, 3, 4))
    ]
    assert left.exists()
    assert in_force(place) == as_seen(B)


def test_a_place_that_is_a_file_is_told(tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("no store")

    with opened(place) as store, pytest.raises(StoreError) as error:
        load_sessions(store)

    assert str(error.value) == (
        f"{place}/rejected: can't be written, Not a directory; check its rights and its room, "
        f"then run this again, or name another store with LEADLINE_STORE"
    )


def test_a_place_that_nobody_may_write_to_is_told() -> None:
    with opened(Path("/proc/leadline")) as store, pytest.raises(StoreError) as error:
        load_sessions(store)

    assert str(error.value).startswith("/proc/leadline/rejected: can't be written, ")
    assert str(error.value).endswith("or name another store with LEADLINE_STORE")


# From the moment at which the store takes over, no file may grow beyond so many bytes.
FULL = """
import resource, sys
def step(frame, event, _):
    code = frame.f_code
    if event == "call" and code.co_name == "load" and code.co_filename.endswith("/store.py"):
        sys.setprofile(None)
        sys.dont_write_bytecode = True
        resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, resource.RLIM_INFINITY))
sys.setprofile(step)
"""


def test_a_command_without_room_says_so_in_one_sentence_and_can_be_run_again(
    store: Store, place: Path, tmp_path: Path
) -> None:
    path = finra(tmp_path / "first", DAY, [*A, "EE|x|0|1"])
    load_finra(store, path)
    changed = finra(tmp_path / "changed", DAY, B)
    before = content(place)
    said = {}
    for n_bytes in (0, 1_500, 2_500):
        running = leadline(
            "load", "finra_short_volume", "--from", changed,
            store=place, scratch=tmp_path / "scratch", before=FULL.format(room=n_bytes),
        )  # fmt: skip
        _, talk = running.communicate(timeout=60)
        said[n_bytes] = (running.returncode, talk.splitlines()[-1])
        assert content(place) == before
    load_finra(store, changed)

    for exit_code, sentence in said.values():
        assert exit_code == 1, said
        assert str(place) in sentence
        assert "File too large" in sentence
        assert "run this again" in sentence
    assert in_force(place) == as_seen(B)


def content(place: Path) -> Any:
    return (in_force(place), len(ask(place, "raw.short_volume")), len(lines(place)))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_disk_that_is_really_full_loses_nothing(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this machine mounts no disk")
    try:
        place = disk / "store"
        chance = random.Random(20240301)
        with opened(place) as store:
            load_sessions(store)
            n_loaded = 0
            sentence = ""
            while not sentence:
                path = finra(tmp_path / "files", DAY, random_lines(chance, 500))
                try:
                    load_finra(store, path.rename(path.with_stem(f"{path.stem}-{n_loaded}")))
                    n_loaded += 1
                except StoreError as error:
                    sentence = str(error)
        seen_before = len(ask(place, "raw.short_volume"))
        subprocess.run(["mount", "-o", "remount,size=8m", disk], check=True)
        with opened(place) as store:
            load_finra(store, *(tmp_path / "files").iterdir())
        seen_after = len(ask(place, "raw.short_volume"))
    finally:
        subprocess.run(["umount", disk], check=True)

    assert "No space left on device" in sentence
    assert str(place) in sentence
    assert n_loaded > 0
    assert (seen_before, seen_after) == (n_loaded * 500, (n_loaded + 1) * 500)
