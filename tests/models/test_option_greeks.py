"""The rule book's numbers of A4: prices, greeks, what early exercise is worth, and each status."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from math import exp
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import QuantLib as ql

from leadline.feed import Row
from leadline.publication import Publication
from models import option_greeks
from models.option_greeks import Solver
from tests.doors import ROOT
from tests.stores import ask, contracts, opened

NOW = datetime(2024, 3, 1, 21, 30, tzinfo=UTC)
SOLVER = Solver()
LIFE = 3_650
# Strike and years; Black's volatility of an American put whose own is 0.25; rule book A4.
PITFALLS = [(110, 0.5, 0.2725), (120, 0.5, 0.3095), (110, 1.0, 0.2771), (100, 0.25, 0.2553)]
PAID = [{"years": 30 / 365, "amount_usd": 1.0}, {"years": 120 / 365, "amount_usd": 1.0}]


def line(**given: Any) -> dict[str, Any]:
    """A row of the input: at the money, a quarter of a year, 5 %, as the rule book has it."""
    said: dict[str, Any] = {
        "session_date": date(2024, 3, 1), "contract": "XYZ240531C00100000", "known_at": NOW,
        "put_call": "call", "exercise_style": "european", "strike": 100.0, "years": 0.25,
        "mid": 4.614997, "spot": 100.0, "rate": 0.05, "forward_source": "spot",
        "rate_source": "default", "dividend_yield": 0.0, "dividends": None, "iv_status": None,
        "model": "black",
    } | given  # fmt: skip
    rate, years = said["rate"], said["years"]
    paid = sum(each["amount_usd"] * exp(-rate * each["years"]) for each in said["dividends"] or ())
    return {"forward": (said["spot"] - paid) * exp(rate * years)} | said


def solved(**given: Any) -> Row:
    return option_greeks.row(SOLVER, line(**given))


def american(
    engine: Callable[[Any], Any],
    put_call: str,
    strike: float,
    years: float,
    paid: Sequence[Row] = (),
) -> Any:
    """Make an American option of volatility 0.25 at 5 %, with its life drawn out to ten years."""
    today, days, scale = ql.Date(1, 1, 2000), ql.Actual365Fixed(), years / 10
    ql.Settings.instance().evaluationDate = today
    rate, none = (
        ql.YieldTermStructureHandle(ql.FlatForward(today, scale * each, days))
        for each in (0.05, 0.0)
    )
    iv = ql.BlackConstantVol(today, ql.NullCalendar(), 0.25 * scale**0.5, days)
    process = ql.BlackScholesMertonProcess(
        ql.QuoteHandle(ql.SimpleQuote(100.0)), none, rate, ql.BlackVolTermStructureHandle(iv)
    )
    kind = {"call": ql.Option.Call, "put": ql.Option.Put}[put_call]
    option = ql.VanillaOption(
        ql.PlainVanillaPayoff(kind, strike), ql.AmericanExercise(today, today + LIFE)
    )
    off = [
        ql.FixedDividend(each["amount_usd"], today + round(LIFE * each["years"] / years))
        for each in paid
    ]
    option.setPricingEngine(
        ql.FdBlackScholesVanillaEngine(process, off, 800, 800) if off else engine(process)
    )
    return option


def tree(put_call: str, strike: float, years: float) -> Any:
    """Return an option on a Leisen-Reimer tree of 2,001 steps."""
    return american(lambda of: ql.BinomialLRVanillaEngine(of, 2_001), put_call, strike, years)


@pytest.mark.parametrize(
    ("put_call", "mid", "delta", "theta"),
    [("call", 4.614997, 0.569460, -10.47415), ("put", 3.372777, -0.430540, -5.53626)],
)
def test_the_golden_prices_give_back_their_volatility_and_greeks(
    put_call: str, mid: float, delta: float, theta: float
) -> None:
    found = solved(put_call=put_call, mid=mid)

    # The golden prices are rounded, which is worth a little less than 1e-8 of a volatility.
    assert found["iv"] == pytest.approx(0.2, abs=1e-8)
    assert found["delta"] == pytest.approx(delta, abs=1e-6)
    assert found["gamma"] == pytest.approx(0.0392880, abs=1e-7)
    assert found["vega"] == pytest.approx(19.6440, abs=1e-4)
    assert found["theta"] == pytest.approx(theta, abs=1e-5)
    assert (found["iv_status"], found["model"]) == ("ok", "black")


@pytest.mark.parametrize(
    ("strike", "iv"),
    [(100, 0.011), (100, 0.2), (50, 0.8), (50, 4.9), (90, 0.2), (130, 0.3), (130, 4.9)],
)
def test_black_is_inverted_within_1e_8(strike: float, iv: float) -> None:
    put_call, kind = ("put", ql.Option.Put) if strike < 100 else ("call", ql.Option.Call)
    payoff, rate = ql.PlainVanillaPayoff(kind, strike), 0.05 * 0.25
    black = ql.BlackCalculator(payoff, 100 * exp(rate), iv / 2, exp(-rate))

    found = solved(put_call=put_call, strike=float(strike), mid=black.value())

    assert found["iv"] == pytest.approx(iv, abs=1e-8)


@pytest.mark.parametrize(("strike", "years", "overstated"), PITFALLS)
def test_black_overstates_an_american_put_and_ours_does_not(
    strike: float, years: float, overstated: float
) -> None:
    put = {"put_call": "put", "strike": float(strike), "years": years}
    mid = tree("put", strike, years).NPV()

    as_if_european = solved(**put, mid=mid)
    ours = solved(**put, mid=mid, model="qd_fp")

    assert round(as_if_european["iv"], 4) == overstated
    assert ours["iv"] == pytest.approx(0.25, abs=1e-4)
    assert (ours["iv_status"], ours["model"]) == ("ok", "qd_fp")


def test_greeks_of_an_american_put_are_those_of_a_tree() -> None:
    crr = american(lambda of: ql.BinomialCRRVanillaEngine(of, 2_001), "put", 110, 0.5)

    found = solved(put_call="put", strike=110.0, years=0.5, mid=crr.NPV(), model="qd_fp")

    scale = 10 / 0.5
    assert found["delta"] == pytest.approx(crr.delta(), abs=1e-3)
    assert found["gamma"] == pytest.approx(crr.gamma(), rel=5e-3)
    assert found["theta"] == pytest.approx(crr.theta() * scale, rel=5e-3)


@pytest.mark.parametrize(("put_call", "strike"), [("put", 110.0), ("call", 90.0), ("call", 100.0)])
def test_dividends_fall_on_their_days(put_call: str, strike: float) -> None:
    fine = american(lambda of: None, put_call, strike, 0.5, PAID)
    given = {"put_call": put_call, "strike": strike, "years": 0.5, "dividends": PAID}

    ours = solved(**given, mid=fine.NPV(), model="fd")

    assert ours["iv"] == pytest.approx(0.25, abs=6e-4)
    assert ours["delta"] == pytest.approx(fine.delta(), abs=2e-3)
    assert ours["gamma"] == pytest.approx(fine.gamma(), rel=0.1)
    assert (ours["iv_status"], ours["model"]) == ("ok", "fd")


def test_a_call_is_worth_exercising_before_a_dividend() -> None:
    mid = american(lambda of: None, "call", 80.0, 0.5, PAID).NPV()
    given = {"put_call": "call", "strike": 80.0, "years": 0.5, "dividends": PAID, "mid": mid}

    assert solved(**given)["iv"] > 0.26
    assert solved(**given, model="fd")["iv"] == pytest.approx(0.25, abs=2e-3)


@pytest.mark.parametrize(
    "status", ["below_intrinsic", "above_bound", "no_bid", "wide", "too_short"]
)
def test_a_quote_that_tells_nothing_has_no_volatility_and_says_why(status: str) -> None:
    found = solved(iv_status=status, mid=None)

    assert found["iv_status"] == status
    assert found.keys().isdisjoint({"iv", "delta", "gamma", "vega", "theta"})


@pytest.mark.parametrize("model", ["black", "qd_fp", "fd"])
@pytest.mark.parametrize("mid", [9.000001, 99.9])
def test_a_price_beyond_every_volatility_does_not_converge(model: str, mid: float) -> None:
    found = solved(put_call="put", strike=110.0, mid=mid, model=model, dividends=PAID[:1])

    assert found["iv_status"] == "no_converge"
    assert found.get("iv") is None


def test_the_life_of_an_option_is_told_to_the_second() -> None:
    hour = 3_600 / 31_536_000
    short, shorter = (solved(years=years, mid=0.1, rate=0.0) for years in (hour, hour - 1e-7))

    assert short["iv"] < shorter["iv"]
    assert short["iv"] == pytest.approx(shorter["iv"], rel=1e-3)


def test_every_row_is_stored_as_its_contract_wants_it(tmp_path: Path) -> None:
    lines = [
        line(contract="a"),
        line(contract="b", iv_status="wide"),
        line(contract="c", put_call="put", mid=3.6, model="qd_fp"),
        line(contract="d", put_call="put", mid=4.2, model="fd", dividends=PAID[:1]),
    ]
    own = Publication(
        "option_greeks", "2024-03-01", option_greeks.MODEL.writes,
        option_greeks.compute(pa.Table.from_pylist(lines)), "a test", "digest",
    )  # fmt: skip

    with opened(tmp_path / "store", contracts()) as store:
        loaded = store.load(own)

    found = {row["contract"]: row for row in ask(tmp_path / "store", "raw.option_greeks")}
    assert (loaded.n_rows, loaded.n_rejected, dict(loaded.reasons)) == (4, 0, {})
    assert {name: row["model"] for name, row in found.items()} == {
        "a": "black", "b": "black", "c": "qd_fp", "d": "fd",
    }  # fmt: skip
    assert (found["b"]["iv"], found["b"]["iv_status"]) == (None, "wide")
    assert {row["snapshot_at"] for row in found.values()} == {NOW}


def test_the_library_is_imported_only_to_compute() -> None:
    said = "import sys, models.option_greeks; sys.exit('QuantLib' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", said], cwd=ROOT).returncode == 0
