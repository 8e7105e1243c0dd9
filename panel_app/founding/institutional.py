"""/smart-money/institutional: who holds a stock by 13F, what changed, and what insiders did."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from panel_app.founding.question import Asking, Row
from panel_app.founding.shapes import Moment, Sentiment, Shape, Symbol, like

Days = Annotated[
    int, Query(ge=1, le=365, description="Days back from the newest form that is loaded.")
]
Change = Literal["increased", "decreased", "new", "sold_out"]
Direction = Literal["strong_inflow", "inflow", "neutral", "outflow", "strong_outflow"]
# Of the insiders' classes, in the words of old.
_KINDS = """case insider_class
        when 'open_market_buy' then 'Buy'
        when 'open_market_sell' then 'Sell'
        when 'exercise' then 'Option Exercise'
        when 'compensation' then 'Award'
        when 'tax' then 'Tax'
        when 'gift' then 'Gift'
        when 'issuer' then 'Issuer'
        else 'Other'
    end"""
# Quarters are counted of the security of this ticker that most reports are of.
_OWN = """own as (
    select *
    from reports.institutional_quarters
    where ticker = $symbol
)"""

HOLDERS = """
select
    manager as name,
    cast(shares as bigint) as shares,
    round(value_usd, 2) as value,
    round(company_pct, 4) as percentage,
    cast(d_shares as bigint) as change,
    round(100 * cast(d_shares as double) / nullif(cast(prev_shares as double), 0), 4)
        as change_percentage,
    strftime(timezone('America/New_York', known_at), '%Y-%m-%dT00:00:00') as filing_date,
    coalesce(prev_shares = 0, false) as is_new_position,
    false as is_sold_out
from reports.institutional_holders
where ticker = $symbol
order by shares desc, cik
limit $limit
"""
CHANGES = """
with newest as (
    select max(period_end) as period_end
    from features.holder_changes
    where ticker = $symbol and withdrawn_at is null
),
counted as (
    select arg_max(shares, struct_pack(as_of := as_of_date, known := known_at)) as shares
    from curated.shares_outstanding
    where symbol = $symbol and withdrawn_at is null
)
select
    changes.manager as name,
    cast(changes.shares as bigint) as shares,
    round(changes.value_usd, 2) as value,
    round(100 * cast(changes.shares as double) / cast(counted.shares as double), 4) as percentage,
    cast(changes.d_shares as bigint) as change,
    round(100 * changes.change_frac, 4) as change_percentage,
    strftime(timezone('America/New_York', changes.known_at), '%Y-%m-%dT00:00:00') as filing_date,
    changes.holder_change = 'new' as is_new_position,
    changes.holder_change = 'sold_out' as is_sold_out
from features.holder_changes as changes
inner join newest on changes.period_end = newest.period_end
cross join counted
where
    changes.ticker = $symbol and changes.withdrawn_at is null
    and changes.put_call is null and changes.share_type = 'SH'
    and case cast($change_type as text)
        when 'increased' then changes.holder_change in ('increased', 'new')
        when 'decreased' then changes.holder_change in ('decreased', 'sold_out')
        when 'new' then changes.holder_change = 'new'
        when 'sold_out' then changes.holder_change = 'sold_out'
        else changes.holder_change <> 'unchanged'
    end
order by abs(changes.d_shares) desc, changes.cik
limit 500
"""
FLOW = f"""
with {_OWN},
quarters as (
    select
        'Q' || quarter(period_end) || ' ' || year(period_end) as quarter,
        n_holders as total_holders,
        round(inst_own_pct, 4) as institutional_ownership,
        cast(coalesce(d_shares, 0) as bigint) as net_change_shares,
        round(net_change_pct, 4) as net_change_percentage,
        coalesce(flow_label, 'neutral') as flow_direction,
        n_increased as holders_increased,
        n_decreased as holders_decreased,
        n_new as holders_new,
        n_sold_out as holders_sold_out,
        round(conviction_legacy, 2) as conviction_score,
        row_number() over (order by period_end desc, n_holders desc, cusip) as age
    from own
    qualify row_number() over (partition by period_end order by n_holders desc, cusip) = 1
),
newest as (
    select *
    from quarters
    order by age
    limit 1
),
past as (
    select
        list(struct_pack(
            quarter := quarter, total_holders := total_holders,
            net_change_shares := net_change_shares,
            net_change_percentage := net_change_percentage, flow_direction := flow_direction
        ) order by age) as history
    from (select * from quarters order by age limit $quarters) as asked
)
select
    $symbol as symbol,
    coalesce(newest.quarter, 'N/A') as quarter,
    coalesce(newest.total_holders, 0) as total_holders,
    newest.institutional_ownership,
    coalesce(newest.net_change_shares, 0) as net_change_shares,
    newest.net_change_percentage,
    coalesce(newest.flow_direction, 'neutral') as flow_direction,
    coalesce(newest.holders_increased, 0) as holders_increased,
    coalesce(newest.holders_decreased, 0) as holders_decreased,
    coalesce(newest.holders_new, 0) as holders_new,
    coalesce(newest.holders_sold_out, 0) as holders_sold_out,
    newest.conviction_score,
    coalesce(past.history, []) as history
from past
left join newest on true
"""
INSIDERS = f"""
select
    ticker as symbol,
    owner as insider_name,
    coalesce(
        owner_title,
        case when is_director then 'Director' when is_ten_percent then '10% Owner' end
    ) as title,
    {_KINDS} as transaction_type,
    cast(shares as bigint) as shares,
    round(price, 4) as price,
    round(value_usd, 2) as value,
    strftime(timezone('America/New_York', known_at), '%Y-%m-%dT00:00:00') as filing_date,
    strftime(trans_date, '%Y-%m-%dT00:00:00') as transaction_date,
    case is_direct when true then 'Direct' when false then 'Indirect' end as ownership_type,
    cast(shares_after as bigint) as shares_owned_after
from reports.insiders
where
    ticker = $symbol
    and trans_date >= cast((select clock.until from ops.clock as clock) as date) - $days
    and lower({_KINDS}) = coalesce(lower(cast($transaction_type as text)), lower({_KINDS}))
order by trans_date desc, known_at desc, accession_no, line
limit 500
"""
INSIDER_SENTIMENT = """
with told as (
    select
        *,
        case when is_discretionary and side = 1 then value_usd end as buy_usd,
        case when is_discretionary and side = -1 then value_usd end as sell_usd
    from reports.insiders
    where
        ticker = $symbol
        and trans_date >= cast((select clock.until from ops.clock as clock) as date) - $days
),
summed as (
    select
        count(*) as n_transactions,
        count(buy_usd) as n_buys,
        count(sell_usd) as n_sells,
        round(coalesce(sum(buy_usd), 0), 2) as buy_usd,
        round(coalesce(sum(sell_usd), 0), 2) as sell_usd,
        count(distinct owner_cik) as n_insiders
    from told
)
select
    $symbol as symbol,
    $days as period_days,
    n_transactions as total_transactions,
    n_buys as buy_transactions,
    n_sells as sell_transactions,
    buy_usd as total_buy_value,
    sell_usd as total_sell_value,
    round(buy_usd - sell_usd, 2) as net_value,
    case when buy_usd > sell_usd then 'bullish' when buy_usd < sell_usd then 'bearish'
        else 'neutral' end as sentiment,
    coalesce(round(100 * (buy_usd - sell_usd) / nullif(buy_usd + sell_usd, 0), 2), 0)
        as activity_score,
    n_insiders as recent_insiders
from summed
"""


class Holder(Shape):
    """A manager's position, as its newest 13F tells it."""

    model_config = like(
        name="Vanguard Group Inc", shares=1_250_000_000, value=222_500_000_000.0, percentage=8.5,
        change=5_000_000, change_percentage=0.4, filing_date="2025-11-15T00:00:00",
        is_new_position=False, is_sold_out=False,
    )  # fmt: skip

    name: str | None
    shares: int
    value: float | None = Field(description="USD, at the quarter's end.")
    percentage: float | None = Field(description="Of the shares outstanding, 0 to 100.")
    change: int | None = Field(description="Shares since a quarter before; null if not reported.")
    change_percentage: float | None
    filing_date: Moment
    is_new_position: bool
    is_sold_out: bool


class Quarter(Shape):
    """One quarter of the flow."""

    quarter: str
    total_holders: int
    net_change_shares: int
    net_change_percentage: float | None
    flow_direction: Direction


class Flow(Shape):
    """What managers together did in the newest quarter."""

    model_config = like(
        symbol="AAPL", quarter="Q3 2025", total_holders=5234, institutional_ownership=62.5,
        net_change_shares=150_000_000, net_change_percentage=1.0, flow_direction="inflow",
        holders_increased=2100, holders_decreased=1800, holders_new=450, holders_sold_out=380,
        conviction_score=1.34, history=[],
    )  # fmt: skip

    symbol: str
    quarter: str = Field(description="N/A while nobody has reported.")
    total_holders: int
    institutional_ownership: float | None = Field(description="Of the shares outstanding, percent.")
    net_change_shares: int
    net_change_percentage: float | None = Field(description="Null if nobody reported twice.")
    flow_direction: Direction
    holders_increased: int
    holders_decreased: int
    holders_new: int
    holders_sold_out: int
    conviction_score: float | None = Field(description="New less sold out, of 100 holders.")
    history: list[Quarter] = Field(description="So many quarters as asked, the newest first.")


class Insider(Shape):
    """One line of a form 4."""

    model_config = like(
        symbol="AAPL", insider_name="Ada Example", title="Chief Executive Officer",
        transaction_type="Sell", shares=100_000, price=178.50, value=17_850_000.0,
        filing_date="2025-11-17T00:00:00", transaction_date="2025-11-15T00:00:00",
        ownership_type="Direct", shares_owned_after=3_000_000,
    )  # fmt: skip

    symbol: str
    insider_name: str | None
    title: str | None
    transaction_type: str
    shares: int | None
    price: float | None
    value: float | None
    filing_date: Moment
    transaction_date: Moment
    ownership_type: Literal["Direct", "Indirect"] | None
    shares_owned_after: int | None


class InsiderSentiment(Shape):
    """What insiders bought and sold in the market at their own discretion."""

    symbol: str
    period_days: int
    total_transactions: int = Field(description="Of any kind.")
    buy_transactions: int
    sell_transactions: int
    total_buy_value: float
    total_sell_value: float
    net_value: float
    sentiment: Sentiment
    activity_score: float = Field(description="-100 all sold, 100 all bought.")
    recent_insiders: int


def holders(asking: Asking, symbol: str, limit: int) -> list[Row]:
    """Return the largest holders."""
    return asking.rows(HOLDERS, {"symbol": symbol, "limit": limit})


def flow(asking: Asking, symbol: str, quarters: int = 1) -> Row:
    """Return the newest quarter, and so many of those before as are asked for."""
    return asking.row(FLOW, {"symbol": symbol, "quarters": quarters})


def insider_sentiment(asking: Asking, symbol: str, days: int = 90) -> Row:
    """Return what insiders did in so many days."""
    return asking.row(INSIDER_SENTIMENT, {"symbol": symbol, "days": days})


def routes(asking: Asking) -> APIRouter:
    """Return the routes under /institutional."""
    router = APIRouter(prefix="/institutional/{symbol}")

    @router.get("/holders", response_model=list[Holder], summary="The largest holders")
    def of_holders(
        symbol: Symbol, limit: Annotated[int, Query(ge=1, le=100, description="At most.")] = 20
    ) -> list[Row]:
        return holders(asking, asking.symbol(symbol), limit)

    @router.get("/changes", response_model=list[Holder], summary="What managers changed")
    def of_changes(
        symbol: Symbol,
        change_type: Annotated[
            Change | None, Query(description="One kind; increased has new ones in it.")
        ] = None,
    ) -> list[Row]:
        binds = {"symbol": asking.symbol(symbol), "change_type": change_type}
        return asking.rows(CHANGES, binds)

    @router.get("/flow", response_model=Flow, summary="What managers together did")
    def of_flow(
        symbol: Symbol,
        quarters: Annotated[int, Query(ge=1, le=8, description="How many in the history.")] = 1,
    ) -> Row:
        return flow(asking, asking.symbol(symbol), quarters)

    @router.get("/insiders", response_model=list[Insider], summary="What insiders did")
    def of_insiders(
        symbol: Symbol,
        days: Days = 90,
        transaction_type: Annotated[
            str | None, Query(max_length=40, description="Buy, Sell, Option Exercise, Award, …")
        ] = None,
    ) -> list[Row]:
        binds = {"symbol": asking.symbol(symbol), "days": days}
        return asking.rows(INSIDERS, binds | {"transaction_type": transaction_type})

    @router.get(
        "/insider-sentiment", response_model=InsiderSentiment, summary="Bought against sold"
    )
    def of_sentiment(symbol: Symbol, days: Days = 90) -> Row:
        return insider_sentiment(asking, asking.symbol(symbol), days)

    return router
