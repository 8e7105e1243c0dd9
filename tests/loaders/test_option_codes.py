"""Codes mean one thing each, whatever the source, and the detectors know the classes."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest

from leadline.clock import BEGINNING, Span
from leadline.feed import Http
from leadline.load import over_network
from loaders import option_codes
from tests.stores import ask, opened

NOBODY = cast(Http, None)
SPAN = Span(datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 3, 2, tzinfo=UTC))
CLASSES = {
    "regular", "auction", "cross", "floor", "multi_leg", "stock_tied", "late", "cancel",
    "administrative", "extended",
}  # fmt: skip
Rows = Mapping[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def codes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Rows, Any]:
    """Return what a store holds of each dataset after one load, and what the load said."""
    place: Path = tmp_path_factory.mktemp("codes")
    with opened(place) as store:
        (loaded,) = over_network("option_codes", option_codes, store, SPAN, NOBODY)
    return {name: ask(place, f"raw.{name}") for name in option_codes.FEED.writes}, loaded


@pytest.fixture
def rows(codes: tuple[Rows, Any]) -> Rows:
    return codes[0]


@pytest.fixture
def conditions(rows: Rows) -> dict[tuple[str, str], dict[str, Any]]:
    return {(row["source_feed"], row["condition"]): row for row in rows["conditions"]}


@pytest.fixture
def venues(rows: Rows) -> dict[tuple[str, str], dict[str, Any]]:
    return {(row["source_feed"], row["venue_code"]): row for row in rows["venues"]}


@pytest.fixture
def roots(rows: Rows) -> dict[str, dict[str, Any]]:
    return {row["root"]: row for row in rows["option_roots"]}


def test_no_code_is_there_twice_and_every_row_keeps_its_contract(
    codes: tuple[Rows, Any],
) -> None:
    rows, loaded = codes

    assert (loaded.coverage, loaded.n_rejected) == ("all", 0)
    assert loaded.n_rows == sum(map(len, rows.values())) == 163 + 76 + 27
    assert {row["known_at"] for each in rows.values() for row in each} == {BEGINNING}


def test_every_class_is_one_that_detectors_know(rows: Rows) -> None:
    assert {row["trade_class"] for row in rows["conditions"]} == CLASSES


def test_an_ordinary_print_and_a_sweep_are_told_under_every_number(
    conditions: dict[tuple[str, str], dict[str, Any]],
) -> None:
    ordinary = [("massive_option_trades", "209"), ("datashop_trades", "18")]
    sweeps = [("massive_option_trades", "219"), ("datashop_trades", "95")]

    for key in [*ordinary, ("sample_option_trades", "I")]:
        assert (conditions[key]["name"], conditions[key]["trade_class"]) == ("AUTO", "regular")
    for key in [*sweeps, ("sample_option_trades", "S")]:
        assert (conditions[key]["name"], conditions[key]["is_iso"]) == ("ISOI", True)


def test_massive_numbers_the_letters_as_its_own_list_does(
    conditions: dict[tuple[str, str], dict[str, Any]],
) -> None:
    listed = {"201": "CANC", "210": "REOP", "219": "ISOI", "227": "SLAN", "247": "MCTP"}
    listed |= {"230": "SLCI", "233": "MLAT", "246": "CBMO", "248": "EXHT"}

    found = {code: conditions["massive_option_trades", code]["name"] for code in listed}

    assert found == listed


@pytest.mark.parametrize(
    ("code", "name", "trade_class"),
    [
        ("0", "REG", "regular"),
        ("34", "AJST", "regular"),
        ("35", "SPRD", "multi_leg"),
        ("38", "CMBO", "multi_leg"),
        ("39", "STPD", "regular"),
        ("40", "CANC", "cancel"),
        ("44", "CSTP", "cancel"),
        ("107", "BNMK", "regular"),
        ("114", "SLAN", "auction"),
        ("125", "MASL", "multi_leg"),
        ("136", "MCTP", "administrative"),
        ("137", "EXHT", "extended"),
    ],
)
def test_datashop_counts_in_its_own_order(
    conditions: dict[tuple[str, str], dict[str, Any]], code: str, name: str, trade_class: str
) -> None:
    row = conditions["datashop_trades", code]

    assert (row["name"], row["trade_class"]) == (name, trade_class)


def test_three_conditions_are_sweeps_and_six_are_of_the_floor(
    conditions: dict[tuple[str, str], dict[str, Any]],
) -> None:
    by_letter = {code: row for (feed, code), row in conditions.items() if feed[:6] == "sample"}

    assert {code for code, row in by_letter.items() if row["is_iso"]} == set("Sbd")
    assert {code for code, row in by_letter.items() if row["is_floor"]} == set("eimpst")


def test_every_cancel_is_a_cancel(conditions: dict[tuple[str, str], dict[str, Any]]) -> None:
    cancels = {key for key, row in conditions.items() if row["trade_class"] == "cancel"}

    assert cancels == {
        *[("sample_option_trades", letter) for letter in "ACEGO"],
        *[("massive_option_trades", code) for code in ("201", "203", "205", "207", "215")],
        *[("datashop_trades", code) for code in ("40", "41", "42", "43", "44")],
    }


def test_a_block_of_deribit_is_no_ordinary_print(
    conditions: dict[tuple[str, str], dict[str, Any]],
) -> None:
    said = {code: row["trade_class"] for (feed, code), row in conditions.items() if "deri" in feed}

    assert {word: said[word] for word in ("book", "block", "block rfq", "combo")} == {
        "book": "regular",
        "block": "cross",
        "block rfq": "cross",
        "combo": "multi_leg",
    }
    assert said["block rfq combo"] == said["block combo liquidation M"] == "multi_leg"
    assert said["book liquidation T"] == "administrative"


@pytest.mark.parametrize(
    ("feed", "code", "venue", "mic"),
    [
        ("massive_option_trades", "309", "MRX", "MCRY"),
        ("massive_option_trades", "325", "BZX", "BATO"),
        ("massive_option_trades", "320", "MEMX", "MXOP"),
        ("sample_option_trades", "X", "PHLX", "XPHO"),
        ("datashop_trades", "6", "ISE", "XISX"),
        ("databento_options", "61", "SAPPHIRE", "SPHR"),
        ("databento_options", "108", "MX2", "MXTO"),
        ("deribit_options", "deribit", "DERIBIT", None),
    ],
)
def test_a_venue_has_one_name_whatever_its_code(
    venues: dict[tuple[str, str], dict[str, Any]], feed: str, code: str, venue: str, mic: str | None
) -> None:
    assert (venues[feed, code]["venue"], venues[feed, code]["mic"]) == (venue, mic)


def test_the_publishers_are_those_of_databento_s_own_library(
    venues: dict[tuple[str, str], dict[str, Any]],
) -> None:
    publishers = pytest.importorskip("databento.common.publishers")

    theirs = {
        str(publisher.to_int()): str(publisher.venue)
        for publisher in publishers.Publisher
        if str(publisher).startswith("OPRA")
    }

    # Databento has the MIC of all of PHLX, and a name of its own for OPRA, which trades nothing.
    ours = {code: row["mic"] for (feed, code), row in venues.items() if "databento" in feed}
    differ = {code for code in theirs if ours.get(code) != theirs[code]}
    assert ours.keys() == theirs.keys()
    assert differ == {"30", "35"}


def test_a_class_share_has_its_dot_back(roots: dict[str, dict[str, Any]]) -> None:
    row = roots["BRKB"]

    assert (row["underlying"], row["multiplier"]) == ("BRK.B", 100)
    assert (row["exercise_style"], row["settlement"]) == ("american", "pm")


@pytest.mark.parametrize(
    ("root", "underlying", "settlement"),
    [("SPX", "SPX", "am"), ("SPXW", "SPX", "pm"), ("VIXW", "VIX", "am"), ("XEO", "OEX", "pm")],
)
def test_an_index_is_settled_by_its_root(
    roots: dict[str, dict[str, Any]], root: str, underlying: str, settlement: str
) -> None:
    row = roots[root]

    assert (row["underlying"], row["settlement"]) == (underlying, settlement)
    assert row["exercise_style"] == "european"


def test_a_mini_has_10_shares_and_an_end(roots: dict[str, dict[str, Any]]) -> None:
    row = roots["SPY7"]

    assert (row["underlying"], row["multiplier"]) == ("SPY", Decimal(10))
    assert (row["valid_from"], row["valid_to"]) == (date(2013, 3, 18), date(2014, 12, 20))


def test_a_root_is_there_once_and_a_code_names_one_venue(rows: Rows) -> None:
    names = Counter((row["source_feed"], row["venue"]) for row in rows["venues"])

    assert max(names.values()) == 1
    assert len({row["root"] for row in rows["option_roots"]}) == len(rows["option_roots"])
