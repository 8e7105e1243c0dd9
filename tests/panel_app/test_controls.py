"""What a page is set to stands in its address; what can't be is one sentence."""

from datetime import UTC, datetime
from typing import Any

import pytest

from panel_app.controls import (
    Choice,
    Control,
    Moment,
    Number,
    Pair,
    Settings,
    Switch,
    Symbol,
    Symbols,
)  # fmt: skip

SIDE = Choice("side", "Side", options={"": "all", "call": "Calls", "put": "Puts"})
CONTROLS = (
    SIDE, Number("premium", "Premium from", "250k", least=0), Symbols("symbols", "Symbols"),
    Symbol("symbol", "Symbol"), Switch("sweep", "Sweeps"), Moment("at", "As of"),
    Control("word", "Word", hint="<any>"), Pair("pair", "Pair"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "said", "filled"),
    [
        ("side", "call", {"side": "call"}),
        ("side", "", {"side": None}),
        ("premium", "1.5m", {"premium": 1_500_000.0}),
        ("premium", "250,000", {"premium": 250_000.0}),
        ("premium", "", {"premium": None}),
        ("symbols", "aapl, -tsla brk.b", {"symbols": ["AAPL", "BRK.B"], "not_symbols": ["TSLA"]}),
        ("symbols", "", {"symbols": None, "not_symbols": None}),
        ("symbol", "btc-usdt", {"symbol": "BTC-USDT"}),
        ("pair", "btc-usdt", {"pair": "BTC-USDT", "pair_venue": None}),
        ("pair", "Binance:BTC-USDT", {"pair": "BTC-USDT", "pair_venue": "binance"}),
        ("pair", "", {"pair": None, "pair_venue": None}),
        ("sweep", "1", {"sweep": True}),
        ("sweep", "", {"sweep": False}),
        ("at", "2024-02-16T15:30Z", {"at": datetime(2024, 2, 16, 15, 30, tzinfo=UTC)}),
        ("word", "", {"word": None}),
    ],
)  # fmt: skip
def test_a_setting_fills_its_names_in(name: str, said: str, filled: dict[str, Any]) -> None:
    settings = Settings(CONTROLS, {name: said})

    assert settings.faults == {}
    assert settings.binds.items() >= filled.items()


@pytest.mark.parametrize(
    ("name", "said", "sentence"),
    [
        ("side", "cal", "side: 'cal' is none of nothing, call, put; did you mean 'call'; "
         "shown is all"),
        ("premium", "much", "premium: 'much' is no number; write it as 250000 or 250k; "
         "shown is 250k"),
        ("premium", "-1", "premium: '-1' is below 0; shown is 250k"),
        ("symbols", "AAPL, <b>", "symbols: '<b>' is no symbol; write it as AAPL or BTC-USDT; "
         "shown is all"),
        ("sweep", "yes", "sweep: 'yes' is neither 1 nor 0; shown is all"),
        ("at", "noon", "at: 'noon' is no moment; write 2024-03-01 or 2024-03-01T15:00Z; "
         "shown is all"),
        ("sidee", "call", "sidee: this page has no such setting; did you mean 'side'"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_one_sentence_and_the_rest_stands(
    name: str, said: str, sentence: str
) -> None:
    settings = Settings(CONTROLS, {"word": "kept", name: said})

    assert settings.faults == {name: sentence}
    assert settings.binds["word"] == "kept"
    assert settings.binds["premium"] == 250_000.0


def test_a_fault_is_gone_once_it_is_mended() -> None:
    settings = Settings(CONTROLS, {"side": "cal"})
    settings.set("side", "call")

    assert settings.faults == {}
    assert settings["side"] == "call"


def test_each_is_a_field_with_its_name_and_what_is_set_is_no_markup() -> None:
    settings = Settings(CONTROLS, {"word": '"><b>', "side": "put", "sweep": "1"})

    body = settings.html(["word", "side", "sweep"])
    assert 'value="&quot;&gt;&lt;b&gt;"' in body
    assert 'placeholder="&lt;any&gt;"' in body
    assert '<option value="put" selected>Puts</option>' in body
    assert 'data-set="sweep" value="1" checked>' in body
    assert body.count("<label") == 3
