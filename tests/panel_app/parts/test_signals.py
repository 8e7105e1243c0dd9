"""A symbol's row has its suggestion, how far it moved and why."""

from datetime import UTC, datetime

import pyarrow as pa

from panel_app.parts.signals import Signals

ROW = {
    "watchlist": "desk", "symbol": "AAPL", "suggestion": "act", "times": 1.25, "state": "over",
    "reasons": "at 1.25 times its threshold of 1d; 2 alerts in eight days, by options.sweep",
    "price": 101.5, "priced_at": datetime(2024, 3, 5, 15, tzinfo=UTC), "chg_15m_pct": 0.5,
    "chg_60m_pct": -0.5, "chg_day_pct": None, "chg_14d_pct": 0.0, "value_usd": 10_150.0,
    "gain_usd": -150.0, "gain_pct": -1.5, "alert_headline": "<swept>", "alert_severity": "high",
    "alerted_at": datetime(2024, 3, 5, 14, tzinfo=UTC), "note": None,
}  # fmt: skip


def test_a_row_says_what_to_do_and_why() -> None:
    part = Signals("none")
    part.take(pa.Table.from_pylist([ROW]))
    body = part.markup.html

    assert '<span class="pill high">act</span>' in body
    assert '<b class="over">1.25×</b>' in body
    assert '<td class="num up">+0.5 %' in body
    assert '<td class="num down">-$150' in body
    assert "&lt;swept&gt;" in body
    assert "<summary>at 1.25 times its threshold of 1d; 2 alerts in eight days</summary>" in body


def test_a_pair_leads_to_its_book() -> None:
    part = Signals("none")
    part.take(pa.Table.from_pylist([ROW | {"symbol": "binance:BTC-USDT", "times": None}]))

    assert "/whales?pair=binance%3ABTC-USDT" in part.markup.html
