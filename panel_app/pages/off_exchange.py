"""What is printed off exchange: prints, the prices where they lie, and what is usual."""

from datetime import timedelta

import panel as pn

from panel_app.controls import Choice, Control, Number, Symbol
from panel_app.desk import Desk
from panel_app.parts.band import Band
from panel_app.parts.dots import Dots
from panel_app.parts.layout import beside, stacked
from panel_app.parts.levels import Levels
from panel_app.parts.unknown import Unknown

TITLE, LETTER, ORDER, LAST = "Off exchange", "x", 5, "3mo"
CONTROLS = (
    Symbol("symbol", "Symbol", hint="all"),
    Choice("side", "Side", options={"": "all", "buy": "bought", "sell": "sold"}),
    Number("min_usd", "Value from, USD", hint="200k"),
    Control("sort", ""),
    Control("blocks", ""),
)

SYMBOL = "/smart-money/dashboard/symbol?symbol={}"
OF_SYMBOL = "($symbol is null or symbol = $symbol)"
PRINTS = f"""
select
    traded_at, symbol, case side when 1 then 'buy' when -1 then 'sell' end as side,
    price, size, value_usd, prem_bps as premium_bps,
    replace(price_bucket, '_', ' ') as beside_quote, side_prob as confidence, facility,
    trade_class as class, is_late as late, is_quote_stale as old_quote,
    report_delay_s as delay_s, print_id
from reports.dark_pool_prints
where
    {OF_SYMBOL}
    and ($min_usd is null or value_usd >= $min_usd)
    and ($side is null or side = case $side when 'buy' then 1 else -1 end)
order by traded_at desc, print_id
"""
LEVELS = f"""
with largest as (
    from reports.dark_pool_levels
    where {OF_SYMBOL}
    order by value_usd desc, symbol, price_from
    limit 24
)

from largest
order by symbol, price_from desc
"""
RATIO = """
select closes_at, * exclude (closes_at)
from reports.dark_pool_baseline
where symbol is not distinct from $symbol
order by closes_at
"""
UNUSUAL = f"""
select
    session_date, place, symbol, offex_value_usd as value_usd, volume_ratio30 as times_usual,
    mz60 as z, offex_ratio as share_frac,
    replace(ratio_label, '_', ' ') as share_is, ratio_pr as rank_frac,
    direction, bull_share as bought_frac, confidence
from reports.dark_pool_unusual
where {OF_SYMBOL}
order by session_date desc, place
"""
SUMMARY = f"""
select
    session_date, symbol, basis, n_prints, volume, value_usd, mean_price, mean_size,
    premium_pct as above_mid_pct, bullish_pct as bought_pct, n_large, large_pct
from reports.dark_pool_summary
where {OF_SYMBOL}
order by session_date desc, value_usd desc, symbol
"""
BLOCKS = f"""
select
    traded_at, symbol, direction as side, trade_type as type, value_usd, price, size,
    prem_bps as premium_bps, side_prob as confidence, adv_frac as of_a_day_frac,
    is_block as over_10m, is_late as late, report_delay_s as delay_s, print_id
from reports.blocks_recent
where
    {OF_SYMBOL}
    and withdrawn_at is null
    and ($min_usd is null or value_usd >= $min_usd)
    and ($side is null or direction = case $side when 'buy' then 'bull' else 'bear' end)
order by traded_at desc, print_id
"""
DAYS = f"""
select
    session_date, symbol, n_large, n_blocks, n_offex as n_off_exchange, n_late, value_usd,
    largest_usd, bull_value_usd as bought_usd, bear_value_usd as sold_usd,
    adv_frac as of_a_day_frac
from reports.blocks_daily
where {OF_SYMBOL}
order by session_date desc, value_usd desc, symbol
"""
# Of one stock each session; of all, the newest of each.
SHORT = f"""
select
    session_date, symbol, short_share as short_frac, mean5 as five_day_frac, mean5_pr as rank_frac,
    short_volume, total_volume
from features.short_share
where {OF_SYMBOL} and withdrawn_at is null
qualify
    $symbol is not null
    or row_number() over (partition by symbol order by session_date desc) = 1
order by session_date desc, rank_frac desc nulls last, symbol
"""
TIES = f"""
select
    month_date as month, symbol, n_sessions, print_volume as tape_volume,
    total_volume as finra_volume, gap_pct, n_odd_sessions as odd_sessions, is_tied as whole
from reports.dark_pool_tie_out
where {OF_SYMBOL}
order by month desc, symbol
"""
TRENDS = f"""
select
    session_date, symbol, offex_ratio as share_frac, mean5_ratio as five_day_frac,
    mean20_ratio as twenty_day_frac, ratio_trend as share_is, volume_trend as volume_is,
    volume_ratio30 as times_usual
from reports.dark_pool_patterns
where {OF_SYMBOL}
qualify
    $symbol is not null
    or session_date = max(session_date) over ()
order by session_date desc, volume_ratio30 desc nulls last, symbol, basis
"""
UNKNOWN = """
select $symbol as asked, symbol as nearest
from reports.symbols
where
    $symbol is not null
    and not exists (from reports.symbols where symbol = $symbol)
order by jaro_winkler_similarity(symbol, $symbol) desc, symbol
limit 1
"""
NO_PRINTS = (
    "No print off exchange of 10,000 shares or 200,000 USD in this span. Load a tape with "
    "`leadline load FEED` (`leadline feeds` lists them), or choose a longer range, another symbol."
)
NO_LEVELS = (
    "Nothing was printed off exchange in these days. Choose a symbol with a tape, or load one."
)
NO_TOTALS = (
    "No session has its volume off exchange in this span. Run `leadline load` for FINRA's daily "
    "short volume and for daily bars, or choose a longer range or another symbol."
)
NO_BLOCKS = "No print of a million dollars in this span. Choose a longer range or another symbol."
NO_SHORT = "No short volume in this span. Run `leadline load` for FINRA's daily short volume."
NONE_UNUSUAL = "No stock traded unusually off exchange in this span; choose a longer range."
NO_TIES = "No month is told by prints and by FINRA alike; both are needed to hold them together."
NO_TRENDS = "No trend in this span: it needs ten sessions of twenty with a share off exchange."
DAYS_5, MONTH = timedelta(days=5), timedelta(days=31)


def page(desk: Desk) -> pn.viewable.Viewable:
    """Lay out one stock, or all; every number is a column of a view."""
    links = {"symbol": SYMBOL}
    of_day = ("session_date", "symbol")
    prints = desk.query(PRINTS, MONTH, is_ranged=True, most=30)
    dots = desk.query(PRINTS, MONTH, is_ranged=True, most=500)
    blocks = desk.query(BLOCKS, MONTH, is_ranged=True, most=30)
    return stacked(
        desk.bar("symbol", "side", "min_usd"),
        desk.follow(Unknown("no dataset names this symbol"), desk.query(UNKNOWN)),
        beside(
            desk.panel(
                "ratio", "Share off exchange", Band(NO_TOTALS), desk.query(RATIO, is_ranged=True)
            ),
            desk.panel(
                "premium", "Premium over the mid, a month at most",
                Dots("premium_bps", NO_PRINTS), dots,
            ),
        ),
        beside(
            desk.panel(
                "levels", "Levels, five days at most", Levels(SYMBOL, NO_LEVELS),
                desk.query(LEVELS, DAYS_5, is_ranged=True),
            ),
            desk.table(
                "short", "Sold short, of FINRA's volume",
                desk.query(SHORT, is_ranged=True, most=30), NO_SHORT, key=of_day, links=links,
            ),
        ),
        desk.table(
            "prints", "Prints, a month at most", prints, NO_PRINTS, key=("print_id",),
            hidden=("print_id",), links=links, signed=("premium_bps",), sort="sort",
        ),
        desk.table(
            "blocks", "Blocks: prints of a million and more, a month at most", blocks, NO_BLOCKS,
            key=("print_id",), hidden=("print_id",), links=links, signed=("premium_bps",),
            sort="blocks",
        ),
        desk.table(
            "unusual", "Unusual stocks, five days at most",
            desk.query(UNUSUAL, DAYS_5, is_ranged=True), NONE_UNUSUAL, key=of_day, links=links,
        ),
        desk.table(
            "summary", "Sessions in figures, five days at most",
            desk.query(SUMMARY, DAYS_5, is_ranged=True, most=30), NO_TOTALS, key=of_day,
            links=links,
        ),
        desk.table(
            "block_days", "Blocks by session, a month at most",
            desk.query(DAYS, MONTH, is_ranged=True, most=30), NO_BLOCKS, key=of_day, links=links,
        ),
        beside(
            desk.table(
                "trends", "Trends: five sessions against twenty",
                desk.query(TRENDS, DAYS_5, is_ranged=True), NO_TRENDS, key=of_day, links=links,
            ),
            desk.table(
                "ties", "Is the tape whole? Prints against FINRA's totals",
                desk.query(TIES, is_ranged=True), NO_TIES, key=("month", "symbol"), links=links,
            ),
        ),
    )  # fmt: skip
