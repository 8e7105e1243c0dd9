"""/smart-money/dark-pool: prints off exchange, their session in figures, and what is unusual."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from panel_app.founding.question import DAY, SETTLED, Asking, Row
from panel_app.founding.shapes import Limit, Moment, Sentiment, Shape, Symbol, Usd, like

Days = Annotated[int, Query(ge=1, le=90, description="Days back from the newest that is loaded.")]
Day = Annotated[date | None, Query(description="2024-02-16; else the newest session.")]
Trend = Literal["increasing", "decreasing", "stable"]
Severity = Literal["low", "medium", "high"]

# Sessions of one source: what a tape tells is not held against FINRA's totals.
SESSIONS = """told as (
    select
        *,
        arg_max(basis, session_date) over () as newest_basis
    from reports.dark_pool_summary
    where symbol = $symbol
),
sessions as (
    select
        *,
        row_number() over (order by session_date desc) as age
    from told
    where basis = newest_basis
)"""

PRINTS = """
select
    symbol,
    strftime(timezone('America/New_York', traded_at), '%Y-%m-%dT%H:%M:%S') as timestamp,
    round(price, 4) as price,
    cast(size as bigint) as size,
    round(value_usd, 2) as value,
    'DARK_POOL' as exchange,
    round(price - (bid + ask) / 2, 4) as premium_discount,
    round((bid + ask) / 2, 4) as market_price,
    prem_bps > 0 as is_premium,
    case side when 1 then 'bullish' when -1 then 'bearish' else 'neutral' end as sentiment
from reports.dark_pool_prints
where symbol = $symbol and size >= $min_size and value_usd >= $min_value
order by traded_at desc, print_id asc
limit $limit
"""
SUMMARY = """
with newest as (
    select *
    from reports.dark_pool_summary
    where symbol = $symbol and session_date = coalesce(cast($day as date), session_date)
    order by session_date desc
    limit 1
)
select
    $symbol as symbol,
    strftime(coalesce(newest.session_date, cast($day as date)), '%Y-%m-%dT00:00:00') as date,
    coalesce(newest.n_prints, 0) as total_prints,
    cast(coalesce(newest.volume, 0) as bigint) as total_volume,
    coalesce(newest.value_usd, 0) as total_value,
    round(newest.mean_price, 2) as average_price,
    cast(newest.mean_size as bigint) as average_size,
    coalesce(newest.n_premium, 0) as premium_prints,
    coalesce(newest.n_discount, 0) as discount_prints,
    round(newest.premium_pct, 2) as premium_percentage,
    struct_pack(
        bullish := coalesce(newest.n_bull, 0),
        bearish := coalesce(newest.n_bear, 0),
        neutral := coalesce(newest.n_neutral, 0),
        bullish_percentage := round(newest.bullish_pct, 2)
    ) as sentiment,
    struct_pack(
        count := coalesce(newest.n_large, 0),
        value := coalesce(newest.large_usd, 0),
        percentage_of_value := round(newest.large_pct, 2)
    ) as large_blocks
from (select 1) as one
left join newest on true
"""
PATTERNS = f"""
with {SESSIONS},
summed as (
    select
        count(*) as n_sessions,
        sum(n_prints) as n_prints,
        sum(volume) as volume,
        sum(value_usd) as value_usd,
        avg(volume) as mean_volume,
        avg(value_usd) as mean_usd,
        avg(case when age <= 5 then volume end) as recent_volume,
        100 * sum(n_premium) / nullif(sum(n_priced), 0) as premium_pct,
        map_from_entries(list(struct_pack(
            key := strftime(session_date, '%Y-%m-%d'),
            value := struct_pack(
                volume := cast(volume as bigint), value := coalesce(value_usd, 0),
                prints := coalesce(n_prints, 0), premium_count := coalesce(n_premium, 0)
            )
        ) order by session_date)) as daily_breakdown
    from sessions
)
select
    $symbol as symbol,
    $days as period_days,
    cast(coalesce(n_prints, 0) as bigint) as total_prints,
    cast(coalesce(volume, 0) as bigint) as total_volume,
    round(coalesce(value_usd, 0), 2) as total_value,
    cast(coalesce(mean_volume, 0) as bigint) as average_daily_volume,
    round(coalesce(mean_usd, 0), 2) as average_daily_value,
    case
        when n_sessions < 5 then 'stable'
        when recent_volume > 1.1 * mean_volume then 'increasing'
        when recent_volume < 0.9 * mean_volume then 'decreasing'
        else 'stable'
    end as volume_trend,
    round(premium_pct, 2) as premium_percentage,
    coalesce(daily_breakdown, map()) as daily_breakdown
from summed
"""
UNUSUAL = f"""
with {SESSIONS},
summed as (
    select
        max(case when age = 1 then volume end) as volume,
        max(case when age = 1 then value_usd end) as value_usd,
        avg(case when age > 1 then volume end) as mean_volume,
        avg(case when age > 1 then value_usd end) as mean_usd
    from sessions
),
measured as (
    select
        *,
        round(volume / nullif(mean_volume, 0), 2) as volume_ratio,
        round(value_usd / nullif(mean_usd, 0), 2) as value_ratio
    from summed
)
select
    $symbol as symbol,
    coalesce(volume_ratio > 2 or value_ratio > 2, false) as is_unusual,
    volume_ratio,
    value_ratio,
    cast(coalesce(volume, 0) as bigint) as today_volume,
    cast(coalesce(mean_volume, 0) as bigint) as average_volume,
    coalesce(value_usd, 0) as today_value,
    round(coalesce(mean_usd, 0), 2) as average_value,
    case when volume_ratio > 3 then 'high' when volume_ratio > 2 then 'medium' else 'low' end
        as severity
from measured
"""


class Print(Shape):
    """A block off exchange: 10,000 shares or 200,000 USD at least."""

    model_config = like(
        symbol="AAPL", timestamp="2025-11-18T10:30:00", price=178.50, size=500_000,
        value=89_250_000.0, exchange="DARK_POOL", premium_discount=0.5, market_price=178.00,
        is_premium=True, sentiment="bullish",
    )  # fmt: skip

    symbol: str
    timestamp: Moment
    price: float = Field(description="USD a share.")
    size: int = Field(description="Shares.")
    value: float = Field(description="USD.")
    exchange: str
    premium_discount: float | None = Field(description="USD over the market's price.")
    market_price: float | None = Field(description="The middle of bid and ask just before.")
    is_premium: bool | None = Field(description="Above the market's price.")
    sentiment: Sentiment = Field(description="Who began it, as far as its price tells.")


class Sides(Shape):
    """How many prints buyers began, and sellers."""

    bullish: int
    bearish: int
    neutral: int = Field(description="Of which nobody can say who began them.")
    bullish_percentage: float | None = Field(description="Of those that have a side.")


class Large(Shape):
    """Prints of a million dollars and more."""

    count: int
    value: float
    percentage_of_value: float | None


class Summary(Shape):
    """A session's prints off exchange in figures."""

    symbol: str
    date: Moment | None
    total_prints: int
    total_volume: int = Field(description="Shares; FINRA's total where no tape is loaded.")
    total_value: float
    average_price: float | None = Field(description="USD a share, by volume.")
    average_size: int | None
    premium_prints: int
    discount_prints: int
    premium_percentage: float | None = Field(description="0 to 100, of prints beside a quote.")
    sentiment: Sides
    large_blocks: Large


class PatternDay(Shape):
    """One session of the patterns."""

    volume: int
    value: float
    prints: int
    premium_count: int


class Patterns(Shape):
    """Sessions added up, and whether the last five are above them."""

    symbol: str
    period_days: int
    total_prints: int
    total_volume: int
    total_value: float
    average_daily_volume: int
    average_daily_value: float
    volume_trend: Trend
    premium_percentage: float | None
    daily_breakdown: dict[str, PatternDay]


class Unusual(Shape):
    """The newest session against those before it."""

    symbol: str
    is_unusual: bool = Field(description="Over twice the mean, by volume or by value.")
    volume_ratio: float | None
    value_ratio: float | None
    today_volume: int
    average_volume: int
    today_value: float
    average_value: float
    severity: Severity


def prints(asking: Asking, symbol: str, limit: int, size: float = 0, usd: float = 0) -> list[Row]:
    """Return the newest blocks off exchange; older days are opened only for what is missing."""
    binds = {"symbol": symbol, "limit": limit, "min_size": size, "min_value": usd}
    found: list[Row] = []
    for days in (1, 7, 30):
        found = asking.rows(PRINTS, binds, days * DAY)
        if len(found) == limit:
            break
    return found


def summary(asking: Asking, symbol: str, day: date | None = None) -> Row:
    """Return the newest session with prints off exchange, or a day's."""
    binds = {"symbol": symbol, "day": day}
    return asking.row(SUMMARY, binds, 10 * DAY, until_day=asking.day(day), reach=SETTLED)


def routes(asking: Asking) -> APIRouter:
    """Return the routes under /dark-pool."""
    router = APIRouter(prefix="/dark-pool/{symbol}")

    @router.get("/prints", response_model=list[Print], summary="Blocks off exchange")
    def of_prints(
        symbol: Symbol, limit: Limit = 50, min_size: Usd = 0, min_value: Usd = 0
    ) -> list[Row]:
        return prints(asking, asking.symbol(symbol), limit, min_size, min_value)

    @router.get("/summary", response_model=Summary, summary="A session off exchange")
    def of_summary(symbol: Symbol, date: Day = None) -> Row:
        return summary(asking, asking.symbol(symbol), date)

    @router.get("/patterns", response_model=Patterns, summary="Sessions off exchange, added up")
    def of_patterns(symbol: Symbol, days: Days = 30) -> Row:
        binds = {"symbol": asking.symbol(symbol), "days": days}
        return asking.row(PATTERNS, binds, days * DAY, reach=SETTLED)

    @router.get("/unusual", response_model=Unusual, summary="The newest session against others")
    def of_unusual(symbol: Symbol, lookback_days: Days = 30) -> Row:
        binds = {"symbol": asking.symbol(symbol)}
        return asking.row(UNUSUAL, binds, lookback_days * DAY, reach=SETTLED)

    return router
