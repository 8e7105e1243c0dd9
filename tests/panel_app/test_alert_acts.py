"""The buttons of the alerts page act at once, and in the present alone."""

import asyncio
from pathlib import Path

import pytest

from leadline.errors import QueryError
from panel_app.alert_acts import act_on_alerts
from panel_app.dashboard import found
from panel_app.paced import Paced
from panel_app.parts.evidence import Evidence
from tests.dashboards import NOON, answering, fill

KEY = "options.oi_change|SPX|new|2024-03-04"


def test_a_button_acts_and_its_answer_is_asked_anew(tmp_path: Path) -> None:
    with answering(fill(tmp_path / "store")) as answers:
        desk = found()["alerts"].desk(Paced(answers), {})
        evidence = Evidence(answers.detector, tmp_path, "")
        act_on_alerts(desk, evidence)
        asyncio.run(desk._heard["ack"]({"do": "ack", "alert": KEY, "note": "mine"}))
        said = {"do": "review", "alert": KEY, "verdict": "false", "note": "a hedge"}
        asyncio.run(desk._heard["review"](said))
        asyncio.run(desk._heard["replay"]({"do": "replay", "key": "zzz"}))
        files = answers.warehouse.store.snapshot().files
        past = found()["alerts"].desk(Paced(answers), {"at": "2024-03-05T11:59:30Z"})
        act_on_alerts(past, evidence)
        for does in ("ack", "review"):
            with pytest.raises(QueryError, match="this is the past"):
                asyncio.run(past._heard[does]({**said, "do": does}))
        after = answers.warehouse.store.snapshot().files

    assert (len(files["alert_actions"]), len(files["reviews"])) == (1, 1)
    assert after == files
    assert desk.paced._told == {"reports.alert": NOON, "reports.review_queue": NOON}
    assert "no alert has this key" in evidence.replayed.html
