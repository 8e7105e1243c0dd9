"""The page of options flow: what passes its filters, what a row opens, what its charts are of."""

import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from panel_app.answers import Answers
from panel_app.asked import flow as sql
from panel_app.dashboard import found
from panel_app.desk import Asked, Desk
from panel_app.paced import Paced
from panel_app.pages import flow
from tests import founding
from tests.dashboards import answering, laid, shown
from tests.doors import opened

DAY, BEFORE, AFTER = date(2025, 11, 18), date(2025, 11, 17), date(2025, 11, 19)
AT = founding.AT
NOW = datetime(2025, 11, 19, 15, tzinfo=UTC)
ORDERS: dict[str, dict[str, Any]] = {
    "sweep": {},
    "golden": {"premium_usd": 1_200_000, "underlying": "MSFT", "dte": 0, "otm_pct": 0},
    "put": {"put_call": "put", "direction": "bear", "vol_oi_ratio": 2.5},
    "block": {"parent_kind": "block", "dte": 400, "direction": None, "price_bucket": "mid"},
    "floor": {"parent_kind": "single", "opt_trade_class": "floor", "price_bucket": "at_bid"},
    "package": {
        "parent_kind": "package", "put_call": None, "premium_usd": None, "legs_premium_usd": 3e6,
        "vol_oi_ratio": None, "otm_pct": None, "contract": None, "direction": "neutral",
        "price_bucket": None, "legs": [{"contract": "L1"}, {"contract": "L2"}],
        "open_interest": None, "size": 900,
    },
    "opening": {"size": 800, "open_interest": 500},
}  # fmt: skip
ORDER = {
    "underlying": "AAPL", "direction": "bull", "contract": "C", "dte": 31, "parent_kind": "sweep",
    "price_bucket": "at_ask", "size": 100, "price": 5.0, "premium_usd": 150_000.0,
    "underlying_price": 178.0, "otm_pct": 3.0, "volume": 300.0, "open_interest": 1_000.0,
    "vol_oi_ratio": 0.3, "iv": 0.3, "delta": 0.4, "session_date": DAY, "happened_at": AT,
    "expiration": date(2025, 12, 19), "strike": 180.0, "put_call": "call", "package_type": None,
    "opt_trade_class": None, "n_exchanges": 3, "n_prints": 3, "legs_premium_usd": None,
    "legs": None,
}  # fmt: skip


def chain(day: date, strike: int, put_call: str, known_at: datetime) -> Mapping[str, Any]:
    letter = put_call[0].upper()
    return {
        "calendar": "XNYS", "session_date": day, "underlying": "AAPL",
        "contract": f"AAPL251219{letter}{strike:05}000", "expiration": date(2025, 12, 19),
        "strike": strike, "put_call": put_call, "currency": "USD", "bid": 4.9, "ask": 5.1,
        "volume": 400, "iv": 0.3, "delta": 0.4, "gamma": 0.02, "underlying_price": 178,
        "known_at": known_at,
    }  # fmt: skip


def interest(contract: str, of: date, told: date, n: int) -> Mapping[str, Any]:
    known_at = datetime(told.year, told.month, told.day, 11, 30, tzinfo=UTC)
    return {"contract": contract, "calendar": "XNYS", "oi_date": of, "session_date": told,
            "open_interest": n, "known_at": known_at}  # fmt: skip


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answers]:
    place = tmp_path_factory.mktemp("flow") / "store"
    evening = datetime(2025, 11, 18, 21, 30, tzinfo=UTC)
    chains = [
        chain(day, strike, put_call, evening - (DAY - day))
        for day in (DAY, BEFORE)
        for strike in (160, 170, 175, 180, 190)
        for put_call in ("call", "put")
    ]
    contracts = sorted({row["contract"] for row in chains})
    call = "AAPL251219C00180000"
    mornings = [interest(each, date(2025, 11, 14), BEFORE, 900) for each in contracts]
    mornings += [interest(each, BEFORE, DAY, 1_000) for each in contracts]
    mornings.append(interest(call, DAY, AFTER, 1_300))
    golden = {
        **founding.options()[0], "contract": "MSFT251118C00500000", "root": "MSFT",
        "expiration": DAY, "strike": 500, "price": 60.0, "bid": 59.0, "ask": 60.0, "venue": "C",
        "trade_id": "9", "sequence": 9, "condition": "I", "underlying_price": 510.0,
        "traded_at": AT + timedelta(minutes=5), "known_at": AT + timedelta(minutes=5),
    }  # fmt: skip
    with opened(place) as store:
        founding.rules(store)
        founding.together(store, "names", securities=founding.names())
        founding.together(store, founding.OPRA, option_trades=[*founding.options(), golden])
        founding.together(store, "chains", option_chains=chains, open_interest=mornings)
    with answering(place, NOW) as opening:
        yield opening
    shutil.rmtree(place)


@pytest.fixture(scope="module")
def views() -> Iterator[duckdb.DuckDBPyConnection]:
    """Orders of each kind, and names, where the page looks for them."""
    rows = [{**ORDER, "parent_id": name, **given} for name, given in ORDERS.items()]
    with duckdb.connect() as con:
        con.execute("create schema reports")
        con.register("orders", pa.Table.from_pylist(rows))
        con.execute("create table reports.option_flow as from orders")
        con.execute("create table reports.symbols as select unnest(['AAPL', 'MSFT']) as symbol")
        yield con


def rows(views: duckdb.DuckDBPyConnection, asked: str, **said: str) -> list[dict[str, Any]]:
    settings = found()["flow"].settings({"of": "AAPL", **said})
    nobody: Any = None  # what is filled in is asked of nobody here
    query = Desk(nobody, settings).filled(Asked(asked), sort=settings["sort"])
    assert settings.faults == {}
    found_rows = views.sql(query.sql, params=dict(query.binds)).to_arrow_table()
    return list(found_rows.to_pylist())


@pytest.mark.parametrize(
    ("said", "passes"),
    [
        ({}, set(ORDERS)),
        ({"symbol": "MSFT"}, {"golden"}),
        ({"symbols": "-MSFT"}, set(ORDERS) - {"golden"}),
        ({"symbols": "MSFT, TSLA"}, {"golden"}),
        ({"put_call": "put"}, {"put"}),
        ({"premium": "1M"}, {"golden", "package"}),
        ({"dte": "100"}, {"block"}),
        ({"dte_to": "0"}, {"golden"}),
        ({"otm": "2"}, set(ORDERS) - {"golden", "package"}),
        ({"vol_oi": "1"}, {"put"}),
        ({"side": "bear"}, {"put"}),
        ({"side": "ask"}, {"sweep", "golden", "put", "opening"}),
        ({"side": "bid"}, {"floor"}),
        ({"block": "1"}, {"block"}),
        ({"floor": "1", "block": "1"}, {"block", "floor"}),
        ({"sweep": "1", "premium": "1M"}, {"golden"}),
        ({"multi": "only"}, {"package"}),
        ({"multi": "no"}, set(ORDERS) - {"package"}),
        ({"opening": "1"}, {"opening"}),
        ({"sort": "-premium_usd"}, set(ORDERS)),
    ],
)
def test_each_filter_lets_its_own_through(
    views: duckdb.DuckDBPyConnection, said: dict[str, str], passes: set[str]
) -> None:
    assert {row["parent_id"] for row in rows(views, sql.TAPE, **said)} == passes


def test_every_preset_sets_what_the_page_has_and_lets_something_through(
    views: duckdb.DuckDBPyConnection,
) -> None:
    passing = {
        name: {row["parent_id"] for row in rows(views, sql.TAPE, **sets)}
        for name, sets in flow.PRESETS.items()
    }

    assert passing == {
        "Golden sweeps": {"golden"}, "0DTE": {"golden"}, "Floor blocks": {"floor"},
        "LEAPS": {"block"}, "Vol > OI": {"put"}, "Opening": {"opening"},
    }  # fmt: skip


def test_a_package_opens_all_of_its_contracts(views: duckdb.DuckDBPyConnection) -> None:
    (package,) = rows(views, sql.TAPE, multi="only")

    assert (package["contracts"], package["n_legs"]) == ("L1,L2", 2)


def test_a_name_that_nobody_knows_is_told_with_the_nearest(
    views: duckdb.DuckDBPyConnection,
) -> None:
    told = rows(views, sql.UNKNOWN, symbol="AAPK", symbols="MSFT, -TSLA, DERIBIT:BTC-USD")

    assert [row["asked"] for row in told] == ["AAPK", "TSLA"]
    assert told[0]["nearest"] == "AAPL"


def test_what_can_not_be_set_is_told_and_changes_nothing() -> None:
    said = {"expiration": "soon", "premium": "much", "dte": "-1"}

    assert found()["flow"].settings(said).faults == {
        "expiration": "expiration: 'soon' is no day; write it as 2024-03-15; shown is all",
        "premium": "premium: 'much' is no number; write it as 250000 or 250k; shown is all",
        "dte": "dte: '-1' is below 0; shown is all",
    }


OPENED = {
    "last": "5d", "symbols": "-MSFT", "parent": "AAPL251219C00180000|CBOE:1",
    "contracts": "AAPL251219C00180000", "expiration": "2025-12-19",
}  # fmt: skip


@pytest.fixture(scope="module")
def page(answers: Answers) -> Desk:
    """The page with its sweep opened, its cheaper panels asked."""
    desk = found()["flow"].desk(Paced(answers), OPENED)
    found()["flow"].lay(desk)
    for name in ("tape", "days", "names", "premium"):
        asked, part = desk.panels[name]
        part.take(desk.ask(asked))
    return desk


def test_the_tape_tells_the_order_and_leads_on(page: Desk) -> None:
    said = shown(page, "tape")

    assert "sweep ×3" in said
    assert "<b>180 call</b>" in said
    assert "$150k" in said
    assert "/smart-money/dashboard/symbol?symbol=AAPL" in said
    assert "MSFT" not in said
    assert "&quot;of&quot;: &quot;AAPL&quot;" in said


def test_the_next_morning_says_what_became_of_the_contract(page: Desk) -> None:
    days = shown(page, "days")

    assert "opened" in days
    assert "+300" in days


def test_charts_are_of_the_largest_name_that_is_let_through(page: Desk) -> None:
    premium = shown(page, "premium")

    assert '<b class="named">AAPL</b>' in premium
    assert page.settings["of"] == "AAPL"  # as the first of the names
    assert "net call <b>$150k</b>" in premium
    assert "net put <b>$20k</b>" in premium


@pytest.mark.soak
def test_every_panel_answers(answers: Answers) -> None:
    desk = laid(answers, "flow", **OPENED)

    assert shown(desk, "prints").count("<tr data-key") == 3
    assert "expiration <b>2025-12-19</b>" in shown(desk, "strikes")
    assert "max pain <b>175</b>" in shown(desk, "strikes")
    assert "2025-12-19" in shown(desk, "expirations")
    assert "dealers long calls, short puts" in shown(desk, "gamma")
    assert "AAPL251219C00180000" in shown(desk, "movers")
    assert founding.OPRA in shown(desk, "quality")
    assert "Nothing that looked like an opening trade" in shown(desk, "rates")
