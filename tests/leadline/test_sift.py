"""Rows against their contract: every reason is a sentence, and what is right passes unchanged."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from leadline.contract import Contract, read_all
from leadline.errors import FeedError
from leadline.publication import Loaded, Publication
from leadline.store import Store
from tests.doors import ROOT
from tests.stores import finra, load_finra, load_sessions, opened

PRINTS = """-- kind:       event
-- partition:  day
-- calendar:   XNYS
-- what:       Prints.
-- grain:      one row per print
-- key:        venue, print_id

create table prints (
    venue text not null,  -- where
    print_id bigint not null,  -- which
    session_date date,  -- of which session
    printed_at timestamptz,  -- when
    price decimal(18, 8),  -- USD
    size bigint,  -- shares
    ratio double,  -- of something
    is_block boolean,  -- is it one
    reason text,  -- why, a name that the store's own columns leave free
    check (size > 0),
    check (price between 0 and 1_000_000)
);
"""
DAY = date(2024, 3, 1)
AT = datetime(2024, 3, 1, 15, tzinfo=UTC)
ROW: dict[str, Any] = {
    "venue": "XNYS", "print_id": 1, "session_date": DAY, "printed_at": AT,
    "price": Decimal("10.50"), "size": 100, "ratio": 0.5, "is_block": False, "known_at": AT,
}  # fmt: skip


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Contract]:
    folder = tmp_path_factory.mktemp("tables")
    for name in ("loads", "rejected", "sessions"):
        path = ROOT / "sql" / "tables" / f"{name}.sql"
        (folder / path.name).write_text(path.read_text())
    (folder / "prints.sql").write_text(PRINTS)
    return read_all(folder)


@pytest.fixture
def store(known: dict[str, Contract], tmp_path: Path) -> Iterator[Store]:
    with opened(tmp_path / "store", known) as store:
        load_sessions(store)
        yield store


def load(store: Store, rows: Any, coverage: str = "a", **how: Any) -> Loaded:
    batches = [("prints", rows)]
    return store.load(Publication("feed", coverage, ("prints",), batches, "here", **how))


def stored(store: Store, dataset: str = "prints") -> list[dict[str, Any]]:
    table = store.tables[dataset]
    table.refresh()
    rows: list[dict[str, Any]] = []
    for path in table.paths():
        rows += store.con.sql(f"from read_parquet('{path}')").to_arrow_table().to_pylist()
    return rows


def test_a_row_that_keeps_the_contract_is_stored_as_it_came(store: Store) -> None:
    loaded = load(store, [ROW])

    (row,) = stored(store)
    assert {name: row[name] for name in ROW} == ROW
    assert (row["source"], row["load_id"], row["sequence"]) == ("feed", loaded.load_id, 1)
    assert (row["is_gone"], row["known_date"]) == (False, DAY)


def test_a_source_that_has_an_order_of_its_own_keeps_it(store: Store) -> None:
    rows = [ROW | {"print_id": n, "sequence": 10 - n} for n in range(3)]

    load(store, rows)

    found = sorted((row["print_id"], row["sequence"]) for row in stored(store))
    assert found == [(0, 10), (1, 9), (2, 8)]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"print_id": "one"}, "print_id is one, no bigint"),
        ({"print_id": 2**70}, f"print_id is {2**70}, no bigint"),
        ({"size": 1.5}, "size is 1.5, no bigint"),
        ({"size": "1.5"}, "size is 1.5, no bigint"),
        ({"price": "ten"}, "price is ten, no decimal(18,8)"),
        ({"price": "1e30"}, "price is 1e30, no decimal(18,8)"),
        ({"ratio": "half"}, "ratio is half, no double"),
        ({"is_block": "maybe"}, "is_block is maybe, no boolean"),
        ({"session_date": "1 March"}, "session_date is 1 March, no date"),
        ({"printed_at": "noon"}, "printed_at is noon, no timestamp with time zone"),
        ({"known_at": 1_709_305_200_000}, "known_at is 1709305200000, no timestamptz"),
        ({"session_date": 19_783}, "session_date is 19783, no date"),
        ({"size": Decimal("1.5")}, "size is 1.5, no bigint"),
        ({"size": float("nan")}, "size is nan, no bigint"),
        ({"known_at": "noon"}, "known_at is noon, no timestamptz"),
        (
            {"printed_at": "infinity"},
            "printed_at is infinity, outside the years 1 to 9999",
        ),
        ({"known_at": "-infinity"}, "known_at is -infinity, outside the years 1 to 9999"),
        (
            {"printed_at": "20000-01-01 00:00:00+00"},
            "printed_at is 20000-01-01 00:00:00+00, outside the years 1 to 9999",
        ),
        ({"venue": None}, "venue is missing"),
        ({"print_id": None}, "print_id is missing"),
        ({"known_at": None}, "known_at is missing"),
        ({"size": 0}, "not size > 0"),
        ({"price": Decimal(-1)}, "not price BETWEEN 0 AND 1_000_000"),
        ({"session_date": date(2024, 3, 2)}, "session_date 2024-03-02 is no session of XNYS"),
        ({"venue": None, "size": 0}, "venue is missing"),
    ],
    ids=str,
)
def test_a_row_that_breaks_the_contract_is_set_aside_with_its_reason(
    store: Store, wrong: dict[str, Any], reason: str
) -> None:
    good = ROW | {"print_id": 2}

    loaded = load(store, [ROW | wrong, good])

    (row,) = stored(store, "rejected")
    assert row["reason"] == reason
    assert (row["dataset"], row["origin"], row["position"]) == ("prints", "here", 1)
    assert (loaded.n_rows, loaded.n_rejected) == (1, 1)
    assert loaded.reasons == {f"prints: {row['reason']}": 1}
    assert [each["print_id"] for each in stored(store)] == [2]


def test_a_calendar_may_be_a_column_of_the_row(known: dict[str, Contract], tmp_path: Path) -> None:
    said = PRINTS.replace("XNYS", "venue", 1).replace("prints", "own_prints")
    folder = tmp_path / "tables"
    folder.mkdir()
    (folder / "own_prints.sql").write_text(said)
    own = known | read_all(folder)

    with opened(tmp_path / "store", own) as store:
        load_sessions(store)
        wrong = ROW | {"venue": "24/7", "print_id": 2}
        batches = [("own_prints", [ROW, wrong])]
        loaded = store.load(Publication("own", "all", ("own_prints",), batches, "here"))

    assert (loaded.n_rows, loaded.reasons) == (
        1,
        {"own_prints: session_date 2024-03-01 is no session of 24/7": 1},
    )


def test_a_column_called_reason_is_a_column_like_others(store: Store) -> None:
    loaded = load(store, [ROW | {"reason": "gap"}])

    assert (loaded.n_rows, loaded.n_rejected) == (1, 0)
    assert [row["reason"] for row in stored(store)] == ["gap"]


def test_what_was_set_aside_is_kept_as_json(store: Store) -> None:
    load(store, [ROW | {"size": "1,000"}])

    (row,) = stored(store, "rejected")
    ((size, venue, price),) = store.con.execute(
        "select ?::json ->> 'size', ?::json ->> 'venue', ?::json ->> 'price'", [row["row"]] * 3
    ).fetchall()
    assert (size, venue, price) == ("1,000", "XNYS", "10.5")


def test_a_null_where_nothing_is_needed_is_no_break(store: Store) -> None:
    loaded = load(store, [{"venue": "XNYS", "print_id": 1, "known_at": AT}])

    assert (loaded.n_rows, loaded.n_rejected) == (1, 0)


@pytest.mark.parametrize("whole", ["7", 7, 7.0, Decimal(7), "9007199254740993"])
def test_whole_numbers_of_any_type_are_whole(store: Store, whole: Any) -> None:
    load(store, [ROW | {"size": whole}])

    assert [row["size"] for row in stored(store)] == [int(whole)]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (
            [ROW | {"pirce": 1}],
            "feed: prints has no column 'pirce'; did you mean 'price'; mend the loader",
        ),
        ([{"venue": "XNYS", "known_at": AT}], "feed: prints needs 'print_id'; mend the loader"),
        ([{"venue": "XNYS", "print_id": 1}], "feed: prints needs 'known_at'; mend the loader"),
    ],
    ids=["an unknown column", "a column that is needed", "known_at"],
)
def test_a_loader_that_does_not_know_the_contract_stops(
    store: Store, rows: Sequence[Mapping[str, Any]], sentence: str
) -> None:
    with pytest.raises(FeedError) as error:
        load(store, rows)

    assert str(error.value) == sentence
    assert stored(store) == []
    assert load(store, [ROW]).n_rows == 1


def test_equal_rows_count_once_and_contradicting_ones_are_set_aside(store: Store) -> None:
    rows = [ROW, ROW, ROW | {"size": 7}, ROW | {"print_id": 2}, ROW | {"size": 8}, ROW]

    loaded = load(store, rows)

    assert (loaded.n_rows, loaded.n_rejected) == (2, 2)
    assert sorted((row["print_id"], row["size"]) for row in stored(store)) == [(1, 100), (2, 100)]
    aside = stored(store, "rejected")
    assert [row["position"] for row in aside] == [3, 5]
    assert {row["reason"] for row in aside} == {"repeats venue, print_id with other values"}


def test_a_row_that_breaks_the_contract_is_not_what_others_contradict(store: Store) -> None:
    loaded = load(store, [ROW | {"size": -1}, ROW])

    assert (loaded.n_rows, loaded.n_rejected) == (1, 1)
    assert [row["size"] for row in stored(store)] == [100]


def test_a_key_whose_new_row_is_broken_does_not_vanish(store: Store) -> None:
    load(store, [ROW])

    changed = load(store, [ROW | {"size": -1}])

    assert (changed.n_rows, changed.n_gone, changed.n_rejected) == (0, 0, 1)


def test_reasons_are_counted_without_their_numbers(store: Store) -> None:
    rows = [ROW | {"print_id": n, "size": f"{n}.5"} for n in range(12)]

    loaded = load(store, rows)

    assert loaded.reasons == {"prints: size is 0.5, no bigint": 12}


def test_only_rows_that_differ_are_added(store: Store) -> None:
    rows = [ROW | {"print_id": n} for n in range(100)]
    load(store, rows)

    late = AT + timedelta(days=3)
    changed = [*rows[:40], rows[40] | {"ratio": None}, *rows[42:], ROW | {"print_id": 1_000}]
    loaded = load(store, changed, known_at=late)

    assert (loaded.n_rows, loaded.n_gone) == (2, 1)
    added = [row for row in stored(store) if row["load_id"] == loaded.load_id]
    assert sorted((row["print_id"], row["is_gone"]) for row in added) == [
        (40, False), (41, True), (1_000, False),
    ]  # fmt: skip
    assert {row["known_at"] for row in added} == {late}


def test_a_row_that_differs_in_known_at_alone_is_the_same_row(store: Store) -> None:
    load(store, [ROW])

    loaded = load(store, [ROW | {"known_at": AT + timedelta(hours=1)}])

    assert (loaded.is_new, loaded.n_rows) == (True, 0)


def test_a_key_that_vanished_and_comes_back_stands_again(store: Store) -> None:
    load(store, [ROW, ROW | {"print_id": 2}])
    load(store, [ROW])

    loaded = load(store, [ROW, ROW | {"print_id": 2}])

    assert (loaded.n_rows, loaded.n_gone) == (1, 0)


def test_coverages_do_not_correct_one_another(store: Store) -> None:
    load(store, [ROW], "a")

    other = load(store, [ROW | {"print_id": 2}], "b")

    assert (other.n_rows, other.n_gone) == (1, 0)


def test_arrow_of_the_wrong_types_is_judged_like_text(store: Store) -> None:
    rows = pa.table(
        {
            "venue": ["XNYS", "XNYS"],
            "print_id": pa.array([1.0, 2.5]),
            "size": pa.array(["7", "x"]),
            "known_at": ["2024-03-01 15:00Z"] * 2,
        }
    )

    loaded = load(store, rows)

    assert (loaded.n_rows, loaded.n_rejected) == (1, 1)
    assert [(r["print_id"], r["size"], r["known_at"]) for r in stored(store)] == [(1, 7, AT)]
    assert [row["reason"] for row in stored(store, "rejected")] == ["print_id is 2.5, no bigint"]


def test_a_line_that_cannot_be_read_is_set_aside_with_its_number(tmp_path: Path) -> None:
    text = ["A|1|0|2", "B|x|0|2", "20240301|C|1|0|2|Q|more", "D|1|0|2"]
    with opened(tmp_path / "store") as store:
        load_sessions(store)

        (loaded,) = load_finra(store, finra(tmp_path, DAY, text))

        aside = sorted(stored(store, "rejected"), key=lambda row: row["position"])
    assert (loaded.n_rows, loaded.n_rejected) == (2, 2)
    assert [(row["position"], row["row"]) for row in aside] == [
        (3, '{"line":"20240301|B|x|0|2|Q"}'),
        (4, '{"line":"20240301|C|1|0|2|Q|more"}'),
    ]
    assert [row["reason"] for row in aside] == [
        'line 3: cast: Error when converting column "ShortVolume". '
        "Could not convert string \"x\" to 'DECIMAL'",
        "line 4: too many columns: Expected Number of Columns: 6 Found: 7",
    ]
