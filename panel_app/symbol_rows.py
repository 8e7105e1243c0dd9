"""The tables on the page of one symbol: what each family has of it."""

from datetime import timedelta
from functools import partial

import panel as pn

from panel_app.desk import Asked, Desk
from panel_app.parts.layout import beside, stacked

_WANTS = ("symbol",)  # nothing is asked without one
_AT = "/smart-money/dashboard"

FLOW = """
select
    happened_at, parent_kind as kind, direction, coalesce(contract, package_type) as contract,
    premium_usd, size, price, dte, otm_pct, iv, n_exchanges, vol_oi_ratio, parent_id
from reports.option_flow
where underlying = $symbol
order by happened_at desc, parent_id
"""
MOVERS = """
select
    oi_date as session_date, contract, d_oi, open_interest, d_oi_usd, d_oi_delta_usd, volume,
    open_close_label as opened
from reports.oi_movers
where underlying = $symbol
order by oi_date desc, abs(d_oi_usd) desc nulls last, contract
"""
OFFEX = """
select
    session_date, offex_ratio as off_exchange_frac, ratio_label as label, ratio_pr as percentile,
    offex_value_usd as value_usd, direction, bull_share as bull_frac, n_large_prints, n_blocks,
    short_sale_frac, basis
from reports.dark_pool_daily
where symbol = $symbol
order by session_date desc
"""
PRINTS = """
select
    traded_at, case side when 1 then 'buy' when -1 then 'sell' end as side, value_usd, size, price,
    prem_bps as premium_bps, side_prob as sure_frac, is_late, trade_class as kind, print_id
from reports.dark_pool_prints
where symbol = $symbol
order by traded_at desc, print_id
"""
BLOCKS = """
select
    traded_at, trade_type as kind, direction, value_usd, size, price, prem_bps as premium_bps,
    adv_frac as of_usual_day_frac, venue, is_late, print_id
from reports.blocks_recent
where symbol = $symbol and withdrawn_at is null
order by traded_at desc, print_id
"""
INSIDERS = """
select
    known_at as told_at, owner, owner_title as title,
    case side when 1 then 'buy' when -1 then 'sell' end as side, insider_class as kind, shares,
    price, value_usd, is_discretionary, is_10b5_1 as by_plan, trans_date as traded_date,
    accession_no, line
from reports.insiders
where ticker = $symbol
order by known_at desc, accession_no, line
"""
HOLDERS = """
select
    place, manager, shares, d_shares, value_usd, holders_pct, portfolio_frac, period_end, cik, cusip
from reports.institutional_holders
where ticker = $symbol
order by value_usd desc, place, cusip
"""
# Where it stands against its threshold is dear, and on the page Watch lists.
WATCH = """
select
    watchlist, direction, horizon, threshold_pct, threshold_sigma, quantity, cost_usd, note,
    known_at as listed_at
from curated.watchlists
where symbol = $symbol and is_active and withdrawn_at is null
order by watchlist
"""


def prints(desk: Desk) -> pn.viewable.Viewable:
    """Lay out its off-exchange blocks."""
    return desk.table(
        "prints", "Off-exchange blocks, five days", _week(desk, PRINTS),
        "No print of 10,000 shares or 200,000 USD off exchange in five days.",
        key=("print_id",), hidden=("print_id",),
    )  # fmt: skip


def panels(desk: Desk) -> list[pn.viewable.Viewable]:
    """Lay the other tables out."""
    ranged = partial(desk.query, is_ranged=True, wants=_WANTS)
    contract = {"contract": f"{_AT}/flow?contract={{}}"}
    return [
        desk.table(
            "flow", "Options flow, five days", _week(desk, FLOW),
            "No order of 25,000 USD in its options in five days.",
            key=("parent_id",), hidden=("parent_id",), links=contract,
        ),
        beside(
            desk.table(
                "movers", "Open interest, largest changes", _week(desk, MOVERS),
                "No contract of it is among a session's fifty largest changes in five days.",
                key=("session_date", "contract"), links=contract,
                signed=("d_oi", "d_oi_usd", "d_oi_delta_usd"),
                labels={"d_oi_usd": "Δ OI, USD", "d_oi_delta_usd": "in shares, USD"},
            ),
            stacked(
                desk.table(
                    "blocks", "Prints of a million, five days", _week(desk, BLOCKS),
                    "No print of a million dollars in five days.",
                    key=("print_id",), hidden=("print_id",),
                ),
                desk.table(
                    "holders", "Top holders", desk.query(HOLDERS, most=15, wants=_WANTS),
                    "No manager reports it. Run `leadline feeds` to see who sends 13F filings.",
                    key=("cusip", "cik"), hidden=("cusip", "cik"), signed=("d_shares",),
                ),
            ),
        ),
        desk.table(
            "off-exchange", "Off exchange by session", ranged(OFFEX, most=15),
            "Nothing off exchange is told of it in this range. Choose a longer range.",
            key=("session_date",),
        ),
        desk.table(
            "insiders", "Insiders", ranged(INSIDERS, most=25),
            "No insider told of a trade in this range. Choose a longer range.",
            key=("accession_no", "line"), hidden=("line",),
        ),
        desk.table(
            "watch", "Watch lists", desk.query(WATCH, wants=_WANTS),
            "It is on no watch list. Add it on the page Watch lists.",
            key=("watchlist",), links={"watchlist": f"{_AT}/watch"},
        ),
    ]  # fmt: skip


def _week(desk: Desk, sql: str) -> Asked:
    return desk.query(sql, timedelta(days=5), most=25, wants=_WANTS)
