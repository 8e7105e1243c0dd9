"""Massive's socket of stocks: prints on and off exchange, and the national best quotes."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from leadline.clock import Span
from leadline.publication import Publication
from loaders import massive_equity_trades
from loaders._symbols import FIRST
from tests.loaders.test__massive_socket import KEY, Massive, listened, of
from tests.pushes import LOST
from tests.stores import ask, knowing_sessions, load_files

NAME = "massive_equity_trades"
SPAN = Span(datetime(2026, 5, 18, tzinfo=UTC), datetime(2026, 5, 30, tzinfo=UTC))
RECORDED = Path(__file__).parent / "messages/us_stocks_sip/trades_v1/2026/05/2026-05-22.csv"
# As Massive's own specification has them, and the first line of the recorded file as a push.
PRINT = json.loads(
    '{"ev":"T","sym":"MSFT","x":4,"i":"12345","z":3,"p":114.125,"s":100,"c":[0,12],'
    '"t":1536036818784,"q":3681328}'
)
QUOTE = json.loads(
    '{"ev":"Q","sym":"MSFT","bx":4,"bp":114.125,"bs":100,"ax":7,"ap":114.128,"as":160,"c":0,'
    '"i":[604],"t":1536036818784,"q":50385480,"z":3}'
)
DARK = json.loads(
    '{"ev":"T","sym":"A","x":4,"i":"52983525159748","z":1,"p":114.79,"s":4,"c":[12,37],'
    '"t":1779436803799,"q":3478,"trfi":201,"trft":1779436803799}'
)
AT = datetime(2018, 9, 4, 4, 53, 38, 784_000, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADLINE_MASSIVE_API_KEY", KEY)


def heard(*frames: Any, quoted: tuple[str, ...] = ("MSFT",)) -> list[tuple[str, dict[str, Any]]]:
    rows, told = listened(Massive(*frames), quoted, massive_equity_trades)
    assert told is None
    return rows


def test_every_print_and_the_quotes_of_the_largest_stocks_are_asked_for() -> None:
    massive = Massive([PRINT])

    listened(massive, massive_equity_trades.QUOTED, massive_equity_trades)

    topics = ",".join(["T.*", *(f"Q.{symbol}" for symbol in FIRST)])
    assert massive.said[-1] == {"action": "subscribe", "params": topics}


def test_a_print_is_a_row() -> None:
    assert heard([PRINT]) == [
        (
            "equity_trades",
            {
                "symbol": "MSFT", "venue": "4", "facility": None, "trade_id": "12345",
                "traded_at": AT, "known_at": AT, "session_date": date(2018, 9, 4), "tape": "C",
                "price": "114.125", "size": "100", "conditions": "0,12", "sequence": 3681328,
            },
        )
    ]  # fmt: skip


def test_a_print_off_exchange_has_its_facility_and_a_fraction_of_a_share_its_size() -> None:
    ((_, row),) = heard([DARK | {"s": 0, "ds": "0.25"}])

    assert (row["facility"], row["trade_id"]) == ("FINY", "201-52983525159748")
    assert row["size"] == "0.25"


def test_a_print_without_a_condition_or_a_tape_has_none() -> None:
    bare = {name: value for name, value in PRINT.items() if name not in ("c", "z")}

    ((_, row),) = heard([bare])

    assert (row["conditions"], row["tape"]) == (None, None)


@pytest.mark.parametrize(("ms", "shares"), [(1536036818784, "10000"), (1779436803799, "100")])
def test_sizes_of_quotes_were_lots_and_are_shares(ms: int, shares: str) -> None:
    ((name, row),) = heard([QUOTE | {"t": ms}])

    assert (name, row["bid"], row["ask"], row["bid_size"]) == (
        "equity_quotes", "114.125", "114.128", shares
    )  # fmt: skip


def test_a_side_of_0_is_none_and_quotes_of_one_millisecond_are_counted() -> None:
    (_, first), (_, second) = heard([QUOTE, QUOTE | {"ap": 0, "ax": 0, "as": 0}])

    assert (first["place"], second["place"]) == (1, 2)
    assert [second[name] for name in ("ask", "ask_size", "ask_venue")] == [None, None, None]
    assert second["known_at"] == second["quoted_at"]


def test_a_lost_connection_is_a_gap_of_prints_and_of_quotes() -> None:
    gaps = list(of(heard([PRINT], LOST, [QUOTE]), "feed_gaps"))

    assert [(gap["venue"], gap["pair"], gap["channel"]) for gap in gaps] == [
        ("sip", "all", "trades"), ("sip", "all", "quotes")
    ]  # fmt: skip


def test_rows_are_stored_and_a_file_tells_the_same_print_again(tmp_path: Path) -> None:
    rows = heard([DARK, QUOTE | {"sym": "A", "t": 1779436803700}])

    with knowing_sessions(SPAN, tmp_path / "store") as store:
        writes = massive_equity_trades.FEED.writes
        live = [(name, [row]) for name, row in rows]
        loaded = store.load(Publication(NAME, "live", writes, live, "live"))
        load_files(store, NAME, RECORDED)
        prints = ask(store.place, "raw.equity_trades")
        (quote,) = ask(store.place, "raw.equity_quotes")

    assert (loaded.n_rows, loaded.n_rejected) == (2, 0)
    assert (quote["bid"], quote["bid_size"]) == (Decimal("114.125"), 100)
    same = [row for row in prints if row["sequence"] == 3478]
    names = ("symbol", "venue", "facility", "trade_id", "price", "size", "conditions", "tape")
    assert len(same) == 2
    assert len({tuple(row[name] for name in names) for row in same}) == 1


def test_a_size_that_is_no_number_is_set_aside(tmp_path: Path) -> None:
    live = [(name, [row]) for name, row in heard([PRINT | {"ds": "much"}, DARK])]

    with knowing_sessions(SPAN, tmp_path / "store") as store:
        writes = massive_equity_trades.FEED.writes
        loaded = store.load(Publication(NAME, "live", writes, live, "live"))

    assert (loaded.n_rows, loaded.n_rejected) == (1, 1)
