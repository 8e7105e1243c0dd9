"""The anomaly models over the sample week: what they say is the same whenever they are run.

The whole of it asks a year of features for each month and model, so it is soaked.
"""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from leadline import fitted, project
from tests.doors import ROOT, door, opened, rows

MODELS = ("isolation_forest", "local_outlier_factor")
START = datetime(2024, 1, 1, tzinfo=UTC)
KNOWN = 4  # the place of known_at among the columns
END = datetime(2024, 2, 17, 12, tzinfo=UTC)
CUT = datetime(2024, 2, 8, 12, tzinfo=UTC)


def walked(place: Path, until: datetime) -> list[tuple[Any, ...]]:
    """Run the models up to a moment, and return what they say."""
    walks: fitted.Walks = {}
    with door(place) as house, opened(place) as store:
        for name in MODELS:
            module = project.model(ROOT, name)
            list(fitted.run(house, store, name, module, moment=until, walks=walks))
        found = rows(house.ask("curated.model_scores", START, END))
    return sorted(tuple(row.values()) for row in found)


@pytest.mark.soak
@pytest.mark.timeout(1_800)
def test_scores_are_the_same_to_the_bit_on_a_store_that_was_cut_and_after_its_fits_are_gone(
    sample: Path, tmp_path: Path
) -> None:
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    for place in (whole, cut):
        shutil.copytree(sample, place, copy_function=shutil.copyfile)

    first = walked(whole, END)
    early = walked(cut, CUT)
    shutil.rmtree(cut / "_models")
    later = walked(cut, END)

    assert early == [row for row in first if row[KNOWN] < CUT]
    assert len(early) > 500
    assert later == first
    with door(whole) as house:
        told = rows(house.ask("curated.model_scores", START, END))
        alerts = rows(house.ask("prices.anomaly", START, END))
    assert list(told[0]).index("known_at") == KNOWN
    assert all(row["trained_until"].date() <= row["session_date"] for row in told)
    # Stocks in which the week's events are planted.
    assert {"ALFA", "MYKE", "VKTR"} <= {row["entity"] for row in alerts}
