"""The real spells and lists: who was in the S&P 500, and what SPY held."""

from pathlib import Path

import pytest

from tests.lean import told

pytestmark = pytest.mark.real


def test_every_spell_and_every_holding_is_told(real: Path) -> None:
    rows = told("index_members", real / "index_membership")["index_members"].to_pylist()

    spells = [row for row in rows if row["index_name"] == "SP500"]
    held = [row for row in rows if row["index_name"] == "SPY"]
    assert sum(row["is_member"] for row in spells) == 1_230
    assert (
        sum(row["is_member"] for row in spells) - sum(not row["is_member"] for row in spells) == 503
    )
    assert len(held) == 1_006
    for day in {row["from_date"] for row in held}:
        weights = [row["weight_frac"] for row in held if row["from_date"] == day]
        assert 0.99 < sum(weights) < 1
