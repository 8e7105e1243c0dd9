"""Watch lists: symbols are checked, a list is kept as a whole, and its past stays."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from leadline.errors import QueryError, StoreError
from leadline.watch import Line, Watchlists, spellings
from tests.desks import SmallDesk, at
from tests.doors import opened, rows
from tests.watching import watching_desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    return watching_desk(tmp_path_factory.mktemp("watch"))


@pytest.fixture(scope="module")
def lists(desk: SmallDesk) -> Iterator[Watchlists]:
    with watched(desk) as found:
        yield found


@contextmanager
def watched(desk: SmallDesk) -> Iterator[Watchlists]:
    place = desk.root / "store"
    with desk.warehouse() as house, opened(place, desk.catalog().contracts) as store:
        yield Watchlists(house, store)


def test_unknown_delisted_and_ambiguous_symbols_are_refused_and_the_others_go_in(
    lists: Watchlists,
) -> None:
    said = ("AAPL", "brk-b", "binance:btc-usdt", "AAPPL", "TWTR", "XYZ", "binance:BTC-USD", "ÄÖ")

    kept = lists.put("checked", map(Line, said), "here")

    assert kept.symbols == ["AAPL", "BRK.B", "binance:BTC-USDT"]
    assert kept.n_changed == 3
    assert kept.refused == {
        "AAPPL": "is unknown; did you mean 'AAPL'",
        "TWTR": "has not been listed since 2022-11-08",
        "XYZ": "names 2 securities at once, XYZ:2010-01-04 and XYZ:2020-01-02 among them",
        "binance:BTC-USD": "is unknown: no trade of it is in the store; "
        "did you mean 'binance:BTC-USDT'",
        "ÄÖ": "is unknown",
    }


def test_a_list_that_is_told_again_changes_nothing(lists: Watchlists) -> None:
    told = [Line("AAPL", threshold_pct=5), Line("MSFT")]

    first, again = (lists.put("same", told, "here") for _ in range(2))

    assert (first.n_changed, again.n_changed, again.n_gone) == (2, 0, 0)


def test_what_a_list_no_longer_names_is_gone_and_its_past_stays(
    desk: SmallDesk, lists: Watchlists
) -> None:
    lists.put("moving", [Line("AAPL", threshold_pct=5), Line("MSFT")], "here", at("04 12:00"))

    kept = lists.put("moving", [Line("AAPL", threshold_pct=7)], "here", at("06 12:00"))

    assert (kept.n_changed, kept.n_gone) == (1, 1)
    with desk.warehouse() as house:
        before, after = (
            rows(
                house.ask("curated.watchlists", at("01 00:00"), moment)
                .filter("watchlist = 'moving' and withdrawn_at is null")
                .project("symbol, threshold_pct")
                .order("symbol")
            )
            for moment in (at("05 00:00"), at("07 00:00"))
        )
    assert before == [
        {"symbol": "AAPL", "threshold_pct": 5},
        {"symbol": "MSFT", "threshold_pct": None},
    ]
    assert after == [{"symbol": "AAPL", "threshold_pct": 7}]


def test_adding_changes_only_what_is_given(lists: Watchlists) -> None:
    lists.put("grown", [Line("AAPL", threshold_pct=5, note="old")], "here")

    lists.add("grown", ["aapl", "MSFT"], {"quantity": 10.0})

    assert lists.lines("grown") == [
        Line("AAPL", threshold_pct=5, quantity=10, note="old"), Line("MSFT", quantity=10)
    ]  # fmt: skip


def test_of_a_lists_last_symbol_a_quiet_line_is_left(lists: Watchlists) -> None:
    lists.put("small", [Line("AAPL"), Line("MSFT")], "here")

    first = lists.remove("small", ["msft", "IBM"])
    last = lists.remove("small", ["AAPL"])

    assert (first.symbols, first.n_gone, first.refused) == (
        ["AAPL"], 1, {"IBM": "is not on small"}
    )  # fmt: skip
    assert (last.symbols, last.n_gone) == ([], 1)
    assert lists.lines("small") == [Line("AAPL", is_active=False)]


def test_a_symbol_that_stands_twice_and_a_list_that_is_none_are_said(lists: Watchlists) -> None:
    with pytest.raises(QueryError, match="here: AAPL stands twice in twice; keep one line"):
        lists.put("twice", [Line("AAPL"), Line("aapl")], "here")
    lists.put("tech", [Line("AAPL")], "here")
    with pytest.raises(QueryError, match="tec: no watch list has this name; did you mean 'tech'"):
        lists.lines("tec")
    with pytest.raises(QueryError, match="here: a list is named 'a list'; it takes letters"):
        lists.put("a list", [Line("AAPL")], "here")


def test_a_store_without_a_securities_master_says_what_to_load(tmp_path: Path) -> None:
    desk = watching_desk(tmp_path, is_empty=True)
    with watched(desk) as lists, pytest.raises(StoreError) as told:
        lists.put("desk", [Line("AAPL")], "here")

    assert "it holds no securities master, so nobody knows 'AAPL'; run leadline load" in str(
        told.value
    )


def test_a_ticker_may_be_written_in_several_ways() -> None:
    assert spellings(" brk-b ") == ["BRK-B", "BRK.B"]
    assert spellings("AAPL") == ["AAPL"]
