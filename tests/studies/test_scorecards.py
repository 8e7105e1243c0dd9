from math import nan
from pathlib import Path

import pytest

from leadline import project
from leadline.errors import FeedError
from studies import scorecards
from studies.worth import Worth
from tests.doors import ROOT, catalog

FIRM = Worth(
    "some stocks", "prices.volume_spike", "1 session", 420, 300, 420, 0.061, 0.122, (0.1, 0.15),
    0.02, 0.004, 2.0, (1.6, 2.4), 1e-6, 0.0012, (-0.0005, 0.0028), 0.4,
)  # fmt: skip
THIN = Worth(
    "an index", "options.oi_change", "5 sessions", 3, 2, 0, nan, nan, (nan, nan), nan, nan, nan,
    (nan, nan), nan, 0.01, (0.0, 0.02), 0.01,
)  # fmt: skip


def test_a_row_says_what_is_known_and_gives_no_verdict_on_few() -> None:
    firm, thin = list(scorecards.report([FIRM, THIN]))[2:4]

    assert firm == (
        "| some stocks | `prices.volume_spike` | 1 session | 420 | 6.1 | 12.2 | 10.0 to 15.0 | 2.0 "
        "| 0.40 | 2.00 | 1.60 to 2.40 | 2e-06 | 12 | -5 to 28 | 0.4 |"
    )
    assert thin == (
        "| an index | `options.oi_change` | 5 sessions | 3 | unknown | unknown | unknown | unknown "
        "| unknown | unknown | unknown | too few | 100 | 0 to 200 | too few |"
    )


def test_sets_name_detectors_that_live_and_feeds_that_read_files() -> None:
    live = {view.id for view in catalog().all_live()}

    for each in scorecards.SETS:
        assert set(each.detectors) <= live
        assert each.since < each.until
        for feed, _ in each.files:
            assert hasattr(project.feed(ROOT, feed), "read")


def test_a_folder_that_is_none_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(FeedError, match="is no folder; name the real files, or LEADLINE_REAL_DATA"):
        list(scorecards.main(["--data", str(tmp_path / "none")]))


@pytest.mark.real
def test_every_set_is_there(real: Path) -> None:
    for each in scorecards.SETS:
        for _, folder in each.files:
            assert (real / folder).is_dir()
