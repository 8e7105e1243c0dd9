"""Alerts held against a key: what counts, once, within the window, and what is said of the rest."""

from datetime import UTC, datetime, timedelta
from math import sqrt
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from leadline import planted_score as scoring
from leadline.errors import QueryError

BEGIN = datetime(2024, 2, 12, 15, tzinfo=UTC)
SIZES = (0.5, 0.9, 1.1, 2.0, 2.0, 5.0)


def moment(minutes: float) -> datetime:
    return BEGIN + timedelta(minutes=minutes)


def event(nth: int, size: float, **more: Any) -> dict[str, Any]:
    """Return the nth event, ten minutes after the one before, which lasts for five."""
    own = {
        "week": "7", "event_id": f"7-{nth}", "kind": "options.sweep", "entity": "AA",
        "subject": None, "starts_at": moment(10 * nth), "ends_at": moment(10 * nth + 5),
        "size": size, "direction": None,
    }  # fmt: skip
    return own | more


@pytest.fixture
def key(tmp_path: Path) -> Path:
    events = [event(nth, size) for nth, size in enumerate(SIZES)]
    events.append(event(3, 3.0, event_id="7-s", entity="BB", subject="BB240315C00050000"))
    events.append(event(0, 1.0, event_id="7-o", kind="options.block"))
    return written(tmp_path / "key", events)


def written(folder: Path, events: list[dict[str, Any]]) -> Path:
    folder.mkdir()
    weeks = [{"week": "7", "seed": 7, "since": moment(-60), "until": moment(600)}]
    pq.write_table(pa.Table.from_pylist(weeks), folder / "weeks.parquet")
    pq.write_table(pa.Table.from_pylist(events), folder / "events.parquet")
    return folder


def told(tmp_path: Path, rows: list[tuple[str, float, str, float]]) -> Path:
    """Write alerts of entity, minute, alert_key and score."""
    path = tmp_path / "alerts.csv"
    lines = [
        f"options.sweep,{entity},{moment(minute).isoformat()},{name},{score}"
        for entity, minute, name, score in rows
    ]
    path.write_text("\n".join(["detector,entity,fired_at,alert_key,score", *lines]))
    return path


def row(found: scoring.Scored, **where: Any) -> dict[str, Any]:
    rows = [
        each
        for each in found.rows.to_pylist()
        if all(each[name] == value for name, value in where.items())
    ]
    assert len(rows) == 1
    return dict(rows[0])


def test_one_alert_counts_for_one_event_and_further_ones_are_neither(
    key: Path, tmp_path: Path
) -> None:
    alerts = told(
        tmp_path,
        [
            ("AA", 20, "a", 50), ("AA", 21, "b", 50),  # an event's first moment, and once more
            ("AA", 35, "c", 50), ("AA", 35.1, "d", 50),  # its last moment, and after it
            ("BB", 31, "options.sweep|BB|BB240315C00050000|x", 50),
            ("BB", 31, "options.sweep|BB|BB240315C00055000|x", 50),  # of another subject
            ("CC", 31, "e", 50),
        ],
    )  # fmt: skip

    found = scoring.score(alerts, key)

    sweeps = row(found, kind="options.sweep")
    assert (sweeps["n_events"], sweeps["n_alerts"], sweeps["n_false"]) == (7, 7, 3)
    assert (sweeps["n_from_2"], sweeps["recall_from_2"]) == (4, 0.5)
    assert sweeps["recall_below_1"] == 0
    assert sweeps["recall_from_1"] == 0.6
    assert sweeps["precision"] == 0.5
    assert sweeps["median_delay_s"] == 60
    assert found.silent == ["options.block"]
    assert row(found, kind="options.block")["recall_from_1"] == 0


def test_recall_by_size_has_wilsons_interval(key: Path, tmp_path: Path) -> None:
    found = scoring.score(told(tmp_path, [("AA", 31, "a", 1), ("AA", 52, "b", 1)]), key, "size")

    twice = row(found, kind="options.sweep", from_size=2)
    assert (twice["n_events"], twice["n_found"], twice["below_size"]) == (3, 1, 4)
    n, p, z = 3, 1 / 3, scoring.Z
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    assert twice["recall_low"] == pytest.approx(middle - half, abs=1e-5)
    assert twice["recall_high"] == pytest.approx(middle + half, abs=1e-5)
    assert row(found, kind="options.sweep", from_size=4)["recall"] == 1
    assert row(found, kind="options.sweep", from_size=0)["recall_low"] == 0


def test_a_budget_takes_the_highest_scores_of_each_day(key: Path, tmp_path: Path) -> None:
    alerts = told(
        tmp_path, [("AA", 21, "a", 30), ("AA", 31, "b", 90), ("CC", 1, "c", 60), ("CC", 2, "d", 5)]
    )

    found = scoring.score(alerts, key, "budget")

    by_budget = {
        each["alerts_a_day"]: (each["n_found"], each["n_alerts"], each["n_false"])
        for each in found.rows.to_pylist()
        if each["kind"] == "options.sweep"
    }
    assert by_budget[1] == (1, 1, 0)
    assert by_budget[2] == (1, 2, 1)
    assert by_budget[5] == (2, 4, 2)


def test_a_least_score_and_the_judged_span_leave_alerts_out(key: Path, tmp_path: Path) -> None:
    alerts = told(tmp_path, [("AA", 31, "a", 19), ("AA", 41, "b", 20), ("AA", 601, "c", 99)])

    found = scoring.score(alerts, key, least=20)

    assert found.n_outside == 1
    assert row(found, kind="options.sweep")["n_alerts"] == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kind,entity,fired\nx,AA,2024-02-12", r"no column 'fired_at'; did you mean 'fired'; it"),
        ("kind,entity,fired_at\nx,AA,yesterday", r"can't be read as alerts; .*write moments as"),
        ("kind,entity,fired_at\nx,,2024-02-12T15:00:00Z", r"row 1 lacks its week, kind, entity"),
        ("week,kind,entity,fired_at\n9,x,A,2024-02-12T15:00:00Z", r"week '9' is none of the key's"),
    ],
)
def test_rows_of_another_shape_are_refused_in_a_sentence(
    key: Path, tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text)

    with pytest.raises(QueryError, match=said):
        scoring.score(path, key)


def test_what_is_no_file_and_no_key_is_said(key: Path, tmp_path: Path) -> None:
    alerts = told(tmp_path, [("AA", 1, "a", 1)])
    (tmp_path / "no.parquet").write_text("text")

    with pytest.raises(QueryError, match=r"no such file; name a CSV or Parquet file"):
        scoring.score(tmp_path / "none.csv", key)
    with pytest.raises(QueryError, match=r"it holds no weeks.parquet; name a folder that"):
        scoring.score(alerts, tmp_path)
    with pytest.raises(QueryError, match=r"no\.parquet: it can't be read; "):
        scoring.score(tmp_path / "no.parquet", key)


def test_kinds_that_nobody_planted_are_named(key: Path, tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("kind,entity,fired_at\nmoon,AA,2024-02-12T15:00:00Z\n")

    assert scoring.score(path, key).unknown == {"moon": 1}
