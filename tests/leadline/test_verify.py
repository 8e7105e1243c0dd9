"""The second reader finds what is damaged, and nothing where nothing is."""

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from leadline.errors import StoreError
from leadline.finding import Finding
from leadline.store import Store
from leadline.verify import verify
from tests.stores import finra, load_finra, load_sessions, opened

DAY = date(2024, 3, 1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened(tmp_path / "store") as store:
        load_sessions(store)
        load_finra(store, finra(tmp_path / "in", DAY, ["AA|1|0|9.5", "BRK/B|2|0|9", "C|9|0|3"]))
        yield store


def errors(store: Store) -> list[Finding]:
    """Verify as somebody who has just come."""
    with opened(store.place) as fresh:
        return [finding for finding in verify(fresh) if finding.is_error]


def file_of(store: Store, dataset: str) -> Path:
    (path,) = store.tables[dataset].paths()
    return Path(path)


def test_a_sound_store_has_no_findings(store: Store, tmp_path: Path) -> None:
    rows = ["AA|1|0|9.5", "BAD|9|0|1", "WORSE|8|0|1"]
    load_finra(store, finra(tmp_path / "in", date(2024, 3, 4), rows))  # two are set aside, as JSON

    assert list(verify(store)) == []


def test_a_missing_file_is_named(store: Store) -> None:
    path = file_of(store, "short_volume")
    path.unlink()

    found = errors(store)

    assert found[0] == Finding(path, "the log names it and it is not there")


def test_a_file_cut_short_is_told_by_its_size_and_can_not_be_read(store: Store) -> None:
    path = file_of(store, "short_volume")
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])

    found = [finding.what for finding in errors(store) if finding.path == path]

    assert found[0] == f"{len(whole) - 20:,} bytes, the log says {len(whole):,}"
    assert found[1].startswith("can't be read; ")


def test_a_damaged_page_is_noticed(store: Store) -> None:
    path = file_of(store, "sessions")
    content = bytearray(path.read_bytes())
    content[100:140] = bytes(40)
    path.write_bytes(bytes(content))

    assert path in [finding.path for finding in errors(store)]


@pytest.mark.parametrize(
    ("key", "value", "what"),
    [
        ("numRecords", 7, "2 rows, the log says 7"),
        ("maxValues", "ZZ", "source_symbol spans AA to BRK/B, the log says AA to ZZ"),
    ],
)
def test_a_log_that_says_something_else_is_held_against_the_file(
    store: Store, key: str, value: object, what: str
) -> None:
    path = file_of(store, "short_volume")
    (log,) = Path(f"{store.place}/short_volume/_delta_log").glob("*1.json")
    entries = [json.loads(line) for line in log.read_text().splitlines()]
    for entry in entries:
        if "add" in entry:
            stats = json.loads(entry["add"]["stats"])
            if key == "maxValues":
                stats[key]["source_symbol"] = value
            else:
                stats[key] = value
            entry["add"]["stats"] = json.dumps(stats)
    log.write_text("\n".join(map(json.dumps, entries)) + "\n")

    assert Finding(path, what) in errors(store)


@pytest.mark.parametrize("dataset", ["loads", "short_volume", "sessions"])
def test_a_log_that_can_not_be_read_is_a_finding_and_the_rest_is_read(
    store: Store, dataset: str
) -> None:
    log = Path(f"{store.place}/{dataset}/_delta_log/{1:020}.json")
    log.write_text("{half a li")
    other = file_of(store, "rejected" if dataset == "short_volume" else "short_volume")
    other.unlink()

    found = errors(store)

    places = [finding.path for finding in found]
    assert store.place / dataset in places
    assert other in places
    assert not any("run leadline store verify" in finding.what for finding in found)


def test_a_damaged_ledger_is_a_finding_and_counts_nothing(store: Store) -> None:
    path = Path(store.tables["loads"].paths()[0])
    path.write_bytes(path.read_bytes()[:-20])

    with opened(store.place) as fresh:
        found = list(verify(fresh))

    assert found[0].what.endswith("; no load was counted")
    assert {finding.path for finding in found} == {store.place / "loads", path}


def test_a_column_of_another_type_is_named(store: Store) -> None:
    path = file_of(store, "short_volume")
    other = "total_volume::double as total_volume, sequence::int as sequence"
    kept = path.with_suffix(".kept")
    path.rename(kept)
    store.con.execute(f"copy (select * replace ({other}) from read_parquet('{kept}')) to '{path}'")

    found = [finding.what for finding in errors(store) if " is " in finding.what]

    assert found == [
        "total_volume is double, the contract says decimal(20,6)",
        "sequence is integer, the contract says bigint",
    ]


def test_rows_in_the_wrong_folder_are_named(store: Store) -> None:
    table = store.tables["short_volume"]
    rows = f"select * exclude (known_month) from read_parquet('{table.paths()[0]}')"
    part = table.rewrite(store.con, rows, {"known_month": "2024-03-01"})
    place = Path(str(table.place))
    moved = place / "known_month=2024-04-01" / Path(part.path).name
    moved.parent.mkdir()
    (place / part.path).rename(moved)
    path = str(moved.relative_to(place))
    month: dict[str, str | None] = {"known_month": "2024-04-01"}
    table.append([replace(part, path=path, partition=month)], "moved")

    found = [finding.what for finding in errors(store) if finding.path == moved]

    assert found == ["known_month is 2024-03-01 in it, the log says 2024-04-01"]


def test_without_the_second_reader_it_says_what_to_install(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "fastparquet", None)

    with pytest.raises(StoreError) as told:
        verify(store)

    assert str(told.value).endswith("pip install 'leadline[verify]'")


def test_rows_that_no_line_counts_are_a_note(store: Store) -> None:
    table = store.tables["short_volume"]
    rows = f"select * replace ('broken' as load_id) from read_parquet('{table.paths()[0]}')"
    table.append(table.write(store.con, rows), "broken")

    with opened(store.place) as fresh:
        found = list(verify(fresh))

    assert [(each.is_error, each.what) for each in found] == [
        (False, "2 rows of load broken, which was broken off; no question sees them")
    ]


def test_a_line_that_counts_other_rows_is_an_error(store: Store) -> None:
    table = store.tables["short_volume"]
    (load,) = [line["load_id"] for line in _lines(store) if line["feed"] == "finra_short_volume"]
    rows = f"select * from read_parquet('{table.paths()[0]}') limit 1"
    table.append(table.write(store.con, rows), "again")

    found = errors(store)

    assert [finding.what for finding in found] == [f"load {load} has 3 rows, its line says 2"]


def _lines(store: Store) -> list[dict[str, str]]:
    store.ledger.refresh()
    return list(store.ledger.lines)
