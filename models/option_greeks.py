"""Implied volatilities and greeks of option chains, solved by QuantLib; rule book A4.

Where early exercise is worth nothing the price is Black's formula of the forward. Else it is that
of Andersen, Lake and Offengenden (qd_fp), which binomial trees of thousands of steps come near to,
and with dividends to be paid a grid of finite differences (fd), which sees each ex-date. The unit
of money is a contract's strike, and of time its life: so one option of the library, made once,
stands for all of them, to the second.
"""

from collections.abc import Callable, Iterator
from math import exp, sqrt
from typing import Any, NamedTuple

import pyarrow as pa

from leadline.feed import Batch, Row
from leadline.model import Model

MODEL = Model(
    reads="features.option_iv_inputs",
    writes=("option_greeks",),
    library="QuantLib",
    extra="greeks",
)

LOWEST, HIGHEST = 0.01, 5.0  # rule book A4: what is outside says nothing
CLOSE = 1e-9  # how near a price comes to the mid, in parts of the strike
COARSELY_CLOSE = 1e-7  # on a grid that is itself some 1e-5 off
LIFE_DAYS = 3_650  # of the option that stands for all; a dividend falls on a whole day of it
LIFE = LIFE_DAYS / 365
GRID = (50, 100)  # steps in time and price: half a cent off at most, of a strike of 100
BUMP = 1e-3  # of a spot or a volatility, for differences
DIGITS = 10  # so that the last bit of another machine makes no new version
PASSED_ON = (
    "session_date", "contract", "known_at", "model", "mid", "years", "spot", "forward",
    "forward_source", "rate", "rate_source", "dividend_yield",
)  # fmt: skip


class Greeks(NamedTuple):
    """What a solved contract is worth and how that changes; theta a year, vega per 1.00."""

    iv: float
    delta: float
    gamma: float
    vega: float
    theta: float


class Unsolved(Exception):
    """No volatility from the lowest to the highest gives the price."""


def compute(given: pa.Table) -> Iterator[Batch]:
    """Yield a row for each contract and snapshot; those that say why there is no iv have none."""
    solver = Solver()
    yield "option_greeks", [row(solver, line) for line in given.to_pylist()]


def row(solver: "Solver", line: Row) -> Row:
    """Solve one contract, if its quote can be solved for."""
    found: dict[str, Any] = {name: line[name] for name in PASSED_ON}
    found |= {"snapshot_at": line["known_at"], "iv_status": line["iv_status"] or "ok"}
    if found["iv_status"] != "ok":
        return found
    try:
        greeks = solver.european(line) if line["model"] == "black" else solver.american(line)
    except Unsolved:
        return found | {"iv_status": "no_converge"}
    return found | {name: round(value, DIGITS) for name, value in greeks._asdict().items()}


class Solver:
    """Options of QuantLib, made once; each contract puts its own numbers in."""

    def __init__(self) -> None:
        import QuantLib as ql  # an extra; whoever only asks the store never needs it

        self._ql = ql
        self._today = ql.Date(1, 1, 2000)
        ql.Settings.instance().evaluationDate = self._today
        self._spot, self._iv, self._rate = (ql.SimpleQuote(start) for start in (1.0, 0.2, 0.0))
        days = ql.Actual365Fixed()
        self._process = ql.BlackScholesMertonProcess(
            ql.QuoteHandle(self._spot),
            ql.YieldTermStructureHandle(ql.FlatForward(self._today, 0.0, days)),
            ql.YieldTermStructureHandle(
                ql.FlatForward(self._today, ql.QuoteHandle(self._rate), days)
            ),
            ql.BlackVolTermStructureHandle(
                ql.BlackConstantVol(self._today, ql.NullCalendar(), ql.QuoteHandle(self._iv), days)
            ),
        )
        self._engine = ql.QdFpAmericanEngine(self._process, ql.QdFpAmericanEngine.fastScheme())
        self._types = {"call": ql.Option.Call, "put": ql.Option.Put}
        exercise = ql.AmericanExercise(self._today, self._today + LIFE_DAYS)
        self._options = {
            name: ql.VanillaOption(ql.PlainVanillaPayoff(kind, 1.0), exercise)
            for name, kind in self._types.items()
        }

    def european(self, line: Row) -> Greeks:
        """Invert Black's formula of the forward."""
        calculator, iv = self._black(line)
        spot, years = line["spot"], line["years"]
        if abs(calculator.value() - line["mid"]) > CLOSE * line["strike"]:
            raise Unsolved
        return Greeks(
            iv, calculator.delta(spot), calculator.gamma(spot),
            calculator.vega(years), calculator.theta(spot, years),
        )  # fmt: skip

    def american(self, line: Row) -> Greeks:
        """Invert the price of an option that may be exercised early."""
        try:
            held = self._held(line)
            if line["model"] == "qd_fp":
                return held
            # As if the dividends were paid at once: near to it, and quick.
            return self._paying(line, held)
        except RuntimeError as error:  # the library's own, of numbers that it can't price
            raise Unsolved from error

    def _held(self, line: Row) -> Greeks:
        """Solve for the spot without what is paid until the settlement."""
        strike, years, rate = line["strike"], line["years"], line["rate"]
        spot = line["forward"] * exp(-rate * years) / strike
        price = self._price(line, spot, self._engine)
        iv = self._solved(price, line, *self._start(line), CLOSE)
        value, up, down = price(iv), price(iv, spot * (1 + BUMP)), price(iv, spot * (1 - BUMP))
        delta = (up - down) / (2 * BUMP * spot)
        gamma = (up - 2 * value + down) / (BUMP * spot) ** 2
        vega = (price(iv * (1 + BUMP)) - price(iv * (1 - BUMP))) / (2 * BUMP * iv)
        theta = _theta(iv, value, delta, gamma, spot, rate)
        return Greeks(iv, delta, gamma / strike, vega * strike, theta * strike)

    def _paying(self, line: Row, held: Greeks) -> Greeks:
        """Solve with each dividend on its day."""
        ql, strike = self._ql, line["strike"]
        paid = [
            ql.FixedDividend(each["amount_usd"] / strike, self._today + _day_of(each, line))
            for each in line["dividends"]
        ]
        engine = ql.FdBlackScholesVanillaEngine(self._process, paid, *GRID)
        spot = line["spot"] / strike
        price = self._price(line, spot, engine)
        iv = self._solved(price, line, held.iv, held.vega / strike, COARSELY_CLOSE)
        vega = (price(iv * (1 + BUMP)) - price(iv)) / (BUMP * iv)
        value, option = price(iv), self._options[line["put_call"]]
        delta, gamma = option.delta(), option.gamma()
        theta = _theta(iv, value, delta, gamma, spot, line["rate"])
        return Greeks(iv, delta, gamma / strike, vega * strike, theta * strike)

    def _price(self, line: Row, spot: float, engine: Any) -> Callable[..., float]:
        """Return the price in strikes as a function of the volatility, and of another spot."""
        option, years = self._options[line["put_call"]], line["years"]
        option.setPricingEngine(engine)
        self._rate.setValue(line["rate"] * years / LIFE)
        root = sqrt(years / LIFE)

        def price(iv: float, spot: float = spot) -> float:
            self._spot.setValue(spot)
            self._iv.setValue(iv * root)
            return float(option.NPV())

        return price

    def _solved(
        self, price: Callable[..., float], line: Row, at: float, slope: float, close: float
    ) -> float:
        """Follow the slope, then the chord; where that leads away, look everywhere."""
        target = line["mid"] / line["strike"]
        miss = price(at) - target
        for _ in range(8):
            if abs(miss) < close:
                return at
            there = at - miss / slope if slope > 0 else 0
            if not LOWEST <= there <= HIGHEST:
                break
            before, at, missed, miss = at, there, miss, price(there) - target
            slope = (miss - missed) / (at - before) if at != before else 0
        if (price(LOWEST) - target) * (price(HIGHEST) - target) > 0:
            raise Unsolved
        return float(
            self._ql.Brent().solve(lambda iv: price(iv) - target, close, 0.3, LOWEST, HIGHEST)
        )

    def _start(self, line: Row) -> tuple[float, float]:
        """Return where Black's formula would be, and its slope there in strikes."""
        try:
            calculator, iv = self._black(line)
        except Unsolved:
            return 0.3, 0.0
        return iv, calculator.vega(line["years"]) / line["strike"]

    def _black(self, line: Row) -> tuple[Any, float]:
        """Return Black's formula at the volatility that gives the mid, and that volatility."""
        ql, forward, strike = self._ql, line["forward"], line["strike"]
        kind, root = self._types[line["put_call"]], sqrt(line["years"])
        discount = exp(-line["rate"] * line["years"])
        try:
            deviation = ql.blackFormulaImpliedStdDevLiRS(
                kind, strike, forward, line["mid"], discount, 0.0, ql.nullDouble(), 1.0, 1e-12
            )
        except RuntimeError as error:
            raise Unsolved from error
        if not LOWEST <= deviation / root <= HIGHEST:
            raise Unsolved
        payoff = ql.PlainVanillaPayoff(kind, strike)
        return ql.BlackCalculator(payoff, forward, deviation, discount), deviation / root


def _theta(iv: float, value: float, delta: float, gamma: float, spot: float, rate: float) -> float:
    """Return the change a year: while held, an option obeys the equation of Black and Scholes."""
    return rate * (value - spot * delta) - (iv * spot) ** 2 * gamma / 2


def _day_of(dividend: Row, line: Row) -> int:
    """Return the day of the standing option's life on which a dividend goes off."""
    day = round(LIFE_DAYS * float(dividend["years"]) / float(line["years"]))
    return max(1, min(day, LIFE_DAYS - 1))
