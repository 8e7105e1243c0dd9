"""An alert explains itself, and nothing that a source wrote becomes markup."""

import re
from pathlib import Path
from typing import Any

import pyarrow as pa

from panel_app.parts.alerts import Alerts
from tests.dashboards import NOON, alert
from tests.doors import ROOT, catalog

VIEW = catalog(ROOT).find("options.oi_change")


def alerts() -> Alerts:
    return Alerts(
        lambda name, version: VIEW if version == 1 else None, Path("store"), "Run `leadline x`."
    )


def shown(*rows: dict[str, Any]) -> str:
    words = {"what": "Interest moved.", "misses": "rolls", "noisy": None}
    part = alerts()
    part.take(pa.Table.from_pylist([row | words for row in rows]))
    return str(part.markup.html)


def test_an_alert_explains_itself() -> None:
    body = shown(alert("a", NOON))

    for said in (
        "Interest moved.", "rolls", "d_oi", "1,600", "SPX240315C05000000", "$2.5M", "score 62",
        "leadline --store store sql", "alert_key = 'options.oi_change|SPX|a|2024-03-04'",
        "--until 2024-03-05T12:00:05Z", "with params as (", "fingerprint f1",
    ):  # fmt: skip
        assert said in body
    assert "Noisy." not in body


def test_nothing_that_a_source_wrote_becomes_markup() -> None:
    foul = "<img src=x onerror=alert(1)>"
    row = alert("a", NOON, headline=foul, entity=foul, detector=foul, severity=foul, direction=foul)
    body = shown(
        row | {"evidence": f'{{"{foul}": "{foul}"}}', "fingerprint": foul, "alert_key": f'"{foul}'}
    )

    assert "<img" not in body


def test_each_is_told_apart_by_its_key_so_that_it_stays_itself() -> None:
    body = shown(alert("b", NOON), alert("a", NOON))

    keys = re.findall(r'class="alert" data-key="([^"]+)"', body)
    assert keys == [f"options.oi_change|SPX|{name}|2024-03-04" for name in "ba"]


def test_an_alert_of_a_detector_that_is_gone_says_so() -> None:
    assert "that version of the detector no more" in shown(alert("a", NOON, version=9))
