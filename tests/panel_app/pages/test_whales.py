"""Books, and who came to them with size: what is shown, chosen, stale, empty and unknown."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from panel_app.answers import Answers
from panel_app.dashboard import found
from panel_app.desk import Desk
from panel_app.paced import Paced
from panel_app.pages import whales
from panel_app.parts.books import Books
from panel_app.parts.part import Part
from tests.dashboards import NOON, alert, answering, asked, laid, load, shown, tops, words

CAME = NOON - timedelta(minutes=2)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answers]:
    """Two books: BTC's speaks, with a whale that is half traded; ETH's has fallen silent."""
    place = tmp_path_factory.mktemp("whales") / "store"
    told = [
        *tops(NOON - timedelta(seconds=30), 30),
        *tops(NOON - timedelta(seconds=90), 30, pair="ETH-USDT"),
    ]
    load(place, "book_tops", told, "books")
    load(place, "book_updates", book(), "changes")
    load(place, "crypto_trades", [trade(1, CAME + timedelta(seconds=3), 61_000.0, 6.0)], "tape")
    load(place, "alerts", [whale("large", 610_000.0), whale("small", 90_000.0, "ETH-USDT")], "loop")
    with answering(place) as opened:
        yield opened


def update(number: int, seconds: float, side: int, price: float, was: float, size: float) -> Any:
    at = CAME + timedelta(seconds=seconds)
    return {
        "venue": "binance", "pair": "BTC-USDT", "epoch": "e", "update_id": number, "order_id": 0,
        "exchange_at": at, "known_at": at, "is_snapshot": number == 1, "book_side": side,
        "price": price, "size": size, "prev_size": was, "best_bid": 61_010.0,
        "best_ask": 61_020.0, "bid_size_all": 20.0, "ask_size_all": 5.0, "sequence": number,
    }  # fmt: skip


def book() -> list[Any]:
    """A book whose bid at 61,000 grows by a whale, is traded away, and leaves the others."""
    first = [update(1, -60, 1, 61_010.0, 0, 4.0), update(1, -60, -1, 61_020.0, 0, 5.0)]
    first += [update(1, -60, 1, 61_000.0, 0, 1.0), update(1, -60, 1, 60_990.0, 0, 2.0)]
    first = [row | {"sequence": n} for n, row in enumerate(first)]
    return [
        *first, update(10, 0, 1, 61_000.0, 1.0, 11.0), update(11, 3, 1, 61_000.0, 11.0, 3.0),
        update(12, 110, 1, 61_010.0, 4.0, 5.0),
    ]  # fmt: skip


def trade(number: int, at: Any, price: float, size: float) -> dict[str, Any]:
    return {
        "venue": "binance", "pair": "BTC-USDT", "trade_id": number, "is_aggregate": False,
        "traded_at": at, "price": price, "size": size, "side": -1, "known_at": at,
        "sequence": number,
    }  # fmt: skip


def whale(key: str, usd: float, pair: str = "BTC-USDT") -> dict[str, Any]:
    evidence = {
        "epoch": "e", "update_id": 10, "price": 61_000.0, "book_side": 1, "add_size": 10.0,
        "size": 11.0, "dist_bps": 2.5, "order_id": None,
    }  # fmt: skip
    return alert(
        key, CAME, alert_key=f"crypto.whale|{key}", detector="crypto.whale", notional_usd=usd,
        entity=f"binance:{pair}", entity_type="pair", evidence=json.dumps(evidence),
    )  # fmt: skip


@pytest.fixture(scope="module")
def desk(answers: Answers) -> Desk:
    """The page as it opens."""
    return laid(answers, "whales")


def part(desk: Desk, kind: type[Part]) -> str:
    """Return the HTML of a part without a frame."""
    (one,) = [each.part for each in desk._followed if type(each.part) is kind]
    return str(one.markup.html)


def test_every_book_says_how_far_it_can_be_trusted(desk: Desk) -> None:
    said = words(part(desk, Books))

    assert "BTC-USDT 61,029.50 ▲ 4.8 bps in 2 h" in said
    assert "stale: nothing has come for 61 s; prices are of then" in said


def test_a_book_in_sync_is_shown_until_another_is_chosen(answers: Answers, desk: Desk) -> None:
    pressed = r'data-value="binance:([A-Z-]+)" aria-pressed="true"'
    chosen = asked("whales", answers, "Books", pair="binance:ETH-USDT")

    assert re.findall(pressed, part(desk, Books)) == ["BTC-USDT"]
    assert [row["pair"] for row in chosen if row["is_shown"]] == ["ETH-USDT"]


def test_what_stands_is_drawn_with_what_came(desk: Desk) -> None:
    depth: Any = desk.panels["depth"][1]
    bids, _ = depth._sides[1]

    assert words(shown(desk, "depth")).startswith("binance BTC-USDT")
    assert 61_000.0 in bids.data["bottom"]
    assert max(bids.data["whales"]) == 1
    assert "1 whale orders" in words(depth.marks.markup.html)
    assert "● traded 1" in words(depth.marks.markup.html)
    assert depth.marks._source.data["mark"] == ["circle"]


def test_the_ladder_has_asks_above_the_mid_and_bids_below(desk: Desk) -> None:
    said = words(shown(desk, "ladder"))

    places = [said.index(price) for price in ("61,020 5", "61,015 mid", "61,010 5", "61,000 3")]
    assert places == sorted(places)


def test_a_whale_says_what_became_of_it(desk: Desk) -> None:
    said = words(shown(desk, "orders"))

    assert "whale binance:BTC-USDT bid 61,000 $610k 2.5 bps eaten 3 75.0 %" in said


@pytest.mark.parametrize(
    ("setting", "n"),
    [({}, 2), ({"min_usd": "100k"}, 1), ({"pair": "ETH-USDT"}, 1), ({"venue": "kraken"}, 0),
     ({"pair": "binance:BTC-USDT"}, 1), ({"pair": "kraken:BTC-USDT"}, 0)],
)  # fmt: skip
def test_alerts_are_chosen_by_pair_venue_and_size(
    answers: Answers, setting: dict[str, str], n: int
) -> None:
    assert len(asked("whales", answers, "alerts", **setting)) == n


@pytest.mark.parametrize(
    ("setting", "n"), [({"min_usd": "100k"}, 1), ({"pair": "ETH-USDT"}, 1), ({"venue": "x"}, 0)]
)
def test_orders_are_chosen_by_pair_venue_and_size(
    answers: Answers, setting: dict[str, str], n: int
) -> None:
    assert len(asked("whales", answers, "orders", **setting)) == n


def test_trades_from_a_size_on_are_shown_where_large_is_not_known(
    answers: Answers, desk: Desk
) -> None:
    (told,) = asked("whales", answers, "trades", min_usd="300k")

    assert "set a size to see all from there on" in shown(desk, "trades")
    assert (told["side"], told["price"], told["notional_usd"]) == ("sell", 61_000, 366_000)


def test_an_unknown_pair_is_one_sentence_with_the_nearest_name(answers: Answers) -> None:
    unknown = asked("whales", answers, "Unknown", pair="BTC-USD", venue="Binanse")

    assert sorted(row["asked"] for row in unknown) == ["BTC-USD", "Binanse"]
    assert {row["nearest"] for row in unknown} == {"BTC-USDT", "binance"}
    assert asked("whales", answers, "Unknown", pair="binance:BTC-USDT") == []


def test_each_panel_says_what_to_do_where_it_is_empty(answers: Answers, desk: Desk) -> None:
    empty = {name: part.empty for name, (_, part) in desk.panels.items()}

    assert (
        asked("whales", answers, "depth", venue="kraken")
        == asked("whales", answers, "ladder", pair="X-Y")
        == []
    )
    assert [name for name, said in empty.items() if not re.search(r"`leadline \w+", said)] == [
        "trades"
    ]


def test_what_is_no_pair_is_said_and_all_are_shown(answers: Answers) -> None:
    page = found()["whales"]
    desk = page.desk(Paced(answers), {"pair": "a pair!"})

    assert "is no symbol" in desk.settings.faults["pair"]
    assert desk.settings.binds["pair"] is None


def test_ranges_of_a_book_end_with_a_day() -> None:
    (last,) = [control for control in whales.CONTROLS if control.name == "last"]
    assert list(getattr(last, "options", ())) == ["10m", "1h", "1d"]
