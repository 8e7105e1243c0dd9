"""What a question took, from DuckDB's profile."""

import json
from pathlib import Path

import duckdb
import pytest

from leadline import plan


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    file = tmp_path_factory.mktemp("secret") / "rows.parquet"
    with duckdb.connect() as con:
        con.execute(f"copy (select range as n, range % 7 as day from range(10_000)) to '{file}'")
        con.execute("set enable_profiling = 'no_output'")
        con.execute(f"select day, count(*) from '{file}' where n >= 0 group by day").fetchall()
        found: dict[str, object] = json.loads(con.get_profiling_information(format="json"))
    return found | {"file": str(file)}


def test_rows_and_bytes_are_told_and_each_step_in_its_depth(profile: dict[str, object]) -> None:
    found = plan.measure(profile)
    steps = found["steps"]
    scan = next(step for step in steps if step["operator"] == "table scan")

    assert found["rows_scanned"] == scan["rows_scanned"] == 10_000
    assert 0 < found["bytes_read"] < 1_000_000
    assert steps[0]["depth"] == 0
    assert scan["depth"] == max(step["depth"] for step in steps)
    assert any("group" in step["operator"] for step in steps)


def test_no_file_is_named(profile: dict[str, object]) -> None:
    file = Path(str(profile["file"]))
    said = json.dumps(plan.measure(profile))

    assert file.name in json.dumps(profile)
    assert file.name not in said
    assert str(file.parent) not in said


def test_a_long_plan_and_long_words_are_cut() -> None:
    deep: dict[str, object] = {"type": "FILTER", "extra_info": {"Expression": "x" * 1_000}}
    for _ in range(plan.MOST + 50):
        deep = {"type": "PROJECTION", "children": [deep], "extra_info": {"Filters": ["y"] * 900}}
    steps = plan.measure({"operator": [deep]})["steps"]

    assert len(steps) == plan.MOST
    assert max(len(step["detail"]) for step in steps) == 160
    assert plan.measure({})["steps"] == []
