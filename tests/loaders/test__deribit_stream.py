"""Trades are told as they come; what did not come is asked for, and a gap if nobody has it."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.deribit import NOW_MS, SUMMARY, Deribit, beat, listened, pushed, traded
from tests.pushes import LOST

BY_CURRENCY = "get_last_trades_by_currency_and_time"
BY_INSTRUMENT = "get_last_trades_by_instrument"
CHAIN = "get_book_summary_by_currency"
CHANNELS = [f"trades.option.{currency}.100ms" for currency in ("BTC", "ETH", "USDC")]
OTHER = "BTC-1AUG26-64000-C"


def gaps_of(told: Any) -> list[tuple[Any, ...]]:
    names = ("pair", "reason", "expected_id", "found_id")
    return [tuple(row.get(name) for name in names) for row in told.rows("feed_gaps")]


def test_it_subscribes_with_heartbeats_and_tells_trades(tmp_path: Path) -> None:
    told = listened(tmp_path, Deribit(), pushed(traded(1), traded(2)), beat(), pushed(traded(3)))

    heartbeat, subscription = told.sent
    assert (heartbeat["method"], heartbeat["params"]) == ("public/set_heartbeat", {"interval": 30})
    assert subscription["params"]["channels"] == CHANNELS
    assert (told.numbers, gaps_of(told), told.error) == ([1, 2, 3], [], None)
    assert all(row["known_at"] == row["traded_at"] for row in told.rows("option_trades"))


def test_a_test_request_is_answered_at_once(tmp_path: Path) -> None:
    told = listened(tmp_path, Deribit(), beat("test_request"), pushed(traded(1)))

    assert [sent["method"] for sent in told.sent[2:]] == ["public/test"]
    assert told.numbers == [1]


def test_a_channel_that_is_not_accepted_ends_it(tmp_path: Path) -> None:
    accepted = {"id": 1, "result": CHANNELS[:1], "usOut": NOW_MS * 1_000}

    told = listened(tmp_path, Deribit(), acknowledge=accepted)

    sentence = "Deribit takes no subscription to trades.option.ETH.100ms, trades.option.USDC.100ms"
    assert str(told.error) == f"deribit_options: {sentence}"


def test_an_error_that_stays_ends_it(tmp_path: Path) -> None:
    error = {"code": 11050, "message": "bad_request"}

    told = listened(tmp_path, Deribit(), acknowledge={"id": 1, "error": error})

    assert str(told.error) == "deribit_options: Deribit answers 11050 bad_request"


def test_a_busy_source_is_listened_to_again(tmp_path: Path) -> None:
    busy = {"jsonrpc": "2.0", "error": {"code": 10028, "message": "too_many_requests"}}
    told = listened(
        tmp_path, Deribit(traded(2)), pushed(traded(1)), busy, pushed(traded(3)), beat()
    )

    assert told.error is None
    assert [sent["method"] for sent in told.sent].count("public/subscribe") == 2
    assert 3 in told.numbers


@pytest.mark.parametrize(
    ("frame", "sentence"),
    [
        ("<html>", "Expecting value: line 1 column 1 (char 0): '<html>'"),
        ("[1]", "not of a shape that it knows: '[1]'"),
        (pushed({"trade_seq": 1}), "no 'instrument_name' in it: '{\"jsonrpc\""),
        (pushed(currency="XRP"), "no 'trades.option.XRP.100ms' in it: '{\"jsonrpc\""),
    ],
)
def test_a_message_that_it_does_not_understand_ends_it_and_what_came_before_stays(
    tmp_path: Path, frame: Any, sentence: str
) -> None:
    told = listened(tmp_path, Deribit(), pushed(traded(1)), frame)

    assert told.numbers == [1]
    assert str(told.error).startswith(f"deribit_options: {sentence}")
    assert str(told.error).endswith("'; mend the loader")


def test_numbers_that_were_left_out_are_asked_for(tmp_path: Path) -> None:
    exchange = Deribit(traded(2), traded(3), traded(9))
    asked = exchange.has_been_asked(BY_INSTRUMENT)

    told = listened(tmp_path, exchange, pushed(traded(1)), pushed(traded(4)), asked, beat())

    (query,) = [query for query in exchange.queries if query["method"] == BY_INSTRUMENT]
    assert (query["instrument_name"], query["start_seq"], query["end_seq"]) == (
        "BTC-1AUG26-63000-C", "2", "3",
    )  # fmt: skip
    assert (sorted(told.numbers), gaps_of(told)) == ([1, 2, 3, 4], [])


@pytest.mark.parametrize("is_refused", [False, True])
def test_numbers_that_nobody_has_are_a_gap(tmp_path: Path, is_refused: bool) -> None:
    exchange = Deribit(*([] if is_refused else [traded(3)]))
    exchange.refuses = {BY_INSTRUMENT} if is_refused else set()
    asked = exchange.has_been_asked(BY_INSTRUMENT, 1 if is_refused else 2)

    told = listened(tmp_path, exchange, pushed(traded(1)), pushed(traded(4)), asked, beat())

    expected, found = (2, 4) if is_refused else (2, 3)
    assert gaps_of(told) == [("BTC-1AUG26-63000-C", "gap", expected, found)]
    (gap,) = told.rows("feed_gaps")
    assert gap["began_at"] <= gap["ended_at"] <= gap["known_at"]


def test_after_a_lost_connection_its_stretch_is_asked_for(tmp_path: Path) -> None:
    missed = [traded(2, 300), traded(3, 400), traded(1, 500, OTHER)]
    exchange = Deribit(traded(1), *missed)
    asked = exchange.has_been_asked(BY_CURRENCY, 4)

    told = listened(
        tmp_path, exchange, pushed(traded(1)), LOST, pushed(traded(4, 2_500)), asked, beat(), beat()
    )

    query = next(query for query in exchange.queries if query["method"] == BY_CURRENCY)
    since, until = int(query["start_timestamp"]), int(query["end_timestamp"])
    assert since < NOW_MS + 1_000 < until == NOW_MS + 2_000
    came = {(row["contract"], row["sequence"]) for row in told.rows("option_trades")}
    assert came == {("BTC-1AUG26-63000-C", n) for n in (1, 2, 3, 4)} | {(OTHER, 1)}
    assert gaps_of(told) == []
    assert BY_INSTRUMENT not in exchange.names


def test_what_the_stretch_does_not_bring_is_asked_for_by_its_number(tmp_path: Path) -> None:
    exchange = Deribit(traded(2, 90_000), traded(3, 400))
    asked = exchange.has_been_asked(BY_INSTRUMENT)

    told = listened(
        tmp_path, exchange, pushed(traded(1)), LOST, pushed(traded(4, 2_500)), beat(),
        exchange.has_been_asked(BY_CURRENCY, 4), beat(), asked, beat(),
    )  # fmt: skip

    assert sorted(set(told.numbers)) == [1, 2, 3, 4]
    assert gaps_of(told) == []


def test_a_stretch_that_is_refused_is_a_gap_of_each_currency(tmp_path: Path) -> None:
    exchange = Deribit()
    exchange.refuses = {BY_CURRENCY}
    asked = exchange.has_been_asked(BY_CURRENCY, 3)

    told = listened(tmp_path, exchange, pushed(traded(1)), LOST, beat(), asked, beat(), beat())

    assert sorted(gaps_of(told)) == [
        (currency, "disconnect", None, None) for currency in ("BTC", "ETH", "USDC")
    ]
    assert all(row["began_at"] <= row["ended_at"] for row in told.rows("feed_gaps"))
    assert told.error is None


def test_a_loss_that_lasts_is_told_at_the_end(tmp_path: Path) -> None:
    told = listened(tmp_path, Deribit(), pushed(traded(1)), LOST, wait_s=60)

    gaps = told.rows("feed_gaps")
    assert {row["pair"] for row in gaps} == {"BTC", "ETH", "USDC"}
    assert {(row["reason"], row["ended_at"]) for row in gaps} == {("disconnect", None)}


def test_the_chain_is_looked_at_every_few_minutes_and_its_positions_once_a_day(
    tmp_path: Path,
) -> None:
    exchange = Deribit()
    exchange.summary = SUMMARY
    asked = [exchange.has_been_asked(CHAIN, 3 * n) for n in (1, 2)]

    told = listened(
        tmp_path, exchange, beat(), asked[0], beat(), beat(), asked[1], beat(), every_s=0
    )

    chains, positions = told.rows("option_chains"), told.rows("open_interest")
    assert len(chains) >= 4
    assert [row["contract"] for row in positions] == ["BTC-9JUL26-69000-C", "BTC-28AUG26-105000-C"]
    assert {row["known_at"] for row in positions} == {chains[0]["known_at"]}


def test_a_chain_that_is_refused_ends_it_and_its_trades_stay(tmp_path: Path) -> None:
    exchange = Deribit()
    exchange.refuses = {CHAIN}
    asked = exchange.has_been_asked(CHAIN, 3)

    told = listened(tmp_path, exchange, pushed(traded(1)), asked, beat())

    assert told.numbers == [1]
    assert re.search("400 Bad Request from .*10020", str(told.error))
