"""Options flow: the tape with what is behind each order, and how its names are positioned."""

from datetime import timedelta

import panel as pn

from panel_app.asked import flow as sql
from panel_app.controls import Choice, Control, Day, Number, Switch, Symbol, Symbols
from panel_app.desk import Desk
from panel_app.parts.layout import beside, html, stacked
from panel_app.parts.leading import Leading
from panel_app.parts.lines import Lines
from panel_app.parts.presets import presets
from panel_app.parts.strikes import Strikes
from panel_app.parts.table import Table
from panel_app.parts.tape import Tape
from panel_app.parts.unknown import Unknown

TITLE, LETTER, ORDER = "Options flow", "f", 3
LAST = "1d"

FILTERS = (
    Choice("put_call", "Calls/puts", options={"": "both", "call": "calls", "put": "puts"}),
    Number("premium", "Premium ≥", hint="250k", least=0),
    Number("dte", "DTE ≥", hint="0", least=0),
    Number("dte_to", "DTE ≤", hint="any", least=0),
    Number("otm", "OTM % ≥", hint="any", least=0),
    Number("vol_oi", "Vol/OI ≥", hint="any", least=0),
    Choice(
        "side", "Side",
        options={
            "": "any", "bull": "bullish", "bear": "bearish", "ask": "at ask", "bid": "at bid",
        },
    ),
    Switch("sweep", "Sweeps"),
    Switch("block", "Blocks"),
    Switch("floor", "Floor"),
    Choice("multi", "Multi-leg", options={"": "with", "only": "only", "no": "without"}),
    Switch("opening", "Size > OI"),
)  # fmt: skip
CONTROLS = (
    Symbol("symbol", "Symbol", hint="all"),
    Symbols("symbols", "Tickers"),
    *FILTERS,
    Control("sort", ""),
    Control("of", ""),  # the name that the charts are of, where no symbol is set
    Control("parent", ""),  # the row of the tape that is opened, and its contracts
    Control("contracts", ""),
    Day("expiration", "Expiration"),
)
PRESETS = {
    "Golden sweeps": {"sweep": "1", "premium": "1M"},
    "0DTE": {"dte_to": "0"},
    "Floor blocks": {"floor": "1", "premium": "100k"},
    "LEAPS": {"dte": "365"},
    "Vol > OI": {"vol_oi": "1"},
    "Opening": {"opening": "1"},
}
NO_FLOW = (
    "No order of 25,000 USD or more passes these filters. Press Clear, choose a longer range, or "
    "run `leadline feeds` to see who sends option trades."
)
NO_ROW = "Open a row of the tape to see its prints."
NO_DAYS = (
    "Open a row of the tape to see what became of its contract. The next morning's open interest "
    "decides; `leadline load` brings it."
)
NO_NAMES = (
    "No option traded in this range. Choose a longer one, or run `leadline feeds` to see who sends "
    "option trades."
)
NO_PREMIUM = (
    "No option of the shown name traded in this range. Open a row of the tape or of the names by "
    "premium, or choose a longer range."
)
NO_CHAIN = (
    "No option chain of the shown name. Open a row of the tape or of the names by premium, or run "
    "`leadline feeds` to see who sends chains."
)
NO_GAMMA = (
    "No gamma: expirations within 90 days count, with open interest and volatilities. Run "
    "`leadline refresh` to reckon volatilities of chains that come without."
)
NO_MOVERS = "No open interest of two sessions is loaded. Run `leadline feeds` to see who sends it."
NO_TRADES = "No option trade is loaded in this range. Run `leadline feeds` to see who sends them."
NO_RATES = "Nothing that looked like an opening trade has met its next morning yet."
SYMBOL = {"underlying": "/smart-money/dashboard/symbol?symbol={}"}
NAMED = ("symbol", "of")  # what says of which name the charts are
WEEK, MONTH = timedelta(days=7), timedelta(days=31)  # a chain before a holiday; enough mornings


def page(desk: Desk) -> pn.viewable.Viewable:
    """Lay out the tape, and below it what is behind it; every number is a column of reports.*."""
    unknown = desk.query(sql.UNKNOWN, last=MONTH, wants=("symbol", "symbols"))
    filters = [each.name for each in FILTERS]
    bar = desk.bar("symbol", "symbols", *filters)
    return stacked(
        html(presets(PRESETS, filters)),
        bar,
        desk.follow(Unknown("no dataset names such a stock"), unknown),
        desk.panel("tape", "Tape", Tape(NO_FLOW), desk.query(sql.TAPE, is_ranged=True)),
        _opened(desk),
        beside(
            stacked(_premium(desk), _strikes(desk), _gamma(desk)),
            stacked(_names(desk), _expirations(desk), _movers(desk)),
        ),
        beside(_rates(desk), _quality(desk)),
    )


def _opened(desk: Desk) -> pn.viewable.Viewable:
    prints = Table(
        NO_ROW, key=("print_id",), hidden=("print_id", "underlying"),
        labels={"traded_at": "time", "price_bucket": "filled", "opt_trade_class": "class"},
    )  # fmt: skip
    days = Table(
        NO_DAYS, key=("contract", "session_date"), signed=("d_oi", "open_ratio"),
        labels={"previous_open_interest": "OI before", "open_interest": "OI after"},
    )  # fmt: skip
    asked = desk.query(sql.PRINTS, is_ranged=True, wants=("parent",))
    since = desk.query(sql.DAYS, last=MONTH, most=12, wants=("contracts",))
    return beside(
        desk.panel("prints", "Prints of the opened row", prints, asked),
        desk.panel("days", "Its contract, and the next morning's verdict", days, since),
    )


def _premium(desk: Desk) -> pn.viewable.Viewable:
    part = Lines(("net_call_usd", "net_put_usd"), "price", "underlying", NO_PREMIUM)
    asked = desk.query(sql.PREMIUM, is_ranged=True, wants=NAMED)
    return desk.panel("premium", "Net premium through the day", part, asked)


def _names(desk: Desk) -> pn.viewable.Viewable:
    def lead(name: str) -> None:
        """Draw the name with the most premium, and stay with it, until a row sets another."""
        if not any(desk.settings[each] for each in NAMED):
            desk.hear({"set": {"of": name}})
            desk.touch.tell({"settings": {"of": name}})

    part = Leading(
        NO_NAMES, "underlying", lead, key=("underlying",), links=SYMBOL,
        signed=("net_premium_usd",), sets={"of": "underlying"},
        labels={
            "underlying": "symbol", "call_premium_usd": "calls", "put_premium_usd": "puts",
            "net_premium_usd": "net", "n_bull_sweeps": "sweeps ▲", "n_bear_sweeps": "sweeps ▼",
        },
    )  # fmt: skip
    asked = desk.query(sql.NAMES, is_ranged=True)
    return desk.panel("names", "Names by premium", part, asked)


def _strikes(desk: Desk) -> pn.viewable.Viewable:
    part = Strikes(
        {
            "open interest": ("call_open_interest", "put_open_interest"),
            "volume": ("call_volume", "put_volume"),
        },
        ("spot", "max_pain"), "underlying", NO_CHAIN, facts=("session_date",),
    )  # fmt: skip
    asked = desk.query(sql.STRIKES, last=WEEK, wants=NAMED)
    return desk.panel("strikes", "Open interest and volume by strike", part, asked)


def _expirations(desk: Desk) -> pn.viewable.Viewable:
    part = Table(
        NO_CHAIN, key=("expiration",), sets={"expiration": "expiration"},
        labels={
            "call_open_interest": "call OI", "put_open_interest": "put OI", "pcr": "P/C",
            "pcr_open_interest": "P/C OI", "call_volume": "calls", "put_volume": "puts",
            "call_strike": "most calls", "put_strike": "most puts",
        },
    )  # fmt: skip
    asked = desk.query(sql.EXPIRATIONS, last=WEEK, wants=NAMED)
    return desk.panel("expirations", "By expiration", part, asked)


def _gamma(desk: Desk) -> pn.viewable.Viewable:
    part = Strikes(
        {"to hedge for 1 %": ("gex_usd_1pct",)}, ("spot", "gamma_flip"), "underlying", NO_GAMMA,
        facts=("total_gex_usd_1pct", "call_wall", "put_wall", "sign_convention"),
    )  # fmt: skip
    asked = desk.query(sql.GAMMA, last=WEEK, wants=NAMED)
    return desk.panel("gamma", "Gamma by strike", part, asked)


def _movers(desk: Desk) -> pn.viewable.Viewable:
    part = Table(
        NO_MOVERS, key=("contract",), links=SYMBOL, signed=("d_oi", "d_oi_delta_usd"),
        labels={
            "underlying": "symbol", "open_interest": "OI", "d_oi_pct": "Δ %",
            "d_oi_usd": "Δ at mid", "d_oi_delta_usd": "Δ in shares",
            "open_close_label": "that day", "roll_contract": "rolled", "oi_date": "session",
        },
    )  # fmt: skip
    return desk.panel("movers", "Changes of open interest", part, desk.query(sql.MOVERS, last=WEEK))


def _rates(desk: Desk) -> pn.viewable.Viewable:
    part = Table(
        NO_RATES, key=("tag_kind",),
        labels={"tag_kind": "looked like opening", "n": "judged", "base_frac": "all contracts"},
    )  # fmt: skip
    asked = desk.query(sql.RATES, last=MONTH)
    return desk.panel("rates", "Opened or closed, a month of mornings", part, asked)


def _quality(desk: Desk) -> pn.viewable.Viewable:
    part = Table(NO_TRADES, key=("source", "session_date"))
    asked = desk.query(sql.QUALITY, is_ranged=True)
    return desk.panel("quality", "How good the sides are", part, asked)
