-- what:    Net premium in calls and in puts through a session, minute by minute, with the price.
-- grain:   one row per underlying, session and minute in which prints became known; what was
--          withdrawn by the end of the question is in none
-- status:  live
-- needs:   24h

with prints as (
    select
        underlying, session_date, put_call, known_at, sequence, contract, trade_id,
        underlying_price,
        date_trunc('minute', known_at) as minute_at,
        cast(round(premium_usd) as bigint) as premium_usd,
        -- Legs of packages, crosses and the like have a price of their own, and no side.
        case when opt_trade_class in ('regular', 'auction') then side end as side
    from curated.option_trades
    where
        withdrawn_at is null
        and opt_trade_class in (
            'regular', 'auction', 'cross', 'floor', 'multi_leg', 'stock_tied', 'late'
        )
),

minutes as (
    select
        underlying, session_date, minute_at,
        max(known_at) as known_at,
        arg_max(
            underlying_price,
            struct_pack(at := known_at, n := sequence, contract := contract, id := trade_id)
        ) filter (where underlying_price is not null) as price,
        sum(premium_usd) as premium_usd,
        sum(case when put_call = 'call' then coalesce(side, 0) * premium_usd else 0 end)
            as call_usd,
        sum(case when put_call = 'put' then coalesce(side, 0) * premium_usd else 0 end) as put_usd
    from prints
    group by underlying, session_date, minute_at
)

select
    minute_at,  -- when the minute begins in which its prints became known
    underlying,
    session_date,
    cast(sum(call_usd) over so_far as double)
        as net_call_usd,  -- calls bought less sold since the session began
    cast(sum(put_usd) over so_far as double)
        as net_put_usd,  -- puts bought less sold since the session began
    cast(sum(call_usd - put_usd) over so_far as double)
        as net_premium_usd,  -- the one less the other
    cast(premium_usd as double) as premium_usd,  -- of this minute, of all prints
    cast(price as double) as price,  -- USD of the underlying, before the last print
    known_at
from minutes
window so_far as (partition by underlying, session_date order by minute_at)
