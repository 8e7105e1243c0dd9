"""Codes of stock prints mean what the tapes, Massive and AlgoSeek say of them."""

import json
from collections import Counter
from pathlib import Path
from typing import Any, cast

import pytest

from leadline.clock import BEGINNING
from leadline.feed import Http
from leadline.load import over_network
from loaders import equity_codes
from loaders.databento_equities import publishers
from tests.loaders.test_option_codes import SPAN
from tests.stores import ask, opened

CONDITIONS, VENUES = list(equity_codes.conditions()), list(equity_codes.venues())
MEANT = {(row["source_feed"], row["tape"], row["condition"]): row for row in CONDITIONS}
LETTERS, MASSIVE, TICKS = "sample_equity_trades", "massive_equity_trades", "equity_ticks"
ALPACA, DATABENTO = "equity_trades_alpaca", "databento_equities"


def test_every_row_keeps_its_contract_and_no_code_is_there_twice(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        (loaded,) = over_network("equity_codes", equity_codes, store, SPAN, cast(Http, None))

    found = ask(tmp_path, "raw.conditions") + ask(tmp_path, "raw.venues")
    assert (loaded.coverage, loaded.n_rejected) == ("all", 0)
    assert loaded.n_rows == len(found) == len(CONDITIONS) + len(VENUES)
    assert {row["known_at"] for row in found} == {BEGINNING}


def test_no_two_rows_are_of_one_code() -> None:
    codes = Counter((row["source_feed"], row["venue_code"]) for row in VENUES)

    assert len(MEANT) == len(CONDITIONS)
    assert max(codes.values()) == 1


@pytest.mark.parametrize(
    ("tape", "letter", "trade_class", "counts", "informative"),
    [
        ("A", "B", "average", True, False),
        ("B", "B", "average", True, False),
        ("C", "B", "regular", True, True),
        ("C", "W", "average", True, False),
        ("C", "G", "late", True, False),
        ("any", "@", "regular", True, True),
        ("any", "E", "regular", True, True),
        ("any", "F", "regular", True, True),
        ("any", "I", "odd_lot", True, True),
        ("any", "X", "cross", True, False),
        ("any", "6", "auction", True, True),
        ("any", "T", "extended", True, False),
        ("any", "U", "late", True, False),
        ("any", "L", "late", True, False),
        ("any", "Z", "late", True, False),
        ("any", "P", "prior_price", True, False),
        ("any", "4", "derivative", True, False),
        ("any", "V", "contingent", True, False),
        ("any", "7", "contingent", True, False),
        ("any", "C", "settlement", True, False),
        ("any", "H", "price_variation", True, False),
        ("any", "K", "regular", True, True),
        ("any", "M", "official", False, False),
        ("any", "Q", "official", False, False),
        ("any", "9", "official", False, False),
    ],
)
def test_the_tapes_letters_are_those_of_the_rule_book(
    tape: str, letter: str, trade_class: str, counts: bool, informative: bool
) -> None:
    row = MEANT[LETTERS, tape, letter]

    assert row["trade_class"] == trade_class
    assert (row["counts_volume"], row["is_price_informative"]) == (counts, informative)


def test_a_letter_of_one_plan_alone_means_nothing_on_the_other() -> None:
    assert (LETTERS, "A", "W") not in MEANT
    assert (LETTERS, "any", "W") not in MEANT
    assert (LETTERS, "A", "G") not in MEANT


@pytest.mark.parametrize(
    ("bit", "name"),
    [
        ("1", "REG"), ("20", "ISO"), ("40", "OPEN"), ("80", "CLOSE"), ("200", "DERIV"),
        ("2000", "FORMT"), ("4000", "SOLDZ"), ("100000", "AVG"), ("1000000", "MCLOSE"),
        ("2000000", "PRIOR"), ("20000000", "EXEMPT"), ("80000000", "ODD"),
    ],
)  # fmt: skip
def test_a_bit_of_algoseek_s_is_what_lean_says_of_it(bit: str, name: str) -> None:
    assert MEANT[TICKS, "any", bit]["name"] == name


def test_every_bit_but_the_one_that_nobody_describes_has_a_meaning() -> None:
    bits = {code for feed, _, code in MEANT if feed == TICKS} - {"suspicious"}

    assert {f"{1 << place:X}" for place in range(32)} - bits == {"40000000"}


def test_a_sweep_is_told_under_every_code() -> None:
    sweeps = {key for key, row in MEANT.items() if row["is_iso"]}

    assert sweeps == {
        (LETTERS, "any", "F"), (ALPACA, "any", "F"), (MASSIVE, "any", "14"), (TICKS, "any", "20")
    }  # fmt: skip


def test_finra_is_one_venue_under_every_code() -> None:
    finra = {(row["source_feed"], row["venue_code"]) for row in VENUES if row["venue"] == "FINRA"}

    assert finra == {(LETTERS, "D"), (ALPACA, "D"), (TICKS, "D"), (MASSIVE, "4")} | {
        (DATABENTO, code) for code in ("FINN", "FINC", "FINY", "XADF")
    }


def test_databento_s_venues_of_stocks_are_those_of_its_library() -> None:
    told = {row["venue"] for row in publishers().to_pylist()}
    ours = {row["venue_code"]: row["venue"] for row in VENUES if row["source_feed"] == DATABENTO}

    assert set(ours) - told == {"XISE", "CBSX"}  # they are no more
    assert (ours["XNAS"], ours["XPSX"], ours["ARCX"]) == ("NASDAQ", "PSX", "ARCA")


def test_alpaca_sends_the_tapes_letters_and_what_became_of_a_print() -> None:
    own = {(tape, code): row["name"] for (feed, tape, code), row in MEANT.items() if feed == ALPACA}
    tapes = {
        (tape, code): row["name"] for (feed, tape, code), row in MEANT.items() if feed == LETTERS
    }

    assert tapes.items() < own.items()
    assert {code for _, code in own.keys() - tapes.keys()} == {
        "", "canceled", "incorrect", "corrected"
    }  # fmt: skip


@pytest.mark.real
def test_massive_s_own_tables_say_the_same(real: Path) -> None:
    folder = real / "api_samples_polygon"
    told: dict[str, list[dict[str, Any]]] = {
        name: json.loads((folder / f"{name}.json").read_text())["results"]
        for name in ("exchanges", "conditions_stocks")
    }
    mics = {row["venue_code"]: row["mic"] for row in VENUES if row["source_feed"] == MASSIVE}

    for exchange in told["exchanges"]:
        if exchange.get("mic") and exchange["id"] != 4:
            assert mics[str(exchange["id"])] == exchange["mic"]
    for said in told["conditions_stocks"]:
        rules, row = said["update_rules"]["consolidated"], MEANT[MASSIVE, "any", str(said["id"])]
        assert row["counts_volume"] == rules["updates_volume"]
        # What sets no last price says nothing of the moment; a cross has a price and no side.
        if row["trade_class"] != "cross":
            assert row["is_price_informative"] == rules["updates_open_close"]
        letters = {
            row["condition"]
            for row in CONDITIONS
            if row["name"] == MEANT[MASSIVE, "any", str(said["id"])]["name"]
            and row["source_feed"] == LETTERS
        }
        if said["name"] != "CAP Election":
            assert letters == set(said["sip_mapping"].values())
