"""Saved answers, messages and captures become rows of the datasets that they tell of."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest

from leadline.errors import FeedError
from leadline.feed import files
from leadline.store import Store
from loaders import deribit_options
from tests.deribit import MESSAGES, NAME, knowing_days
from tests.stores import load_files, seen

TRADES = MESSAGES / "http_get_last_trades.json"
CAPTURE = MESSAGES / "DERIBIT.ws.1.0"
SAVED = [
    path
    for pattern in ("http_get_*.json", "ws_*.json", "DERIBIT.*")
    for path in sorted(MESSAGES.glob(pattern))
]
DAYS = ("2020-05-26", "2021-07-22", "2026-05-18", "2026-07-06", "2026-08-01")


def told_by(*paths: Path) -> dict[str, list[Any]]:
    """Return the rows of files, by dataset."""
    found, _ = files(paths, deribit_options.FEED.knows, deribit_options.FEED.parts)
    told: dict[str, list[Any]] = {}
    for dataset, extract in deribit_options.read(found):
        told.setdefault(dataset, []).extend(cast(Any, extract).rows)
    return told


@pytest.fixture(scope="module")
def saved() -> dict[str, list[Any]]:
    return told_by(*SAVED)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    place = tmp_path_factory.mktemp("deribit")
    with knowing_days(place, *map(date.fromisoformat, DAYS)) as store:
        yield store


def rewritten(folder: Path, path: Path, *replaced: tuple[str, str]) -> Path:
    """Write a recorded message with other words in it."""
    text = path.read_text()
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new)
    (folder / path.name).write_text(text)
    return folder / path.name


def test_every_recorded_message_loads_whole_and_once(store: Store) -> None:
    first, again = load_files(store, NAME, *SAVED), load_files(store, NAME, *SAVED)

    assert {loaded.coverage.partition("/")[2]: loaded.n_rows for loaded in first} == {
        "DERIBIT.0": 2,
        "DERIBIT.ws.1.0": 3,
        "http_get_book_summary_by_currency.json": 4,
        "http_get_instruments.json": 2,
        "http_get_last_trades.json": 5,
        "ws_trades.json": 1,
    }
    assert [loaded.n_rejected for loaded in first] == [0] * 6
    assert [loaded.is_new for loaded in again] == [False] * 6


def test_trades_of_options_are_taken_and_those_of_futures_and_combos_are_not(
    saved: dict[str, list[Any]],
) -> None:
    assert seen(saved["option_trades"], "trade_id", "contract", "condition", "side") == [
        ("244365194", "BTC-19MAY26-70000-C", "combo", -1),
        ("244365195", "BTC-19MAY26-75000-C", "combo", 1),
        ("439435001", "BTC-1AUG26-63000-C", "book", 1),
        ("439435597", "BTC-1AUG26-63000-C", "block rfq combo", 1),
        ("48079289", "BTC-27MAY20-9000-C", "book", -1),
        ("ETH_USDC-16", "XRP_USDC-28AUG26-2d5-P", "book liquidation T", -1),
    ]


def test_a_ticker_is_a_quote_from_the_moment_at_which_it_came(
    saved: dict[str, list[Any]],
) -> None:
    first, second, third = saved["option_quotes"]

    names = ("bid", "ask", "bid_size", "ask_size", "bid_venue", "ask_venue", "place", "sequence")
    assert [str(first[name]) for name in names] == [
        "0.0015", "0.0025", "4714.0", "873.0", "deribit", "deribit", "1", "4",
    ]  # fmt: skip
    assert first["quoted_at"] == datetime(2021, 7, 22, 22, 42, 3, 632_000, tzinfo=UTC)
    assert first["known_at"] == datetime(2021, 7, 22, 22, 42, 3, 804_855, tzinfo=UTC)
    assert [second["bid_size"], second["sequence"]] == [4737, 5]
    assert [third[name] for name in names] == [None] * 6 + [1, 6]


def test_two_quotes_of_one_moment_are_told_apart(tmp_path: Path) -> None:
    path = rewritten(tmp_path, CAPTURE)
    path.write_text(path.read_text() * 2)

    quotes = told_by(path)["option_quotes"]

    assert [row["place"] for row in quotes] == [1, 1, 1, 2, 2, 2]


def test_a_saved_ticker_stood_when_it_says(tmp_path: Path) -> None:
    line = CAPTURE.read_text().splitlines()[3]
    (tmp_path / "ws_ticker.json").write_text(line.partition(": ")[2])

    (quote,) = told_by(tmp_path / "ws_ticker.json")["option_quotes"]

    assert quote["known_at"] == quote["quoted_at"]


def test_instruments_are_contracts_from_saved_answers_and_captures(
    saved: dict[str, list[Any]],
) -> None:
    assert seen(saved["contracts"], "contract", "underlying", "put_call", "currency") == [
        ("BTC-24JUN22-30000-C", "deribit:BTC-USD", "call", "BTC"),
        ("BTC-24SEP21-40000-P", "deribit:BTC-USD", "put", "BTC"),
        ("BTC-28AUG26-105000-C", "deribit:BTC-USD", "call", "BTC"),
        ("XRP_USDC-28AUG26-2d5-P", "deribit:XRP-USDC", "put", "USDC"),
    ]


def test_a_saved_summary_is_known_since_it_was_answered(saved: dict[str, list[Any]]) -> None:
    chain, positions = saved["option_chains"], saved["open_interest"]

    at = datetime(2026, 7, 6, 4, 41, 43, 146_000, tzinfo=UTC)
    assert {row["known_at"] for row in chain + positions} == {at}
    assert seen(positions, "contract", "oi_date", "open_interest") == [
        ("BTC-28AUG26-105000-C", date(2026, 7, 5), Decimal("161.3")),
        ("BTC-9JUL26-69000-C", date(2026, 7, 5), Decimal("30.2")),
    ]


def test_what_the_test_network_says_is_set_aside(store: Store, tmp_path: Path) -> None:
    path = rewritten(tmp_path, TRADES, ('"testnet": false', '"testnet": true'))

    (loaded,) = load_files(store, NAME, path)

    assert (loaded.n_rows, loaded.reasons) == (0, {"option_trades: contract is missing": 5})


def test_names_that_do_not_parse_are_set_aside_and_the_others_load(
    store: Store, tmp_path: Path
) -> None:
    path = rewritten(
        tmp_path, TRADES, ("BTC-27MAY20-9000-C", "BTC-27XXX20-9000-C"),
        ("BTC-1AUG26-63000-C", "BTC-31FEB26-63000-C"), ("2d5-P", "2d5-F"),
    )  # fmt: skip

    (loaded,) = load_files(store, NAME, path)

    assert (loaded.n_rows, loaded.reasons) == (2, {"option_trades: root is missing": 3})


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('"sell"', '"hold"', "direction: 'hold' is none of buy, sell; mend the loader"),
        ('"result"', '"results"', "no 'result' in it"),
        ('"trades"', '"deals"', "an answer to a question that it does not know"),
        ('"trade_seq"', '"seq"', "no 'trade_seq' in it"),
        ('"amount": 3', '"amount": 3,,', "Expecting property name"),
    ],
)
def test_an_answer_of_another_shape_is_one_sentence(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    path = rewritten(tmp_path, TRADES, (old, new))

    with pytest.raises(FeedError) as told:
        told_by(path)

    assert str(told.value).startswith(f"{path}: {sentence}")


def test_an_answer_with_an_error_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / TRADES.name
    error = {"code": 10020, "message": "invalid_or_unsupported_instrument"}
    path.write_text(json.dumps({"jsonrpc": "2.0", "error": error}))
    sentence = f"^{path}: Deribit answers 10020 invalid_or_unsupported_instrument$"

    with pytest.raises(FeedError, match=sentence):
        told_by(path)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('"ticker.ETH-27AUG21', '"news.ETH-27AUG21', "a channel that it does not know, news.ETH-2"),
        ("1626993724.283178: {", "1626993724.283178 {", "no line of a recorder: '1626993724.283"),
        ('"best_bid_price"', '"bid"', "no 'best_bid_price' in it"),
    ],
)
def test_a_capture_that_it_does_not_understand_names_the_line(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    path = rewritten(tmp_path, CAPTURE, (old, new))

    with pytest.raises(FeedError) as told:
        told_by(path)

    where, _, said = str(told.value).removeprefix(f"{path}:").partition(": ")
    assert where.isdecimal()
    assert said.startswith(sentence)


def test_messages_that_tell_no_rows_are_passed_over(tmp_path: Path) -> None:
    beat = {"jsonrpc": "2.0", "method": "heartbeat", "params": {"type": "heartbeat"}}
    answers: list[Any] = [beat, {"id": 2, "result": "ok"}, {"id": 3, "result": {"version": "1.2"}}]
    path = tmp_path / "DERIBIT.ws.2.0"
    path.write_text("".join(f"1626993723.5: {json.dumps(answer)}\n" for answer in answers))

    assert told_by(path) == {}
