"""Figures of a scorecard."""

from typing import Any

import pyarrow as pa

from panel_app.parts.scorecard import Scorecard

ROW: dict[str, Any] = {
    "is_all": True, "size": None, "measured_against": "<planted>", "n_events": 4, "n_found": 0,
    "recall_frac": 0.0, "recall_low_frac": 0.0, "recall_high_frac": 0.49, "n_alerts": 0,
    "n_false": 0, "precision_frac": None, "precision_low_frac": None,
    "precision_high_frac": None, "n_days": 1, "false_per_day": 0.0, "median_delay_s": None,
}  # fmt: skip


def test_what_can_not_be_said_is_a_dash() -> None:
    part = Scorecard("none")
    size = ROW | {"is_all": False, "size": 1.5, "median_delay_s": 7_200.0}
    part.take(pa.Table.from_pylist([ROW, size]))

    assert "<b>0%</b>" in part.markup.html
    assert "<span>precision</span><b>—</b>" in part.markup.html
    assert "&lt;planted&gt;" in part.markup.html
    assert "1.5 × threshold" in part.markup.html
    assert "2 h" in part.markup.html
