"""Databento's files land as prints, quotes, open interest and contracts."""

import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import databento_dbn as dbn
import pytest
import zstandard
from databento_dbn import Action, Schema, Side

from leadline.clock import Span
from leadline.errors import FeedError
from leadline.feed import files
from loaders import databento_options
from tests.dbn import (
    ADJUSTED,
    AT,
    CENT,
    IN,
    MINUTE,
    SPY,
    definition,
    mapping,
    message,
    stat,
    top,
    trade,
)  # fmt: skip
from tests.stores import ask, contracts, knowing_sessions, load_files

MESSAGES = Path(__file__).parent / "messages"
RECORDED = MESSAGES / "opra-pillar-20250220.trades.dbn.zst"
SPAN = Span(datetime(2025, 2, 1, tzinfo=UTC), datetime(2025, 3, 1, tzinfo=UTC))
Rows = list[dict[str, Any]]


@pytest.fixture
def saved(tmp_path: Path) -> Any:
    """Save a file packed as Databento packs it; return its path."""

    def save(said: bytes, name: str = "opra-pillar-20250220.trades.dbn.zst") -> Path:
        (tmp_path / name).write_bytes(zstandard.compress(said))
        return tmp_path / name

    return save


def read(path: Path) -> dict[str, Rows]:
    """Return the rows that a file yields, by dataset."""
    found, _ = files([path], databento_options.FEED.knows)
    said = databento_options.read(found)
    return {dataset: cast(Any, extract).rows.to_pylist() for dataset, extract in said}


@pytest.fixture(scope="module")
def prints(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """Return the recorded prints as a store holds them."""
    place = tmp_path_factory.mktemp("databento")
    with knowing_sessions(SPAN, place) as store:
        (loaded,) = load_files(store, "databento_options", RECORDED)
    assert (loaded.coverage, loaded.n_rejected) == (RECORDED.name, 0)
    return ask(place, "raw.option_trades")


def test_a_print_is_what_the_file_says(prints: Rows) -> None:
    row = min(prints, key=lambda row: row["traded_at"])

    said = {name: row[name] for name in contracts()["option_trades"].names if row[name] is not None}
    assert (len(prints), said) == (
        4,
        {
            "contract": "SPY250321C00600000",
            "venue": "23",
            "trade_id": "1740061800817657088-240000000-1-1",
            "traded_at": datetime(2025, 2, 20, 14, 30, 0, 817657, tzinfo=UTC),
            "calendar": "XNYS",
            "session_date": date(2025, 2, 20),
            "root": "SPY",
            "expiration": date(2025, 3, 21),
            "strike": Decimal(600),
            "put_call": "call",
            "price": Decimal("0.24"),
            "size": 1,
            "currency": "USD",
        },
    )
    assert row["known_at"] == datetime(2025, 2, 20, 14, 30, 0, 817866, tzinfo=UTC)


def test_prints_that_are_alike_are_counted(saved: Any) -> None:
    path = saved(message(Schema.TRADES, trade(), trade(), trade(publisher=23), trade(number=8)))

    ids = [(row["contract"], row["venue"], row["trade_id"]) for row in read(path)["option_trades"]]

    assert [(venue, said[-2:]) for _, venue, said in ids] == [
        ("22", "-1"), ("22", "-2"), ("23", "-1"), ("22", "-1"),
    ]  # fmt: skip
    assert len(set(ids)) == 4


@pytest.mark.parametrize(("said", "side"), [(Side.ASK, -1), (Side.BID, 1), (Side.NONE, None)])
def test_the_side_is_the_aggressor_s(saved: Any, said: Side, side: int | None) -> None:
    (row,) = read(saved(message(Schema.TRADES, trade(side=said))))["option_trades"]

    assert row["side"] == side


def test_an_instrument_is_what_it_was_on_its_day(saved: Any) -> None:
    friday = (date(2025, 2, 21), date(2025, 2, 22))
    day = 24 * 60 * MINUTE
    later = trade(ts_event=AT + day, ts_recv=IN + day)
    mappings = [mapping(SPY, 7), mapping(ADJUSTED, 7, friday)]

    rows = read(saved(message(Schema.TRADES, trade(), later, mappings=mappings)))["option_trades"]

    assert [row["contract"] for row in rows] == ["SPY250321C00600000", "AAPL1250321P00150500"]
    assert (rows[1]["root"], rows[1]["strike"]) == ("AAPL1", Decimal("150.5"))


def test_an_evening_is_the_next_day_s_session(saved: Any) -> None:
    evening = IN + 11 * 60 * MINUTE  # 01:30Z, 20:30 in New York
    days = (date(2025, 2, 20), date(2025, 2, 22))
    late = trade(ts_event=evening, ts_recv=evening)
    path = saved(message(Schema.TRADES, trade(), late, mappings=[mapping(SPY, 7, days)]))

    rows = read(path)["option_trades"]

    assert [row["session_date"] for row in rows] == [date(2025, 2, 20), date(2025, 2, 21)]


def test_a_consolidated_print_has_the_national_quote_before_it(saved: Any) -> None:
    said = message(Schema.TCBBO, top(dbn.CMBP1Msg, rtype=0xC2, action=Action.TRADE))

    (row,) = read(saved(said))["option_trades"]

    assert (row["bid"], row["ask"]) == (Decimal("0.23"), Decimal("0.25"))
    assert (row["bid_size"], row["ask_size"], row["venue"]) == (10, 20, "22")


def test_a_print_beside_its_venue_s_quote_has_none(saved: Any) -> None:
    said = message(Schema.TBBO, top(dbn.MBP1Msg, action=Action.TRADE))

    (row,) = read(saved(said))["option_trades"]

    assert "bid" not in row
    assert row["trade_id"] == f"{AT}-240000000-5-1"


def test_a_change_of_the_national_quote_is_a_quote(saved: Any) -> None:
    said = message(
        Schema.CMBP_1,
        top(dbn.CMBP1Msg, rtype=0xB1, action=Action.ADD),
        top(dbn.CMBP1Msg, 2**63 - 1, 0, rtype=0xB1, action=Action.CANCEL),
        top(dbn.CMBP1Msg, rtype=0xB1, action=Action.TRADE),
    )

    rows = read(saved(said))

    first, second = rows["option_quotes"]
    assert (first["bid"], first["ask"], first["ask_size"]) == (Decimal(".23"), Decimal(".25"), 20)
    assert (first["bid_venue"], first["ask_venue"]) == ("29", "61")
    assert first["quoted_at"] == datetime(2025, 2, 20, 14, 30, 0, 817657, tzinfo=UTC)
    assert first["known_at"] == datetime(2025, 2, 20, 14, 30, 0, 817866, tzinfo=UTC)
    assert {second[name] for name in ("bid", "bid_size", "ask", "ask_size")} == {None}
    assert [first["place"], second["place"]] == [1, 2]
    assert len(rows["option_trades"]) == 1


def test_of_quotes_by_venue_only_opra_s_is_national(saved: Any) -> None:
    said = message(
        Schema.MBP_1,
        top(dbn.MBP1Msg, 22 * CENT, publisher=34, action=Action.ADD),
        top(dbn.MBP1Msg, publisher=30, action=Action.ADD),
    )

    (row,) = read(saved(said))["option_quotes"]

    assert (row["bid"], row["bid_size"]) == (Decimal("0.23"), 10)


def test_a_sample_stands_at_the_end_of_its_interval(saved: Any) -> None:
    ends = IN // MINUTE * MINUTE + MINUTE
    quiet = top(dbn.CBBOMsg, 0, rtype=0xC1, ts_recv=ends, ts_event=2**64 - 1)
    said = message(Schema.CBBO_1M, top(dbn.CBBOMsg, rtype=0xC1, ts_recv=ends), quiet)

    first, second = read(saved(said))["option_quotes"]

    at = datetime(2025, 2, 20, 14, 31, tzinfo=UTC)
    assert [(row["quoted_at"], row["known_at"]) for row in (first, second)] == [(at, at)] * 2
    assert (first["bid"], second["bid"]) == (Decimal("0.23"), None)


def test_open_interest_is_that_of_the_session_before_and_there_once(
    saved: Any, tmp_path: Path
) -> None:
    other = stat(stat_type=dbn.StatType.OPENING_PRICE)
    path = saved(
        message(Schema.STATISTICS, stat(), stat(publisher=31), stat(number=8, quantity=0), other),
        "opra-pillar-20250220.statistics.dbn.zst",
    )

    with knowing_sessions(SPAN, tmp_path / "store") as store:
        (loaded,) = load_files(store, "databento_options", path)
        rows = {row["contract"]: row for row in ask(store.place, "raw.open_interest")}

    row = rows["SPY250321C00600000"]
    assert (loaded.n_rows, loaded.n_rejected) == (2, 0)
    assert (row["open_interest"], rows["AAPL1250321P00150500"]["open_interest"]) == (57_924, 0)
    assert (row["oi_date"], row["session_date"]) == (date(2025, 2, 19), date(2025, 2, 20))
    assert row["known_at"] == datetime(2025, 2, 20, 11, 30, 8, 943854, tzinfo=UTC)


def test_a_definition_is_a_contract(saved: Any) -> None:
    expires = 1742515200 * 10**9  # 2025-03-21 00:00Z
    call = definition(
        SPY, dbn.InstrumentClass.CALL, underlying="SPY", expiration=expires, currency="USD",
        strike_price=600 * 10**9,
    )  # fmt: skip
    put = definition(
        ADJUSTED, dbn.InstrumentClass.PUT, underlying="AAPL", expiration=expires,
        strike_price=150_500_000_000, contract_multiplier=150,
    )  # fmt: skip

    rows = read(saved(message(Schema.DEFINITION, call, put)))["contracts"]

    assert rows[0] | {"known_at": None} == {
        "contract": "SPY250321C00600000",
        "underlying": "SPY",
        "known_at": None,
        "expiration": date(2025, 3, 21),
        "strike": Decimal(600),
        "put_call": "call",
        "multiplier": None,
        "currency": "USD",
        "is_adjusted": None,
    }
    wanted = {"put_call": "put", "strike": Decimal("150.5"), "multiplier": 150, "is_adjusted": True}
    assert {name: rows[1][name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (message(None), "its schema is mixed; fetch one of trades, tbbo, "),
        (message(Schema.OHLCV_1D), "its schema is ohlcv-1d; fetch one of trades, tbbo, "),
        (message(Schema.TRADES, dataset="EQUS.MINI"), "it is of EQUS.MINI, not of OPRA.PILLAR; "),
        (message(Schema.TRADES, trade(), mappings=[]), "it does not say what its instruments are"),
        (
            message(Schema.TRADES, trade(), mappings=[mapping(SPY, 7), mapping(ADJUSTED, 7)]),
            "an instrument has two symbols on one day",
        ),
        (message(Schema.TRADES, trade())[:-10], "cut short or damaged; fetch it again"),
        (message(Schema.TRADES, trade())[:40], "it is no DBN file; fetch it again"),
        (b"ticker,price", "it is no DBN file; fetch it again"),
        (message(Schema.TRADES, trade(action=Action.NONE)), None),
        (
            message(Schema.STATISTICS, stat(update_action=dbn.StatUpdateAction.DELETE)),
            "update_action: '2' is none of 1; mend the loader",
        ),
    ],
)
def test_what_is_no_whole_file_of_opra_is_refused(
    saved: Any, said: bytes, told: str | None
) -> None:
    path = saved(said)

    if told is None:
        assert read(path) == {"option_trades": []}
    else:
        with pytest.raises(FeedError, match=told) as refused:
            read(path)
        assert str(refused.value).startswith(f"{path}: ")


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.99])
def test_a_file_that_is_cut_short_is_refused_wherever_that_is(tmp_path: Path, kept: float) -> None:
    whole = RECORDED.read_bytes()
    path = tmp_path / "cut.trades.dbn.zst"
    path.write_bytes(whole[: int(len(whole) * kept)])

    with pytest.raises(FeedError, match="cut short or damaged; fetch it again"):
        read(path)


def test_frames_that_follow_one_another_are_one_file(tmp_path: Path) -> None:
    said = message(Schema.TRADES, trade(), trade(number=8))
    path = tmp_path / "two.trades.dbn.zst"
    path.write_bytes(zstandard.compress(said[:-48]) + zstandard.compress(said[-48:]))

    assert len(read(path)["option_trades"]) == 2


def test_a_file_may_come_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "opra.trades.dbn"
    path.write_bytes(message(Schema.TRADES, trade()))

    assert len(read(path)["option_trades"]) == 1


def test_a_print_of_an_instrument_that_nobody_names_is_set_aside(
    saved: Any, tmp_path: Path
) -> None:
    path = saved(message(Schema.TRADES, trade(), trade(number=9)))

    with knowing_sessions(SPAN, tmp_path / "store") as store:
        (loaded,) = load_files(store, "databento_options", path)

    assert (loaded.n_rows, loaded.reasons) == (1, {"option_trades: contract is missing": 1})


def test_without_databento_s_library_one_sentence_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "databento", None)

    with pytest.raises(FeedError) as told:
        read(RECORDED)

    assert str(told.value) == (
        "databento_options: it takes Databento's own library to read DBN files; "
        "pip install 'leadline[databento]'"
    )


def test_bars_in_a_folder_are_passed_over(tmp_path: Path) -> None:
    names = ["opra-pillar-20250220.trades.dbn.zst", "x.cbbo-1m.dbn.zst", "definition-opra.dbn.zst"]

    assert [databento_options.FEED.knows(name) for name in names] == [True, True, True]
    assert not databento_options.FEED.knows("opra-pillar-20250220.ohlcv-1d.dbn.zst")


@pytest.mark.real
def test_every_captured_file_is_read_to_its_last_record(real: Path, tmp_path: Path) -> None:
    folder = real / "options_opra_databento"
    span = Span(datetime(2023, 7, 1, tzinfo=UTC), datetime(2025, 3, 1, tzinfo=UTC))

    with knowing_sessions(span, tmp_path / "store") as store:
        loads = load_files(store, "databento_options", folder)
        held = {name: ask(store.place, f"raw.{name}") for name in databento_options.FEED.writes}

    counted = {loaded.coverage: (loaded.n_rows, loaded.n_rejected) for loaded in loads}
    assert counted == {
        "definition-opra.dbn.zst": (2, 0),  # under 13,492 mapped symbols
        "test_data.cbbo-1m.dbn.zst": (4, 0),
        "test_data.cbbo-1s.dbn.zst": (4, 0),
        "test_data.definition.dbn.zst": (1, 0),
        "test_data.mbp-1.dbn.zst": (1, 0),  # three of the four are of a venue
        "test_data.statistics.dbn.zst": (1, 0),  # four venues say the same
        "test_data.tbbo.dbn.zst": (4, 0),
        "test_data.trades.dbn.zst": (4, 0),
    }
    assert {row["trade_id"] for row in held["option_trades"]} == {
        "1740061800817657088-240000000-1-1", "1740061801631777024-200000000-2-1",
        "1740061801644682240-190000000-1-1", "1740061801745517312-190000000-4-1",
    }  # fmt: skip
    assert [row["open_interest"] for row in held["open_interest"]] == [57_924]
    assert {row["contract"] for row in held["contracts"]} == {
        "SPY240119P00340000", "SPY240119P00370000", "AAPL250221C00250000",
    }  # fmt: skip
    asks = sorted(row["ask"] for row in held["option_quotes"] if row["ask"])
    assert asks == [Decimal(cents) / 100 for cents in (21, 24, 25, 34, 36, 45)]
