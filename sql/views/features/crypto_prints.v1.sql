-- what:    Trades of crypto venues in the order in which they became known, each counted once.
-- grain:   one row per trade as it was first told; aggregates only of pairs that told no single
--          trade in the hour before; what is told over 59 minutes late is left out
-- status:  live
-- needs:   1h

with params as (
    select
        interval 59 minutes as max_delay,  -- with it no trade is told twice over an hour apart
        interval 1 hour as lookback  -- a stream of single trades ended by then; a kept day sees it
),

trades as (
    select
        trades.*,
        params.lookback
    from curated.crypto_trades as trades
    cross join params
    where trades.known_at <= trades.traded_at + params.max_delay
),

replaced as (
    select
        venue, pair, is_aggregate, trade_id, known_at
    from trades
    where withdrawn_at is not null
),

firsts as (
    select trades.*
    from trades
    left join replaced
        on
            trades.venue = replaced.venue
            and trades.pair = replaced.pair
            and trades.is_aggregate = replaced.is_aggregate
            and trades.trade_id = replaced.trade_id
            and trades.known_at > replaced.known_at
            and trades.known_at - trades.lookback <= replaced.known_at
    where replaced.venue is null
),

followed as (
    select
        *,
        max(case when not is_aggregate then known_at end) over in_order as single_at
    from firsts
    window
        in_order as (
            partition by venue, pair order by known_at, is_aggregate, sequence, trade_id
        )
)

select
    venue,
    pair,
    traded_at,
    known_at,
    cast(timezone('UTC', known_at) as date) as known_date,  -- the UTC day of known_at
    sequence,
    trade_id,
    is_aggregate,
    side,
    price,
    cast(size as decimal(28, 8)) as size,  -- base units
    cast(notional as decimal(28, 8)) as notional  -- quote currency
from followed
where not is_aggregate or coalesce(single_at < known_at - lookback, true)
