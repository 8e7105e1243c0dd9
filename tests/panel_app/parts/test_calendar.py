"""Each session of a dataset is a cell, told by its sign."""

from datetime import date

import pyarrow as pa

from panel_app.parts.calendar import Calendar


def test_sessions_stand_under_one_another() -> None:
    rows = [
        ("bars", date(2024, 2, 29), "whole", 10, 10.0),
        ("bars", date(2024, 3, 1), "missing", 0, 10.0),
        ("trades", date(2024, 3, 1), "short", 1_200, 5_000.0),
    ]
    names = ("dataset", "session_date", "state", "n_rows", "usual_rows")
    told = [dict(zip(names, row, strict=True)) | {"calendar": "XNYS"} for row in rows]
    body = Calendar("none").show(pa.Table.from_pylist(told))

    assert body.count("<tr data-key=") == 2
    assert 'title="2024-03-01: short of what is usual; 1,200 rows, usual are 5,000">◧</td>' in body
    assert 'class="missing" title="2024-03-01: missing; 0 rows, usual are 10">✕</td>' in body
    assert "XNYS, 1 not whole" in body
    assert body.count('scope="colgroup"') == 2
    assert body.count("<td></td>") == 2  # the corner, and what trades had not yet
