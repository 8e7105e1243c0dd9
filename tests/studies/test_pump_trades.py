from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from leadline.errors import FeedError
from studies import pump_trades as market

PUMP = market.Pump("COIN-BTC", datetime(2018, 6, 1, 18, tzinfo=UTC))


def test_labels_are_read_each_event_once_and_a_second_pump_is_another_pair(tmp_path: Path) -> None:
    text = (
        "symbol,group,date,hour,exchange\nVIA,A,2018-02-02,16:00,binance\n"
        "VIA,B,2018-02-02,16:00,binance\nVIA,A,2018-01-02,16:00,binance\n"
        "VIA,A,2018-01-01,16:00,yobit\n"
    )
    (tmp_path / "pumps.csv").write_text(text)

    found = market.labelled(tmp_path / "pumps.csv", 10)

    assert [(pump.pair, pump.at.date().isoformat()) for pump in found] == [
        ("VIA-BTC", "2018-01-02"),
        ("VIA2-BTC", "2018-02-02"),
    ]


def test_a_file_of_labels_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FeedError, match=r"is no file; name pump_telegram\.csv, or leave it out"):
        market.labelled(tmp_path / "none.csv", 10)


@pytest.mark.real
def test_the_labelled_pumps_are_as_many_as_their_readme_has(real: Path) -> None:
    path = real / "labels_pump_and_dump/sapienza/pump_telegram.csv"

    found = market.labelled(path, 1_000)

    assert len(found) == 338
    share = sum(pump.at.minute == 0 for pump in found) / len(found)
    made = market.invented(338, 1)
    assert share == pytest.approx(sum(pump.at.minute == 0 for pump in made) / 338, abs=0.07)


def test_a_pump_rushes_up_within_minutes_and_a_seed_repeats_it() -> None:
    ((table, begun),), ((again, _),) = (list(market.trades([PUMP], 0.0, 4)) for _ in range(2))

    assert table.equals(again)
    at = np.array([moment.timestamp() for moment in table["traded_at"].to_pylist()])
    price, start = table["price"].to_numpy(), begun.timestamp()
    during = (at >= start) & (at < start + 180)
    before = (at < start) & (at > start - 3_600)
    assert 0 < start - PUMP.at.timestamp() < 60
    assert price[during].max() > 1.1 * np.median(price[before])
    assert during.sum() > 20 * before.sum() * 180 / 3_600
    assert (np.diff(at) >= 0).all()
    # A rush order's fills are in the same millisecond, each dearer than the one before.
    same = (np.diff(at) == 0) & during[1:] & (table["side"].to_numpy()[1:] == 1)
    assert same.sum() > 500
    assert (np.diff(price)[same] > 0).mean() > 0.95
