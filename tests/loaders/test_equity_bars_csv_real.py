"""The real files of the S&P 500 are whole but for three lines."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from leadline.clock import Span
from tests.lean import told

pytestmark = pytest.mark.real
SPAN = Span(datetime(2013, 2, 1, tzinfo=UTC), datetime(2018, 3, 1, tzinfo=UTC))


ODD = {  # no open; a close below the low on the day of a spin-off
    "VRTX": "2015-05-12,,,,124.08,569747,VRTX",
    "CHK": "2014-06-30,30.43,31.1,30.37,29.39,8132836,CHK",
    "IP": "2014-07-01,50.85,51.07,50.57,50.09,5624981,IP",
}


def test_every_line_is_a_row_but_three(real: Path) -> None:
    folder = real / "equity_daily_sp500_5yr"
    files = sorted(folder.glob("*_data.csv"))
    sound = [path for path in files if path.stem.removesuffix("_data") not in ODD]
    for symbol, line in ODD.items():
        assert line in (folder / f"{symbol}_data.csv").read_text().split()

    bars = told("equity_bars_csv", *sound, span=SPAN)["equity_bars"]

    assert (len(files), len(sound)) == (120, 117)
    assert len(bars) + 3 * 1_259 == 147_777
    assert "BF.B" in set(bars["symbol"].to_pylist())
    assert set(bars["adjusted_to"].to_pylist()) == {date(2018, 2, 7)}
