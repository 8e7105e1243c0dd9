from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.desks import run
from tests.doors import ROOT


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the smallest key that there is."""
    folder = tmp_path_factory.mktemp("suite")
    at = "timestamptz '2024-02-12 15:00Z'"
    with duckdb.connect() as con:
        for name, query in {
            "weeks": f"select '7' as week, 7 as seed, {at} as since, "
            f"{at} + interval 1 day as until",
            "events": f"select '7' as week, '7-1' as event_id, 'options.sweep' as kind, "
            f"'AA' as entity, null::text as subject, {at} as starts_at, "
            f"{at} + interval 5 minutes as ends_at, 2.0 as size, null::text as direction",
        }.items():
            con.execute(f"copy ({query}) to '{folder / name}.parquet'")
    return folder


def test_alerts_are_scored_as_rows_and_the_rest_is_said(suite: Path, tmp_path: Path) -> None:
    alerts = tmp_path / "alerts.csv"
    alerts.write_text(
        "kind,entity,fired_at\noptions.sweep,AA,2024-02-12T15:01:00Z\nmoon,AA,2024-02-12T15:01:00Z\n"
        "moon,AA,2025-02-12T15:01:00Z\n"
    )
    out = tmp_path / "score.parquet"

    ended = run(
        ROOT, "planted", "score", alerts, "--key", suite, "--format", "parquet", "-o", out
    )  # fmt: skip

    assert ended.code == 0, ended.err
    assert "1 alerts lie before or after what is judged" in ended.err
    assert "not judged: moon (1)" in ended.err
    rows: pa.Table = pq.read_table(out)
    assert rows.select(["kind", "recall_from_2", "n_false"]).to_pylist() == [
        {"kind": "options.sweep", "recall_from_2": 1.0, "n_false": 0}
    ]


def test_what_is_asked_wrongly_is_said_in_a_sentence(suite: Path, tmp_path: Path) -> None:
    alerts = tmp_path / "alerts.csv"
    alerts.write_text("kind,entity,fired_at\n")

    wrong = run(ROOT, "planted", "score", alerts, "--key", suite, "--by", "sise")
    missing = run(ROOT, "planted", "score", tmp_path / "none.csv", "--key", suite)
    full = run(ROOT, "planted", "make", "--into", tmp_path)

    assert (wrong.code, wrong.err) == (
        1, "--by: 'sise' is none of kind, size, budget; did you mean 'size'\n",
    )  # fmt: skip
    assert missing.code == 1
    assert missing.err.endswith("no such file; name a CSV or Parquet file of alerts\n")
    assert full.err.endswith("it holds something else; name a folder of its own\n")
