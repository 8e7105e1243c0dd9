"""Databento's files of stocks land as prints with their venue, and as quotes if national."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import databento_dbn as dbn
import pytest
import zstandard
from databento_dbn import Action, Schema

from leadline.clock import Span
from leadline.errors import FeedError
from leadline.feed import files
from loaders import databento_equities
from tests.dbn import AT, CENT, IN, MINUTE, mapping, message, top, trade
from tests.stores import ask, knowing_sessions, load_files

NAME = "databento_equities"
RECORDED = Path(__file__).parent / "messages" / "xnas-basic-20250220.trades.dbn.zst"
SPAN = Span(datetime(2025, 2, 1, tzinfo=UTC), datetime(2025, 3, 1, tzinfo=UTC))
STOCKS = (mapping("NVDA", 7), mapping("BRK B", 8))
FINN, FINC, FINY, NASDAQ, ALL_NASDAQ, ALL_FINN = 82, 83, 19, 81, 66, 68
KNOWN_AT = datetime(2025, 2, 20, 14, 30, 0, 817866, tzinfo=UTC)
Rows = list[dict[str, Any]]


@pytest.fixture
def saved(tmp_path: Path) -> Any:
    """Save a file packed as Databento packs it; return its path."""

    def save(
        schema: Schema, *records: Any, dataset: str = "XNAS.BASIC", mappings: Any = STOCKS
    ) -> Path:
        path = tmp_path / "stocks.trades.dbn.zst"
        said = message(schema, *records, dataset=dataset, mappings=mappings)
        path.write_bytes(zstandard.compress(said))
        return path

    return save


def read(path: Path) -> dict[str, Rows]:
    """Return the rows that a file yields, by dataset."""
    found, _ = files([path], databento_equities.FEED.knows)
    said = databento_equities.read(found)
    return {dataset: cast(Any, extract).rows.to_pylist() for dataset, extract in said}


def test_a_print_is_what_the_file_says(tmp_path: Path) -> None:
    with knowing_sessions(SPAN, tmp_path / "store") as store:
        (loaded,) = load_files(store, NAME, RECORDED)
        first, *_ = sorted(ask(store.place, "raw.equity_trades"), key=lambda row: row["sequence"])

    assert (loaded.coverage, loaded.n_rows, loaded.n_rejected) == (RECORDED.name, 3, 0)
    names = (
        "symbol", "venue", "facility", "trade_id", "traded_at", "known_at", "session_date",
        "price", "size", "conditions", "tape",
    )  # fmt: skip
    assert [first[name] for name in names] == [
        "NVDA", "FINN", "FINN", f"{AT}-138250000000-100-1",
        datetime(2025, 2, 20, 14, 30, 0, 817657, tzinfo=UTC), KNOWN_AT, date(2025, 2, 20),
        Decimal("138.25"), 100, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("dataset", "publisher", "venue", "facility"),
    [
        ("XNAS.BASIC", FINN, "FINN", "FINN"), ("XNAS.BASIC", FINC, "FINC", "FINC"),
        ("XNYS.TRADES", FINY, "FINY", "FINY"), ("XNAS.BASIC", NASDAQ, "XNAS", None),
        ("EQUS.ALL", ALL_FINN, "FINN", "FINN"),
    ],
)  # fmt: skip
def test_the_publisher_says_the_venue_and_a_facility_of_finra_is_one(
    saved: Any, dataset: str, publisher: int, venue: str, facility: str | None
) -> None:
    path = saved(Schema.TRADES, trade(publisher=publisher), dataset=dataset)

    (row,) = read(path)["equity_trades"]

    assert (row["venue"], row["facility"]) == (venue, facility)


def test_prints_that_are_alike_are_counted_and_a_class_has_its_dot(saved: Any) -> None:
    alike = [trade(publisher=FINN), trade(publisher=FINN), trade(publisher=FINC)]

    rows = read(saved(Schema.TRADES, *alike, trade(8, publisher=FINN)))["equity_trades"]

    assert [(row["symbol"], row["venue"], row["trade_id"][-2:]) for row in rows] == [
        ("NVDA", "FINN", "-1"), ("NVDA", "FINN", "-2"), ("NVDA", "FINC", "-1"),
        ("BRK.B", "FINN", "-1"),
    ]  # fmt: skip


def test_what_is_told_after_midnight_in_new_york_is_of_that_day(saved: Any) -> None:
    late = IN + 15 * 60 * MINUTE  # 05:30Z, 00:30 in New York
    days = (date(2025, 2, 20), date(2025, 2, 22))
    path = saved(
        Schema.TRADES, trade(ts_recv=late, publisher=FINN), mappings=[mapping("NVDA", 7, days)]
    )

    (row,) = read(path)["equity_trades"]

    assert (row["session_date"], row["traded_at"].day) == (date(2025, 2, 21), 20)


def test_a_change_of_the_national_quote_is_a_quote_and_a_print_beside_it_a_print(
    saved: Any,
) -> None:
    path = saved(
        Schema.CMBP_1,
        top(dbn.CMBP1Msg, rtype=0xB1, action=Action.ADD, publisher=94),
        top(dbn.CMBP1Msg, 2**63 - 1, 0, rtype=0xB1, action=Action.CANCEL, publisher=94),
        top(dbn.CMBP1Msg, rtype=0xB1, action=Action.TRADE, publisher=ALL_NASDAQ),
        dataset="EQUS.ALL",
    )

    rows = read(path)

    first, second = rows["equity_quotes"]
    names = ("bid", "ask", "bid_size", "ask_size", "bid_venue", "ask_venue", "place")
    assert [first[name] for name in names] == [
        Decimal("0.23"), Decimal("0.25"), 10, 20, "ARCO", "SPHR", 1
    ]  # fmt: skip
    assert first["quoted_at"] == first["known_at"] == KNOWN_AT
    assert [second[name] for name in names] == [None] * 4 + ["ARCO", "SPHR", 2]
    assert [row["venue"] for row in rows["equity_trades"]] == ["XNAS"]


def test_an_interval_s_quote_stands_from_its_end_on(saved: Any) -> None:
    path = saved(
        Schema.CBBO_1S, top(dbn.CBBOMsg, rtype=0xC0, publisher=94, ts_recv=IN + MINUTE),
        dataset="EQUS.SIP",
    )  # fmt: skip

    (row,) = read(path)["equity_quotes"]

    assert (row["quoted_at"] - KNOWN_AT).total_seconds() == 60


def test_the_quotes_of_a_venue_are_left_out_and_its_prints_are_not(saved: Any) -> None:
    path = saved(
        Schema.MBP_1,
        top(dbn.MBP1Msg, publisher=NASDAQ, action=Action.ADD),
        top(dbn.MBP1Msg, publisher=NASDAQ, action=Action.TRADE),
    )

    rows = read(path)

    assert {name: len(own) for name, own in rows.items()} == {"equity_trades": 1}


def test_sampled_quotes_of_a_venue_are_refused(saved: Any) -> None:
    path = saved(Schema.CBBO_1M, top(dbn.CBBOMsg, rtype=0xC1), dataset="DBEQ.BASIC")

    with pytest.raises(FeedError, match=r"the quotes of DBEQ\.BASIC are not national; fetch"):
        read(path)


def test_options_and_bars_are_refused(saved: Any) -> None:
    with pytest.raises(FeedError, match=r"it is of OPRA\.PILLAR, not of one of EQUS\.ALL, "):
        read(saved(Schema.TRADES, trade(), dataset="OPRA.PILLAR"))
    with pytest.raises(FeedError, match="its schema is mbo; fetch one of trades, tbbo, "):
        read(saved(Schema.MBO))


def test_a_price_that_is_none_and_a_stock_that_nobody_names_are_set_aside(
    saved: Any, tmp_path: Path
) -> None:
    path = saved(
        Schema.TRADES, trade(publisher=FINN), trade(publisher=FINN, price=2**63 - 1),
        trade(publisher=FINN, price=-CENT), trade(9, publisher=FINN),
    )  # fmt: skip

    with knowing_sessions(SPAN, tmp_path / "store") as store:
        (loaded,) = load_files(store, NAME, path)

    assert (loaded.n_rows, loaded.reasons) == (
        1,
        {
            "equity_trades: price is missing": 1,
            "equity_trades: not price > 0": 1,
            "equity_trades: symbol is missing": 1,
        },
    )


def test_an_instrument_of_two_stocks_on_one_day_is_refused(saved: Any) -> None:
    path = saved(Schema.TRADES, trade(), mappings=[mapping("NVDA", 7), mapping("AMD", 7)])

    with pytest.raises(FeedError, match="an instrument has two symbols on one day"):
        read(path)


@pytest.mark.real
def test_every_captured_file_is_read_to_its_last_record(real: Path, tmp_path: Path) -> None:
    folder = real / "equity_databento_samples"
    span = Span(datetime(2023, 3, 1, tzinfo=UTC), datetime(2023, 4, 1, tzinfo=UTC))

    with knowing_sessions(span, tmp_path / "store") as store:
        loads = load_files(store, NAME, folder)
        prints = ask(store.place, "raw.equity_trades")
        quotes = ask(store.place, "raw.equity_quotes")

    assert {loaded.coverage: (loaded.n_rows, loaded.n_rejected) for loaded in loads} == {
        "test_data.mbp-1.dbn.zst": (0, 0),  # changes of its own best prices, and no print
        "test_data.tbbo.dbn.zst": (4, 0),
        "test_data.trades.dbn.zst": (4, 0),
    }
    assert quotes == []
    assert len({row["trade_id"] for row in prints}) == 4  # both files tell the same
    assert {(row["symbol"], row["venue"], row["facility"]) for row in prints} == {
        ("QQQ", "EQUS", None)
    }  # fmt: skip
    assert {row["price"] for row in prints} == {
        Decimal("307.83"), Decimal("307.80"), Decimal("307.97")
    }  # fmt: skip
