"""/smart-money/blocks: large prints, orders in options, volume, and flow against price."""

from datetime import timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from panel_app.founding.question import DAY, SETTLED, Asking, Row
from panel_app.founding.shapes import Hours, Moment, Number, Sentiment, Shape, Symbol, Usd, like

Days = Annotated[int, Query(ge=1, le=30, description="Days back from the newest that is loaded.")]
_LARGE_USD = 1_000_000  # a large print is worth it, and a large order in options
Stance = Literal["strongly_bullish", "bullish", "neutral", "bearish", "strongly_bearish"]

STOCK_BLOCKS = """
with volumes as (
    select arg_max(ratio20, struct_pack(at := known_at, mark := mark)) as volume_ratio
    from features.equity_volume
    where symbol = $symbol
)
select
    blocks.symbol,
    strftime(timezone('America/New_York', blocks.traded_at), '%Y-%m-%dT%H:%M:%S') as timestamp,
    case blocks.trade_type when 'dark' then 'dark_pool' when 'cross' then 'block'
        else blocks.trade_type end as trade_type,
    round(blocks.price, 4) as price,
    cast(blocks.size as bigint) as size,
    round(blocks.value_usd, 2) as value,
    false as is_options,
    cast(null as double) as strike,
    cast(null as text) as expiration,
    cast(null as text) as call_put,
    case blocks.direction when 'bull' then 'bullish' when 'bear' then 'bearish' else 'neutral' end
        as sentiment,
    cast(null as double) as premium,
    cast(null as bigint) as open_interest_change,
    round(volumes.volume_ratio, 2) as volume_ratio
from reports.blocks_recent as blocks
cross join volumes
where blocks.symbol = $symbol and blocks.withdrawn_at is null and blocks.value_usd >= $min_value
order by blocks.traded_at desc, blocks.print_id
limit 500
"""
OPTION_ORDERS = """
with volumes as (
    select
        put_call,
        arg_max(ratio20, struct_pack(at := known_at, mark := mark)) as volume_ratio
    from features.option_volume
    where underlying = $symbol and term = 'all'
    group by put_call
)
select
    orders.underlying as symbol,
    strftime(timezone('America/New_York', orders.ended_at), '%Y-%m-%dT%H:%M:%S') as timestamp,
    case orders.parent_kind when 'single' then 'regular' else orders.parent_kind end as trade_type,
    round(cast(orders.last_price as double), 4) as price,
    cast(orders.size as bigint) as size,
    round(cast(orders.premium_usd as double), 2) as value,
    true as is_options,
    cast(orders.strike as double) as strike,
    strftime(orders.expiration, '%Y-%m-%dT00:00:00') as expiration,
    upper(orders.put_call) as call_put,
    case when (orders.side = 1) = (orders.put_call = 'call') then 'bullish' else 'bearish' end
        as sentiment,
    round(cast(orders.premium_usd as double), 2) as premium,
    cast(null as bigint) as open_interest_change,
    round(volumes.volume_ratio, 2) as volume_ratio
from features.option_parents as orders
left join volumes on orders.put_call = volumes.put_call
where
    orders.underlying = $symbol
    and orders.premium_usd >= $min_premium
    and (not $only_unusual or orders.parent_kind = 'sweep')
    and (not $only_unusual or coalesce(volumes.volume_ratio >= 2, true))
order by orders.ended_at desc, orders.contract, orders.side
limit 500
"""
RECENT = f"""
select * from ({STOCK_BLOCKS}) as prints
union all
select * from ({OPTION_ORDERS}) as orders
order by timestamp desc, is_options, value desc
limit 500
"""
POSITIONING = """
with summed as (
    select
        round(coalesce(sum(call_premium_usd), 0), 2) as call_usd,
        round(coalesce(sum(put_premium_usd), 0), 2) as put_usd,
        sum(bull_premium_usd) as bull_usd,
        sum(bear_premium_usd) as bear_usd,
        cast(coalesce(sum(n_call_orders), 0) as bigint) as n_calls,
        cast(coalesce(sum(n_put_orders), 0) as bigint) as n_puts,
        cast(coalesce(sum(n_call_sweeps), 0) as bigint) as n_call_sweeps,
        cast(coalesce(sum(n_put_sweeps), 0) as bigint) as n_put_sweeps,
        coalesce(sum(n_bull_sweeps), 0) as n_bull_sweeps,
        coalesce(sum(n_bear_sweeps), 0) as n_bear_sweeps
    from reports.option_premiums
    where underlying = $symbol
),
ratios as (
    select
        *,
        call_usd / nullif(put_usd, 0) as call_put_ratio,
        bull_usd / nullif(bull_usd + bear_usd, 0) as bull_share
    from summed
)
select
    $symbol as symbol,
    $days as period_days,
    n_calls + n_puts as total_options_trades,
    n_calls as call_trades,
    n_puts as put_trades,
    call_usd as total_call_premium,
    put_usd as total_put_premium,
    round(call_usd + put_usd, 2) as total_premium,
    round(call_put_ratio, 2) as call_put_ratio,
    -- The founding cuts of two to one and so on, as shares: 2 of 3, 1.2 of 2.2, 0.8 of 1.8, 1 of 3.
    case
        when bull_share > 2 / 3.0 then 'strongly_bullish'
        when bull_share > 1.2 / 2.2 then 'bullish'
        when bull_share < 1 / 3.0 then 'strongly_bearish'
        when bull_share < 0.8 / 1.8 then 'bearish'
        else 'neutral'
    end as sentiment,
    n_call_sweeps as call_sweeps,
    n_put_sweeps as put_sweeps,
    case when n_bull_sweeps > n_bear_sweeps then 'bullish'
        when n_bull_sweeps < n_bear_sweeps then 'bearish' else 'neutral' end as sweep_sentiment,
    case
        when call_usd + put_usd = 0 then 'neutral'
        when put_usd = 0 or call_put_ratio > 2 then 'strongly_bullish'
        when call_put_ratio > 1.2 then 'bullish'
        when call_put_ratio < 0.5 then 'strongly_bearish'
        when call_put_ratio < 0.8 then 'bearish'
        else 'neutral'
    end as sentiment_legacy
from ratios
"""
VOLUME_SPIKE = """
with newest as (
    select *
    from features.equity_volume
    where symbol = $symbol
    order by known_at desc, mark desc
    limit 1
),
measured as (
    select
        cast(coalesce(cast($current_volume as double), newest.volume, 0) as bigint) as volume,
        newest.mean20,
        round(
            coalesce(cast($current_volume as double), newest.volume) / nullif(newest.mean20, 0), 2
        ) as ratio
    from (select 1) as one
    left join newest on true
)
select
    $symbol as symbol,
    coalesce(ratio >= $threshold, false) as is_spike,
    volume as current_volume,
    cast(coalesce(mean20, 0) as bigint) as baseline_volume,
    ratio as volume_ratio,
    case
        when ratio >= 5 then 'extreme'
        when ratio >= 3 then 'high'
        when ratio >= $threshold then 'medium'
        else 'low'
    end as severity,
    case
        when ratio is null then 'Insufficient baseline data'
        when ratio >= $threshold then 'Volume is ' || round(ratio, 1) || 'x average'
        else 'Normal volume'
    end as message
from measured
"""
DIVERGENCE = """
with summed as (
    select
        coalesce(sum(bull_value_usd), 0) as bull_usd,
        coalesce(sum(bear_value_usd), 0) as bear_usd
    from reports.blocks_daily
    where symbol = $symbol
),
measured as (
    select
        *,
        cast($price_change as double) as price_pct,
        100 * (bull_usd - bear_usd) / nullif(bull_usd + bear_usd, 0) as flow_pct
    from summed
),
typed as (
    select
        *,
        case
            when price_pct <= -5 and flow_pct >= 10 then 'bullish'
            when price_pct >= 5 and flow_pct <= -10 then 'bearish'
        end as divergence_type
    from measured
)
select
    $symbol as symbol,
    divergence_type is not null as has_divergence,
    divergence_type,
    round(price_pct, 2) as price_change,
    round(flow_pct, 2) as smart_money_flow,
    round(bull_usd, 2) as bullish_flow,
    round(bear_usd, 2) as bearish_flow,
    round(bull_usd - bear_usd, 2) as net_flow,
    case
        when flow_pct is null then 'Insufficient trade data'
        when divergence_type = 'bullish' then 'Price falls while large prints are bought'
        when divergence_type = 'bearish' then 'Price rises while large prints are sold'
        else 'Price and large prints agree'
    end as message
from typed
"""


class Block(Shape):
    """A large print of a stock, or an order in its options."""

    model_config = like(
        symbol="AAPL", timestamp="2025-11-18T10:30:00", trade_type="sweep", price=178.50,
        size=250_000, value=44_625_000.0, is_options=False, strike=None, expiration=None,
        call_put=None, sentiment="bullish", premium=None, open_interest_change=None,
        volume_ratio=3.5,
    )  # fmt: skip

    symbol: str
    timestamp: Moment
    trade_type: Literal["sweep", "block", "split", "dark_pool", "regular"]
    price: float = Field(description="USD a share, of an option USD a unit.")
    size: int = Field(description="Shares, or contracts.")
    value: float = Field(description="USD; of options their premium.")
    is_options: bool
    strike: float | None
    expiration: Moment | None
    call_put: Literal["CALL", "PUT"] | None
    sentiment: Sentiment
    premium: float | None
    open_interest_change: int | None = Field(description="Told next morning, and so null.")
    volume_ratio: float | None = Field(
        description="The session's volume by now over its mean of 20; null below 10 sessions."
    )


class Positioning(Shape):
    """Calls against puts, and bullish against bearish premium."""

    symbol: str
    period_days: int
    total_options_trades: int = Field(description="Orders whose side is known.")
    call_trades: int
    put_trades: int
    total_call_premium: float
    total_put_premium: float
    total_premium: float
    call_put_ratio: float | None = Field(description="Of premium; null without puts.")
    sentiment: Stance = Field(description="Calls bought and puts sold against the others.")
    call_sweeps: int
    put_sweeps: int
    sweep_sentiment: Sentiment
    sentiment_legacy: Stance = Field(description="Calls against puts, whoever began them.")


class Spike(Shape):
    """A volume against the mean of 20 sessions at the same time of the day."""

    symbol: str
    is_spike: bool
    current_volume: int
    baseline_volume: int
    volume_ratio: float | None
    severity: Literal["low", "medium", "high", "extreme"]
    message: str


class Divergence(Shape):
    """Whether large prints went against the price, by the founding rule."""

    symbol: str
    has_divergence: bool
    divergence_type: Literal["bullish", "bearish"] | None
    price_change: float = Field(description="Percent, as it was given.")
    smart_money_flow: float | None = Field(description="-100 all sold, 100 all bought.")
    bullish_flow: float
    bearish_flow: float
    net_flow: float
    message: str


def recent(asking: Asking, symbol: str, hours: int = 24, usd: float = 0) -> list[Row]:
    """Return large prints of a stock and large orders in its options."""
    premium = max(usd, _LARGE_USD)
    binds = {"symbol": symbol, "min_value": usd, "min_premium": premium, "only_unusual": False}
    return asking.rows(RECENT, binds, timedelta(hours=hours))


def options(asking: Asking, symbol: str, hours: int, usd: float) -> list[Row]:
    """Return sweeps of a day with twice the usual volume, or of which nothing is usual yet."""
    binds = {"symbol": symbol, "min_premium": usd, "only_unusual": True}
    return asking.rows(OPTION_ORDERS, binds, timedelta(hours=hours))


def positioning(asking: Asking, symbol: str, days: int = 7) -> Row:
    """Return calls against puts of so many days."""
    return asking.row(POSITIONING, {"symbol": symbol, "days": days}, days * DAY)


def routes(asking: Asking) -> APIRouter:
    """Return the routes under /blocks."""
    router = APIRouter(prefix="/blocks/{symbol}")

    @router.get("/recent", response_model=list[Block], summary="Large prints and option orders")
    def of_recent(symbol: Symbol, hours: Hours = 24, min_value: Usd = 0) -> list[Row]:
        return recent(asking, asking.symbol(symbol), hours, min_value)

    @router.get("/options", response_model=list[Block], summary="Unusual sweeps in options")
    def of_options(symbol: Symbol, hours: Hours = 24, min_premium: Usd = 25_000) -> list[Row]:
        return options(asking, asking.symbol(symbol), hours, min_premium)

    @router.get("/options-positioning", response_model=Positioning, summary="Calls against puts")
    def of_positioning(symbol: Symbol, days: Days = 7) -> Row:
        return positioning(asking, asking.symbol(symbol), days)

    @router.get("/volume-spike", response_model=Spike, summary="Volume against its mean")
    def of_spike(
        symbol: Symbol,
        current_volume: Annotated[
            int | None, Query(ge=0, le=10**15, description="Shares; else the newest known.")
        ] = None,
        threshold: Annotated[
            float, Query(ge=1, le=10, allow_inf_nan=False, description="Times the mean.")
        ] = 2.0,
    ) -> Row:
        binds = {"symbol": asking.symbol(symbol), "current_volume": current_volume}
        return asking.row(VOLUME_SPIKE, binds | {"threshold": threshold}, 5 * DAY, reach=SETTLED)

    @router.get("/divergence", response_model=Divergence, summary="Large prints against price")
    def of_divergence(
        symbol: Symbol,
        price_change: Annotated[Number, Query(description="Of the price in these days, percent.")],
        days: Days = 5,
    ) -> Row:
        binds = {"symbol": asking.symbol(symbol), "price_change": price_change}
        return asking.row(DIVERGENCE, binds, days * DAY, reach=SETTLED)

    return router
