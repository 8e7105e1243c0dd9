"""Filings: who holds what by Form 13F, and how that changed; what insiders bought and sold."""

from collections.abc import Callable

import panel as pn

from panel_app.asked import filings as asked
from panel_app.controls import Choice, Control, Number, Symbol
from panel_app.desk import Desk
from panel_app.parts.balance import Balance
from panel_app.parts.layout import beside, stacked
from panel_app.parts.tabs import tabs
from panel_app.parts.told import Told
from panel_app.parts.unknown import Unknown
from panel_app.quarter import Quarter

TITLE, LETTER, ORDER = "Filings", "i", 6
TABS = {
    "holdings": "Holdings", "managers": "Managers", "ranks": "Flow and conviction",
    "ideas": "Crowding and ideas", "insiders": "Insiders and stakes",
}  # fmt: skip
MOVES = {"": "all", "new": "new", "increased": "added", "decreased": "reduced", "sold_out": "out"}
PLANS = {"": "all", "without": "not by a plan", "by": "by a plan (10b5-1)"}
TRADES = {
    "own": "own decision", "": "all", "open_market_buy": "bought", "open_market_sell": "sold",
}  # fmt: skip
CONTROLS = (
    Choice("show", "Show", default="holdings", options=TABS),
    Symbol("symbol", "Symbol", hint="all"),
    Control("manager", "Manager", hint="CIK or name"),
    Quarter("quarter", "Quarter"),
    Choice("move", "Changes", options=MOVES),
    Choice("plan", "Plan", options=PLANS),
    Choice("trade", "Trades", default="own", options=TRADES),
    Number("least", "From", hint="USD", least=0),
    Control("sort", ""),
    Control("order", ""),
)
OF_BOOK = {"portfolio_frac": "of book", "prev_portfolio_frac": "before"}
SYMBOL = {"symbol": "/smart-money/dashboard/symbol?symbol={}"}
NO_13F = "Nobody reported that. Run `leadline load sec_13f`, or change symbol or quarter."
NO_SYMBOL = "Open a row of Flow by security, or write a symbol above: its quarters are drawn here."
NO_MANAGER = "Open a row, or write a manager's name or CIK above: the portfolio stands here."
NO_INSIDER = "No insider did that. Run `leadline load sec_ownership`, or loosen what is set above."
NO_STAKE = (
    "No Schedule 13D or 13G is in the index. Run `leadline load sec_index` for EDGAR's index."
)


def page(desk: Desk) -> pn.viewable.Viewable:
    """Lay out one of the page's parts; every number is a column of reports.*."""
    shown = desk.settings["show"]
    bars: dict[str, tuple[str, ...]] = {
        "holdings": ("symbol", "manager", "quarter", "move"), "managers": ("manager", "quarter"),
        "insiders": ("symbol", "trade", "plan", "least"),
    }  # fmt: skip
    lays: dict[str, Callable[[Desk], list[pn.viewable.Viewable]]] = {
        "holdings": _holdings, "managers": _managers, "ranks": _ranks, "ideas": _ideas,
        "insiders": _insiders,
    }  # fmt: skip
    return stacked(
        tabs("Parts of this page", desk.address, "show", shown, TABS),
        desk.bar(*bars.get(shown, ("symbol",))),
        pn.Column(
            desk.follow(
                Unknown("no filing names it"),
                desk.query(asked.UNKNOWN_SYMBOL, wants=("symbol",)),
            ),
            desk.follow(
                Unknown("no manager is called so"),
                desk.query(asked.UNKNOWN_MANAGER, wants=("manager",)),
            ),
            sizing_mode="stretch_width", margin=0,
        ),
        *lays[shown](desk),
    )  # fmt: skip


def _holdings(desk: Desk) -> list[pn.viewable.Viewable]:
    return [
        desk.follow(Told(), desk.query(asked.TOLD)),
        beside(
            desk.table(
                "flow", "Flow by security", desk.query(asked.FLOW), NO_13F, key=("cusip",),
                links=SYMBOL, signed=("net_change_pct",), sets={"symbol": "symbol"},
                hidden=("cusip", "owned_pct", "value_usd", "known_at"), sort="sort",
                labels={"flow": "13F flow"},
            ),
            stacked(_quarters(desk), _holders(desk)),
        ),
        desk.table(
            "changes", "Changes", desk.query(asked.MOVES), NO_13F, key=("cik", "cusip", "kind"),
            links=SYMBOL, signed=("d_shares", "change_frac", "trade_effect_usd"),
            sets={"manager": "cik"}, hidden=("cik", "cusip", "known_at"), sort="order",
            labels=OF_BOOK | {"trade_effect_usd": "traded", "change_frac": "change"},
        ),
        *_manager(desk),
    ]  # fmt: skip


def _quarters(desk: Desk) -> pn.viewable.Viewable:
    drawn = Balance("bought_usd", "sold_usd", "n_holders", "ticker", 60, NO_SYMBOL)
    quarters = desk.query(asked.QUARTERS, wants=("symbol",))
    return desk.panel("quarters", "Holders over quarters", drawn, quarters)


def _holders(desk: Desk) -> pn.viewable.Viewable:
    return desk.table(
        "holders", "Top holders", desk.query(asked.HOLDERS), NO_13F, key=("cik", "cusip"),
        links=SYMBOL, signed=("d_shares",), sets={"manager": "cik"},
        hidden=("cik", "cusip", "shares", "holder_place", "company_frac", "known_at"),
        labels={"holders_frac": "of all", "portfolio_frac": "of book"},
    )  # fmt: skip


def _manager(desk: Desk) -> list[pn.viewable.Viewable]:
    drawn = Balance("bought_usd", "sold_usd", "n_positions", "manager", 60, NO_MANAGER)
    key = ("cusip", "put_call", "share_type")
    hidden = ("cusip", "share_type")
    report = desk.query(asked.REPORT, wants=("manager",))
    portfolio = desk.query(asked.PORTFOLIO, wants=("manager",))
    trades = desk.query(asked.TRADES, wants=("manager",))
    return [
        desk.panel("manager", "One manager over quarters", drawn, report),
        beside(
            desk.table(
                "portfolio", "Its portfolio", portfolio, NO_MANAGER, key=key, links=SYMBOL,
                signed=("d_shares",), hidden=(*hidden, "issuer", "known_at", "prev_portfolio_frac"),
                labels=OF_BOOK | {"holders_frac": "of all"},
            ),
            desk.table(
                "trades", "What it changed", trades, NO_MANAGER, key=key, links=SYMBOL,
                signed=("d_shares", "change_frac", "trade_effect_usd", "price_effect_usd"),
                hidden=(*hidden, "known_at", "portfolio_frac", "prev_portfolio_frac"),
                labels={"trade_effect_usd": "traded", "price_effect_usd": "by price"},
            ),
        ),
    ]  # fmt: skip


def _managers(desk: Desk) -> list[pn.viewable.Viewable]:
    return [
        desk.follow(Told(), desk.query(asked.TOLD)),
        beside(
            desk.table(
                "managers", "Managers", desk.query(asked.MANAGERS), NO_13F, key=("cik",),
                signed=("net_bought_usd",), sets={"manager": "cik"}, sort="sort",
                hidden=("cik", "bought_usd", "sold_usd", "known_at", "filing_lag_days"),
                labels={"top_frac": "largest", "net_bought_usd": "net", "n_positions": "stocks"},
            ),
            desk.table(
                "clones", "Following their filings", desk.query(asked.CLONES),
                "No portfolio is over yet. It takes two quarters of filings and daily bars.",
                key=("cik",), sets={"manager": "cik"}, sort="order",
                hidden=("cik", "place", "median_excess_frac", "excess_spread_frac", "first_date"),
                labels={
                    "mean_excess_frac": "excess", "total_return_frac": "return",
                    "all_managers_frac": "all", "n_portfolios": "quarters", "last_date": "to",
                },
                signed=(
                    "mean_excess_frac", "median_excess_frac", "total_return_frac",
                    "all_managers_frac",
                ),
            ),
        ),
        *_manager(desk),
    ]  # fmt: skip


def _ranks(desk: Desk) -> list[pn.viewable.Viewable]:
    signed = ("net_change_pct", "net_flow_usd", "active_net_change_pct", "active_flow_usd")
    return [
        desk.follow(Told(), desk.query(asked.TOLD, quarter=None)),
        desk.table(
            "active", "Flow, and that of active managers", desk.query(asked.ACTIVE), NO_13F,
            key=("cusip",), links=SYMBOL, signed=signed, sets={"symbol": "symbol"},
            hidden=("cusip",), sort="sort",
        ),
        desk.table(
            "conviction", "Conviction", desk.query(asked.CONVICTION), NO_13F, key=("cusip",),
            links=SYMBOL, signed=("active_weight_change", "active_flow_usd"),
            sets={"symbol": "symbol"}, hidden=("cusip",), sort="order",
        ),
        desk.table(
            "companies", "Companies, their classes together", desk.query(asked.COMPANIES),
            "Of no company several classes are held here. Change symbol or quarter.",
            key=("company",), signed=("net_change_pct", "net_flow_usd"), hidden=("company",),
        ),
    ]  # fmt: skip


def _ideas(desk: Desk) -> list[pn.viewable.Viewable]:
    return [
        desk.follow(Told(), desk.query(asked.TOLD, quarter=None)),
        beside(
            desk.table(
                "ideas", "Best ideas", desk.query(asked.IDEAS),
                "No active manager has one here. It takes two quarters of its reports.",
                key=("cik", "cusip"), links=SYMBOL, signed=("tilt_frac",),
                sets={"symbol": "symbol"}, hidden=("cik", "cusip"), sort="sort",
            ),
            desk.table(
                "crowding", "Crowding: days to leave", desk.query(asked.CROWDING),
                "No hedge-type manager holds what has 20 sessions of volume. Load more filings or "
                "daily bars.",
                key=("cusip",), links=SYMBOL, sets={"symbol": "symbol"}, hidden=("cusip",),
                sort="order",
            ),
        ),
        desk.table(
            "alike", "Portfolios alike", desk.query(asked.ALIKE),
            "No two hedge-type managers hold a stock in common. It takes two quarters of reports.",
            key=("cik", "other_cik"), sets={"manager": "cik"}, hidden=("cik", "other_cik"),
        ),
    ]  # fmt: skip


def _insiders(desk: Desk) -> list[pn.viewable.Viewable]:
    drawn = Balance("bought_usd", "sold_usd", "sentiment", "ticker", 20, NO_SYMBOL)
    sentiment = desk.query(asked.SENTIMENT, wants=("symbol",))
    return [
        beside(
            desk.table(
                "clusters", "Bought together in 30 days", desk.query(asked.CLUSTERS),
                NO_INSIDER, key=("cik",), links=SYMBOL, sets={"symbol": "symbol"}, hidden=("cik",),
            ),
            desk.table(
                "months", "Last month by company", desk.query(asked.MONTHS), NO_INSIDER,
                key=("cik",), links=SYMBOL, signed=("sentiment", "net_usd"),
                sets={"symbol": "symbol"}, hidden=("cik",),
            ),
        ),
        desk.panel("sentiment", "One company over months", drawn, sentiment),
        desk.table(
            "insiders", "Trades of insiders", desk.query(asked.INSIDERS), NO_INSIDER,
            key=("accession_no", "line"), links=SYMBOL, hidden=("accession_no", "line"),
            sets={"symbol": "symbol"}, sort="sort",
        ),
        desk.table(
            "stakes", "Schedules 13D and 13G", desk.query(asked.STAKES), NO_STAKE,
            key=("filing",), links=SYMBOL,
        ),
    ]  # fmt: skip
