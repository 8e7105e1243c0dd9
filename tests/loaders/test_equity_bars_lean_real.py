"""Every line of Lean's real files of bars is a row that keeps the contract."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from leadline.clock import Span
from tests.lean import told

pytestmark = pytest.mark.real
SPAN = Span(datetime(1997, 12, 1, tzinfo=UTC), datetime(2023, 9, 1, tzinfo=UTC))


def bars(*paths: Path) -> pa.Table:
    return told("equity_bars_lean", *paths, span=SPAN)["equity_bars"]


def test_every_session_and_every_minute_is_a_row(real: Path) -> None:
    assert len(bars(real / "equity_daily_lean" / "daily")) == 46_844
    found = bars(real / "equity_minute_lean")

    # The other half of the 26,413 lines are quotes.
    assert len(found) == 12_285
    assert set(found["symbol"].to_pylist()) == {"AAPL", "FOXA", "IBM", "NWSA", "SPY"}


def test_every_line_of_the_whole_market_is_a_row(real: Path) -> None:
    found = bars(real / "equity_coarse_daily_lean")

    assert len(found) == 56_718
    assert len(set(found["session_date"].to_pylist())) == 8
