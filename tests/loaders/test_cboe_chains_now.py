"""What Cboe answers now lands in the columns of its files; a server here answers as Cboe does."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from leadline import clock
from leadline.clock import Span
from leadline.errors import FeedError
from leadline.http import Http
from leadline.load import from_files, over_network, plan
from leadline.publication import Loaded
from leadline.store import Store
from loaders import cboe_chains
from tests.sites import Answer, Asked, Site, answering
from tests.stores import ask, contracts, knowing_sessions

NAME = "cboe_chains"
MESSAGES = Path(__file__).parent / "messages"
RECORDED = (MESSAGES / "_SPX.json").read_text()
DENIED = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code>'
    "<Message>Access Denied</Message></Error>"
)
ABSENT = '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code></Error>'
BLOCKED = "<html><title>Attention Required!</title></html>"
SPAN = Span(datetime(2019, 4, 22, tzinfo=UTC), datetime(2024, 12, 1, tzinfo=UTC))


class Cboe(Site):
    """Knows the underlyings that it is given, and answers anything else as Cboe's store does."""

    def __init__(self) -> None:
        super().__init__()
        self.knows: dict[str, tuple[int, str]] = {}

    def answer(self, asked: Asked) -> Answer:
        status, text = self.knows.get(asked.name.removesuffix(".json"), (403, DENIED))
        return Answer(status, text.encode())


@pytest.fixture
def cboe(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cboe]:
    with answering(Cboe()) as cboe:
        monkeypatch.setattr(cboe_chains, "ADDRESS", f"{cboe.url}/options")
        monkeypatch.setattr(cboe_chains, "UNDERLYINGS", ("_SPX",))
        cboe.knows["_SPX"] = (200, RECORDED)
        yield cboe


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with knowing_sessions(SPAN, tmp_path / "store") as store:
        yield store


def load(store: Store, span: Span | None = None) -> list[Loaded]:
    """Load over HTTP as the command line does, which says no span."""
    with Http(
        NAME, contact=None, folder=Path(str(store.place)).parent / "http", per_second=1_000
    ) as http:
        span = span or Span(clock.BEGINNING, clock.now())
        return list(over_network(NAME, cboe_chains, store, span, http))


def by_contract(store: Store, dataset: str = "option_chains") -> dict[str, dict[str, Any]]:
    return {row["contract"]: row for row in ask(store.place, f"raw.{dataset}")}


def changed(**replaced: str) -> str:
    """Return the recorded answer with another value of some keys, the first time they stand."""
    said = json.loads(RECORDED)
    for key, value in replaced.items():
        (said if key in said else said["data"])[key] = value
    return json.dumps(said)


def test_every_contract_is_a_row_of_each_dataset(cboe: Cboe, store: Store) -> None:
    (loaded,) = load(store)

    assert (loaded.coverage, loaded.n_rows, loaded.n_rejected) == ("SPX_20241120.json", 20, 0)


def test_a_row_is_what_the_answer_says(cboe: Cboe, store: Store) -> None:
    load(store)

    row = by_contract(store)["SPX241220P05900000"]

    assert {name: row[name] for name in contracts()["option_chains"].names} == {
        "calendar": "XNYS",
        "session_date": date(2024, 11, 20),
        "underlying": "SPX",
        "contract": "SPX241220P05900000",
        "expiration": date(2024, 12, 20),
        "strike": Decimal(5_900),
        "put_call": "put",
        "currency": "USD",
        "bid": Decimal(91),
        "ask": Decimal("91.8"),
        "last": Decimal("91.4"),
        "mid": None,
        "mark": None,
        "volume": 1_873,
        "iv": 0.1389,
        "delta": -0.4622,
        "gamma": 0.0018,
        "theta": None,
        "vega": None,
        "underlying_price": Decimal("5917.1099"),
    }


NOT_SAID = {"mid", "mark", "theta", "vega"}  # by a file, or in units that nobody tells


def test_an_answer_fills_the_columns_that_a_file_fills(
    cboe: Cboe, store: Store, tmp_path: Path
) -> None:
    load(store)
    with knowing_sessions(SPAN, tmp_path / "files") as files:
        path = MESSAGES / "SPX_20190426.csv"
        list(from_files(NAME, cboe_chains, files, plan(NAME, cboe_chains, [path]).files))

        for dataset in ("option_chains", "open_interest"):
            names = contracts()[dataset].names
            filled = [
                {name for row in by_contract(each, dataset).values() for name in names if row[name]}
                for each in (store, files)
            ]
            assert filled[0] == filled[1] == set(names) - NOT_SAID


def test_a_chain_is_known_when_it_arrives(cboe: Cboe, store: Store) -> None:
    before = clock.now()
    load(store)

    (known,) = {row["known_at"] for row in by_contract(store).values()}

    assert before <= known <= clock.now()


def test_open_interest_is_that_of_the_session_before_and_known_in_the_morning(
    cboe: Cboe, store: Store
) -> None:
    load(store)

    row = by_contract(store, "open_interest")["SPX241220P05900000"]

    assert (row["open_interest"], row["oi_date"]) == (41_250, date(2024, 11, 19))
    assert row["known_at"] == datetime(2024, 11, 20, 11, 30, tzinfo=UTC)


def test_open_interest_of_a_monday_is_that_of_friday(cboe: Cboe, store: Store) -> None:
    at = {"timestamp": "2024-11-18 15:00:00", "last_trade_time": "2024-11-18T09:44:59"}
    cboe.knows["_SPX"] = (200, changed(**at))

    load(store)

    days = {row["oi_date"] for row in by_contract(store, "open_interest").values()}
    assert days == {date(2024, 11, 15)}


@pytest.mark.parametrize(
    ("contract", "missing"),
    [
        ("SPXW241120P05910000", ["bid", "ask", "last", "iv"]),
        ("SPXW241120C06300000", ["bid", "last"]),
        ("SPXW241122P05922500", ["last"]),
    ],
)
def test_a_bid_ask_last_or_volatility_of_0_or_null_is_none(
    cboe: Cboe, store: Store, contract: str, missing: list[str]
) -> None:
    load(store)

    row = by_contract(store)[contract]

    assert [name for name in ("bid", "ask", "last", "iv") if row[name] is None] == missing


def test_the_noise_of_a_short_float_is_rounded_away(cboe: Cboe, store: Store) -> None:
    load(store)

    assert by_contract(store)["SPXW241220C05900000"]["last"] == Decimal("76.86")


def test_a_strike_may_end_in_a_half(cboe: Cboe, store: Store) -> None:
    load(store)

    assert by_contract(store)["SPXW241122C05922500"]["strike"] == Decimal("5922.5")


def test_the_same_answer_again_adds_nothing(cboe: Cboe, store: Store) -> None:
    load(store)

    (again,) = load(store)

    assert not again.is_new


def test_a_later_answer_adds_what_differs_as_newer_versions(cboe: Cboe, store: Store) -> None:
    load(store)
    later = RECORDED.replace('"bid":91.0,', '"bid":90.5,').replace("01:52:50", "02:07:50")
    cboe.knows["_SPX"] = (200, later)

    (loaded,) = load(store)

    bids = [
        row["bid"]
        for row in sorted(ask(store.place, "raw.option_chains"), key=lambda row: row["known_at"])
        if row["contract"] == "SPX241220P05900000"
    ]
    assert (loaded.n_rows, loaded.n_gone) == (1, 0)
    assert bids == [Decimal(91), Decimal("90.5")]


def test_the_next_sessions_answer_leaves_the_one_before_alone(cboe: Cboe, store: Store) -> None:
    load(store)
    at = {"timestamp": "2024-11-21 15:00:00", "last_trade_time": "2024-11-21T09:44:59"}
    cboe.knows["_SPX"] = (200, changed(**at))

    (loaded,) = load(store)

    assert (loaded.coverage, loaded.n_gone) == ("SPX_20241121.json", 0)


def test_each_underlying_is_asked_once_and_indices_have_an_underscore(
    cboe: Cboe, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cboe_chains, "UNDERLYINGS", ("_SPX", "SPY"))
    cboe.knows["SPY"] = (200, changed(symbol="SPY"))

    loads = load(store)

    assert cboe.names == ["_SPX.json", "SPY.json"]
    assert [loaded.coverage for loaded in loads] == ["SPX_20241120.json", "SPY_20241120.json"]


@pytest.mark.parametrize("answer", [(403, DENIED), (404, ABSENT)])
def test_an_underlying_that_cboe_does_not_know_is_named(
    cboe: Cboe, store: Store, monkeypatch: pytest.MonkeyPatch, answer: tuple[int, str]
) -> None:
    monkeypatch.setattr(cboe_chains, "UNDERLYINGS", ("SPX",))
    cboe.knows["SPX"] = answer

    with pytest.raises(FeedError) as told:
        load(store)

    what = "Cboe knows no 'SPX'; an index is written _SPX, a stock SPY"
    assert str(told.value) == f"cboe_chains: {what}"


def test_a_refusal_is_no_unknown_underlying(cboe: Cboe, store: Store) -> None:
    cboe.knows["_SPX"] = (403, BLOCKED)

    with pytest.raises(FeedError, match=r"403 Forbidden .* the source refused"):
        load(store)


def test_an_answer_that_is_cut_short_loads_nothing(cboe: Cboe, store: Store) -> None:
    cboe.knows["_SPX"] = (200, RECORDED[:700])

    with pytest.raises(FeedError, match="no JSON; "):
        load(store)

    assert by_contract(store) == {}


@pytest.mark.parametrize(
    ("timestamp", "last_trade_time", "told"),
    [
        # A Saturday shows Friday.
        ("2024-11-23 15:00:00", "2024-11-22T16:14:59", "2024-11-22, at most"),
        # Thanksgiving shows the day before it.
        ("2024-11-28 15:00:00", "2024-11-27T16:14:59", "2024-11-27, at most"),
        # Before the open a stock has traded, its options have not.
        ("2024-11-20 13:00:00", "2024-11-20T07:45:00", "2024-11-20, at most"),
        # A day on which the world trades and New York does not.
        ("2024-11-23 15:00:00", "2024-11-23T09:59:00", "2024-11-23 is no session of XNYS"),
        ("01:52:50", "2024-11-20T16:14:59", "without a moment"),
        ("2024-11-20 15:00:00", None, "without a moment"),
    ],
)
def test_an_answer_that_does_not_show_its_days_session_is_refused(
    cboe: Cboe, store: Store, timestamp: str, last_trade_time: Any, told: str
) -> None:
    cboe.knows["_SPX"] = (200, changed(timestamp=timestamp, last_trade_time=last_trade_time))

    with pytest.raises(FeedError, match=told):
        load(store)


def test_an_answer_without_contracts_takes_nothing_back(cboe: Cboe, store: Store) -> None:
    load(store)
    cboe.knows["_SPX"] = (200, changed(options=[]))  # type: ignore[arg-type]

    with pytest.raises(FeedError, match="_SPX has no contracts; try again later"):
        load(store)


def test_anothers_answer_is_refused(cboe: Cboe, store: Store) -> None:
    cboe.knows["_SPX"] = (200, changed(symbol="_NDX"))

    with pytest.raises(FeedError, match="_SPX was asked, and '_NDX' answered"):
        load(store)


def test_a_contract_that_is_no_osi_symbol_stops_the_load(cboe: Cboe, store: Store) -> None:
    cboe.knows["_SPX"] = (200, RECORDED.replace("SPX241220C00200000", "SPX 20DEC24 200 C"))

    with pytest.raises(FeedError, match="'SPX 20DEC24 200 C' is no OSI symbol; mend the loader"):
        load(store)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"options"', '"contracts"', "no 'options' in it"),
        ('"bid"', '"bit"', "no 'bid' in it"),
        ('"iv"', '"vi"', "no 'iv' in it"),
        (RECORDED, "[1, 2]", "not of a shape that it knows: '[1, 2]'"),
    ],
)
def test_an_answer_of_another_shape_loads_nothing(
    cboe: Cboe, store: Store, old: str, new: str, told: str
) -> None:
    cboe.knows["_SPX"] = (200, RECORDED.replace(old, new))

    with pytest.raises(
        FeedError, match=rf"^cboe_chains: _SPX: {re.escape(told)}.*mend the loader$"
    ):
        load(store)

    assert by_contract(store) == {}


@pytest.mark.parametrize("ago", [timedelta(days=2), timedelta(hours=1)])
def test_a_span_that_has_passed_is_refused_and_nobody_is_asked(
    cboe: Cboe, store: Store, ago: timedelta
) -> None:
    past = Span(clock.BEGINNING, clock.now() - ago)

    with pytest.raises(FeedError, match="is not the present, which is all that Cboe tells; leave"):
        load(store, past)

    assert cboe.asked == []


def test_a_span_to_come_is_refused(cboe: Cboe, store: Store) -> None:
    to_come = Span(clock.now() + timedelta(hours=1), clock.now() + timedelta(hours=2))

    with pytest.raises(FeedError, match="is not the present"):
        load(store, to_come)
