"""/smart-money/analytics: what every family did of one stock, and its scores."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from panel_app.founding.dark_pool import SESSIONS
from panel_app.founding.question import DAY, SETTLED, Asking, Row
from panel_app.founding.shapes import Moment, Number, Sentiment, Shape, Symbol, like

Percent = Annotated[
    Number | None, Query(description="The price's change in percent, for divergence_score.")
]
Volume = Annotated[
    int | None,
    Query(ge=1, le=10**15, description="Shares in all, for dark_pool_ratio; else what is told."),
]
Day = Annotated[date | None, Query(description="2024-02-16; else the newest session.")]
_OF_QUARTER = ("institutional_ownership", "institutional_momentum")
Momentum = Literal["strong_buying", "buying", "neutral", "selling", "strong_selling"]

FLOW = """
with printed as (
    select *
    from reports.dark_pool_summary
    where symbol = $symbol and session_date = coalesce(cast($day as date), session_date)
    order by session_date desc
    limit 1
),
large as (
    select *
    from reports.blocks_daily
    where symbol = $symbol and session_date = coalesce(cast($day as date), session_date)
    order by session_date desc
    limit 1
)
select
    coalesce(
        strftime(coalesce(cast($day as date), printed.session_date), '%Y-%m-%dT00:00:00'),
        cast($date as text)
    ) as date,
    cast(coalesce(printed.volume, 0) as bigint) as dark_pool_volume,
    coalesce(printed.value_usd, 0) as dark_pool_value,
    round(
        case
            when $total_volume is null then cast($dark_pool_ratio as double)
            else printed.volume / nullif(cast($total_volume as double), 0)
        end, 4
    ) as dark_pool_ratio,
    coalesce(large.n_large, 0) as block_trades_count,
    coalesce(large.value_usd, 0) as block_trades_value
from (select 1) as one
left join printed on true
left join large on large.session_date = coalesce(printed.session_date, large.session_date)
"""
HOLDERS_FLOW = """
with managers as (
    select *
    from reports.institutional_quarters
    where ticker = $symbol
    order by period_end desc, n_holders desc, cusip
    limit 1
),
insiders as (
    select
        round(coalesce(sum(case when side = 1 then value_usd end), 0), 2) as buy_usd,
        round(coalesce(sum(case when side = -1 then value_usd end), 0), 2) as sell_usd
    from reports.insiders
    where
        ticker = $symbol and is_discretionary
        and trans_date >= cast((select clock.until from ops.clock as clock) as date) - 90
)
select
    coalesce(managers.buy_usd, 0) as institutional_buying,
    coalesce(managers.sell_usd, 0) as institutional_selling,
    round(coalesce(managers.buy_usd, 0) - coalesce(managers.sell_usd, 0), 2)
        as net_institutional_flow,
    round(managers.inst_own_pct, 4) as institutional_ownership,
    case managers.flow_label
        when 'strong_inflow' then 'strong_buying'
        when 'inflow' then 'buying'
        when 'outflow' then 'selling'
        when 'strong_outflow' then 'strong_selling'
        else 'neutral'
    end as institutional_momentum,
    insiders.buy_usd as insider_buying,
    insiders.sell_usd as insider_selling,
    round(insiders.buy_usd - insiders.sell_usd, 2) as net_insider_flow
from insiders
left join managers on true
"""
INDICATORS = f"""
with {SESSIONS},
trends as (
    select
        max(case when age = 1 then volume end) as volume,
        count(*) as n_sessions,
        avg(case when age <= 5 then volume end) as mean5_volume,
        avg(volume) as mean_volume
    from sessions
),
places as (
    select
        *,
        row_number() over (order by session_date desc) as age
    from curated.us_sessions
    where closes_at < (select clock.until from ops.clock as clock)
    qualify row_number() over (order by session_date desc) <= 20
),
large as (
    select
        sum(case when places.age <= 5 then daily.bull_value_usd - daily.bear_value_usd end)
            as net5_usd,
        sum(daily.bull_value_usd - daily.bear_value_usd) as net20_usd,
        sum(case when places.age <= 5 then daily.bull_value_usd end) as bull5_usd,
        sum(case when places.age <= 5 then daily.bear_value_usd end) as bear5_usd,
        sum(daily.n_large) / 20.0 as n_a_session
    from reports.blocks_daily as daily
    inner join places on daily.session_date = places.session_date
    where daily.symbol = $symbol
),
flows as (
    select
        *,
        100 * (bull5_usd - bear5_usd) / nullif(bull5_usd + bear5_usd, 0) as flow_pct
    from large
),
-- That of the scores, else that of large prints.
told_flow as (
    select coalesce(cast($flow_pct as double), flow_pct) as flow_pct
    from flows
)
select
    coalesce(
        cast($timestamp as text),
        strftime(timezone('America/New_York', clock.until), '%Y-%m-%dT%H:%M:%S')
    ) as timestamp,
    round(
        case
            when $total_volume is null then cast($dark_pool_ratio as double)
            else trends.volume / nullif(cast($total_volume as double), 0)
        end, 4
    ) as dark_pool_ratio,
    case
        when trends.n_sessions < 5 then 'stable'
        when trends.mean5_volume > 1.1 * trends.mean_volume then 'increasing'
        when trends.mean5_volume < 0.9 * trends.mean_volume then 'decreasing'
        else 'stable'
    end as dark_pool_trend,
    round(coalesce(flows.net5_usd, 0), 2) as institutional_flow_5d,
    round(coalesce(flows.net20_usd, 0), 2) as institutional_flow_20d,
    round(coalesce(flows.n_a_session, 0), 2) as block_trade_frequency,
    case when flows.flow_pct > 0 then 'bullish' when flows.flow_pct < 0 then 'bearish'
        else 'neutral' end as block_trade_sentiment,
    round(
        case
            when $price_change is null then cast($divergence_score as double)
            when $price_change <= -5 and told.flow_pct >= 10 then told.flow_pct - $price_change
            when $price_change >= 5 and told.flow_pct <= -10 then $price_change - told.flow_pct
            else 0
        end, 2
    ) as divergence_score
from ops.clock as clock
cross join trends
cross join flows
cross join told_flow as told
"""


class SmartMoneyFlow(Shape):
    """What every family did, in USD, and what it comes to."""

    model_config = like(
        symbol="AAPL", date="2025-11-18T00:00:00", dark_pool_volume=5_000_000,
        dark_pool_value=892_500_000.0, dark_pool_ratio=0.35, block_trades_count=45,
        block_trades_value=1_250_000_000.0, institutional_buying=500_000_000.0,
        institutional_selling=250_000_000.0, net_institutional_flow=250_000_000.0,
        insider_buying=10_000_000.0, insider_selling=25_000_000.0,
        net_insider_flow=-15_000_000.0, smart_money_confidence=72.5,
        accumulation_distribution="accumulation",
    )  # fmt: skip

    symbol: str
    date: Moment | None
    dark_pool_volume: int
    dark_pool_value: float
    dark_pool_ratio: float | None = Field(description="0 to 1; over 1 if your total is too small.")
    block_trades_count: int = Field(description="Of a million dollars, on the day.")
    block_trades_value: float
    institutional_buying: float = Field(description="USD, of the newest quarter's 13F reports.")
    institutional_selling: float
    net_institutional_flow: float
    insider_buying: float = Field(description="USD of 90 days, at the insiders' discretion.")
    insider_selling: float
    net_insider_flow: float
    smart_money_confidence: float = Field(
        ge=0,
        le=100,
        description="How complete the data is; as a chance to be right not calibrated.",
    )
    accumulation_distribution: Literal["accumulation", "distribution", "neutral"]


class Indicators(Shape):
    """The scores of a stock; neutral where nothing happens."""

    model_config = like(
        symbol="AAPL", timestamp="2025-11-18T10:30:00", dark_pool_ratio=0.35,
        dark_pool_sentiment="bullish", dark_pool_trend="increasing",
        institutional_ownership=62.5, institutional_flow_5d=250_000_000.0,
        institutional_flow_20d=750_000_000.0, institutional_momentum="strong_buying",
        block_trade_frequency=45.0, block_trade_sentiment="bullish", unusual_activity_score=78.5,
        smart_money_index=75.0, divergence_score=12.5, accumulation_score=65.0,
        smart_money_label="strong_buying", is_near_neutral=False,
        accumulation_label="strong_accumulation", confidence=64.2, smart_money_index_legacy=86.8,
        smart_money_label_legacy="strong_buying", accumulation_score_legacy=80.0,
        unusual_activity_score_legacy=78.5, divergence_score_legacy=None,
    )  # fmt: skip

    symbol: str
    timestamp: Moment
    dark_pool_ratio: float | None
    dark_pool_sentiment: Sentiment
    dark_pool_trend: Literal["increasing", "decreasing", "stable"]
    institutional_ownership: float | None = Field(description="Of the shares outstanding, percent.")
    institutional_flow_5d: float = Field(
        description="USD of large prints that buyers began less those of sellers, five sessions."
    )
    institutional_flow_20d: float
    institutional_momentum: Momentum
    block_trade_frequency: float = Field(description="Large prints a session, of twenty.")
    block_trade_sentiment: Sentiment
    unusual_activity_score: float | None = Field(ge=0, le=100)
    smart_money_index: float = Field(ge=0, le=100, description="50 is neutral.")
    divergence_score: float = Field(
        ge=0, description="0 to 100; with price_change by the founding rule."
    )
    accumulation_score: float = Field(ge=-100, le=100, description="0 is neutral.")
    smart_money_label: str | None = Field(description="Null where too little is known.")
    is_near_neutral: bool = Field(description="The index is within five points of 50.")
    accumulation_label: str
    confidence: float = Field(
        ge=0,
        le=100,
        description="How complete the data is; as a chance to be right not calibrated.",
    )
    smart_money_index_legacy: float | None = Field(description="By the founding formula.")
    smart_money_label_legacy: str | None
    accumulation_score_legacy: float | None
    unusual_activity_score_legacy: float | None
    divergence_score_legacy: float | None


def flow(asking: Asking, symbol: str, day: date | None, total_volume: int | None) -> Row:
    """Return the newest session's flow, or a day's."""
    when: dict[str, Any] = {"until_day": asking.day(day), "reach": SETTLED}
    scored = asking.scored(symbol, day)
    binds = {"symbol": symbol, "day": day, "total_volume": total_volume}
    binds |= {name: scored[name] for name in ("date", "dark_pool_ratio")}
    reported = asking.row(HOLDERS_FLOW, {"symbol": symbol}, **when)
    return {
        "symbol": symbol,
        **asking.row(FLOW, binds, 10 * DAY, **when),
        **{name: each for name, each in reported.items() if name not in _OF_QUARTER},
        "smart_money_confidence": scored["confidence"],
        "accumulation_distribution": scored["accumulation_distribution"],
    }


def indicators(
    asking: Asking, symbol: str, price_change: float | None, total_volume: int | None
) -> Row:
    """Return the newest scores."""
    scored = asking.scored(symbol)
    taken = ("timestamp", "dark_pool_ratio", "divergence_score", "flow_pct")
    binds = {"symbol": symbol, "price_change": price_change, "total_volume": total_volume}
    binds |= {name: scored.pop(name) for name in taken}
    for name in ("date", "accumulation_distribution"):
        del scored[name]
    reported = asking.row(HOLDERS_FLOW, {"symbol": symbol}, reach=SETTLED)
    quarter = {name: reported[name] for name in _OF_QUARTER}
    own = asking.row(INDICATORS, binds, 30 * DAY, reach=SETTLED)
    return {**scored, **quarter, **own, "symbol": symbol}


def routes(asking: Asking) -> APIRouter:
    """Return the routes under /analytics."""
    router = APIRouter(prefix="/analytics/{symbol}")

    @router.get("/flow", response_model=SmartMoneyFlow, summary="Every family in USD")
    def of_flow(symbol: Symbol, date: Day = None, total_volume: Volume = None) -> Row:
        return flow(asking, asking.symbol(symbol), date, total_volume)

    @router.get("/indicators", response_model=Indicators, summary="The scores")
    def of_indicators(
        symbol: Symbol, price_change: Percent = None, total_volume: Volume = None
    ) -> Row:
        return indicators(asking, asking.symbol(symbol), price_change, total_volume)

    return router
