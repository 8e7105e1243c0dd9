"""A file tells the log its rows, bounds and nulls, and comes back from it the same."""

import json
from pathlib import Path

import duckdb
import pytest

from leadline.part import copied, entry
from tests.stores import contracts

KINDS = sorted({kind for each in contracts().values() for kind in each.stored.values()})


@pytest.mark.parametrize("n_rows", [0, 2])
def test_of_every_type_it_is_known_how_many_are_null(tmp_path: Path, n_rows: int) -> None:
    kinds = {f"c{n}": kind for n, kind in enumerate(KINDS) if not kind.endswith("]")}
    columns = ", ".join(f"cast(null as {kind}) as {name}" for name, kind in kinds.items())
    path = tmp_path / "a.parquet"
    ((_, rows, size, _, stats, partition, *_),) = duckdb.connect().execute(
        f"copy (select {columns} from range({n_rows})) to '{path}' "
        f"(format parquet, return_stats true)"
    ).fetchall()  # fmt: skip

    part = copied(kinds, path.name, rows, size, stats, partition)

    assert part.nulls == dict.fromkeys(kinds, n_rows)
    assert json.loads(part.stats)["numRecords"] == n_rows


def test_an_entry_is_read_as_plain_values() -> None:
    row = {
        "path": "known_date%3D2024-03-05/a.parquet", "size_bytes": 7, "num_records": 2,
        "min": {"a": 1}, "max": {"a": 3}, "null_count": {"a": 0, "b": None},
    }  # fmt: skip

    assert entry(row) == {
        "path": "known_date=2024-03-05/a.parquet", "size": 7, "rows": 2, "partition": {},
        "bounds": {"a": (1, 3)}, "nulls": {"a": 0, "b": None},
    }  # fmt: skip


def test_bounds_are_told_where_they_are_exact() -> None:
    contract = contracts()["short_volume"]
    exact = {"min_is_exact": "true", "max_is_exact": "true", "null_count": "1"}
    moments = exact | {"min": "2024-03-01 15:00:00+00", "max": "2024-03-02 15:00:00+00"}
    cut = exact | {"min": "a", "max": "b", "max_is_exact": "false"}
    stats = {'"known_at"': moments, '"source"': cut}

    part = copied(contract.stored, "known_month=2024-03-01/x.parquet", 7, 900, stats, None)
    said = json.loads(part.add().stats)

    assert said["minValues"] == {"known_at": "2024-03-01T15:00:00.000000Z"}
    assert said["maxValues"] == {"known_at": "2024-03-02T15:00:00.000000Z"}
    assert said["numRecords"] == 7
    assert said["nullCount"] == {"known_at": 1, "source": 1}
