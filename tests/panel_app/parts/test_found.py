"""What a question of the workbench answered and took."""

from dataclasses import replace

import pyarrow as pa
import pytest

from panel_app.bench import Found
from panel_app.parts import found as answer
from panel_app.parts.part import Look

STEPS = [
    {"depth": d, "operator": f"step {d}", "detail": "a < 1", "rows": 7, "rows_scanned": d * 1_000,
     "seconds": 0.0125}
    for d in range(2)
]  # fmt: skip
MEASURE = {"rows_scanned": 31_536, "bytes_read": 637_011, "cpu_s": 0.061, "steps": STEPS}
FOUND = Found(pa.table({"word": ["<b>"]}), 1, 0.25, MEASURE, "")


def test_rows_seconds_and_what_was_read_are_told() -> None:
    said = answer.told(FOUND)

    assert "1 row · 0.25 s · scanned 31,536 rows, read 637 kB · 0.06 s of one core" in said
    assert "error" not in said


def test_what_is_cut_and_what_is_not_shown_is_said() -> None:
    said = answer.told(replace(FOUND, n_rows=100_000, cut="query: 100,000 rows are the most"))

    assert "100,000 rows, the first 500 shown" in said
    assert 'role="alert">query: 100,000 rows are the most' in said


def test_rows_are_text_and_none_is_a_sentence() -> None:
    assert '<td class="">&lt;b&gt;</td>' in answer.rows(FOUND, Look())
    assert "No row answers it" in answer.rows(replace(FOUND, n_rows=0), Look())


def test_symbols_and_detectors_lead_to_their_pages() -> None:
    rows = pa.table({"symbol": ["BRK.B"], "detector": ["options.sweep"], "n": [1]})
    said = answer.rows(replace(FOUND, rows=rows), Look())

    assert 'href="/smart-money/dashboard/symbol?symbol=BRK.B"' in said
    assert 'href="/smart-money/dashboard/detectors?detector=options.sweep"' in said


def test_each_step_of_the_plan_has_its_rows_and_its_time() -> None:
    said = answer.steps(MEASURE)

    assert "Plan, as it ran: 2 steps" in said
    assert "<b>step 1</b> a &lt; 1" in said
    assert '<td class="num">1,000</td><td class="num">12.50</td>' in said
    assert answer.steps(None) == ""


@pytest.mark.parametrize(
    ("n_bytes", "said"), [(12, "12 bytes"), (1_500, "1.5 kB"), (2e6, "2 MB"), (3.21e9, "3.21 GB")]
)
def test_bytes_are_told_in_a_unit_that_fits(n_bytes: float, said: str) -> None:
    assert answer.size(n_bytes) == said
