-- rule:    A18
-- what:    What holders of options would receive at each strike if an expiration settled there.
-- grain:   one row per underlying, session, expiration and strike; of expirations with open
--          interest at 5 strikes or more; without adjusted contracts and symbols that a split left
--          behind
-- status:  live
-- needs:   1 session

with params as (
    select 5 as min_strikes  -- of fewer the least is an accident; rule book A18
),

strikes as (
    select
        underlying, session_date, expiration, strike,
        sum(
            case when put_call = 'call' then open_interest * multiplier else 0 end
        ) as call_units,
        sum(case when put_call = 'put' then open_interest * multiplier else 0 end) as put_units,
        sum(open_interest) as open_interest,
        max(known_at) as known_at
    from curated.option_chains
    where withdrawn_at is null and not is_dead and not is_adjusted
    group by underlying, session_date, expiration, strike
),

-- Calls pay below the settlement and puts above it; sums over strikes in order say both.
added as (
    select
        *,
        coalesce(sum(call_units) over below, 0) as call_units_below,
        coalesce(sum(cast(call_units as decimal(38, 8)) * strike) over below, 0)
            as call_usd_below,
        coalesce(sum(put_units) over above, 0) as put_units_above,
        coalesce(sum(cast(put_units as decimal(38, 8)) * strike) over above, 0) as put_usd_above,
        sum(case when open_interest > 0 then 1 else 0 end) over expirations as n_strikes,
        max(known_at) over expirations as newest_at
    from strikes
    window
        expirations as (partition by underlying, session_date, expiration),
        below as (
            partition by underlying, session_date, expiration order by strike
            rows between unbounded preceding and 1 preceding
        ),
        above as (
            partition by underlying, session_date, expiration order by strike
            rows between 1 following and unbounded following
        )
),

paid as (
    select
        added.*,
        cast(added.strike as double) * cast(added.call_units_below as double)
        - cast(added.call_usd_below as double)
        + cast(added.put_usd_above as double)
        - cast(added.strike as double) * cast(added.put_units_above as double) as payout
    from added
    cross join params
    where added.n_strikes >= params.min_strikes
)

select
    underlying, session_date, expiration, strike,
    round(payout, 2) as payout_usd,  -- to all holders, if it settles there
    row_number() over (
        partition by underlying, session_date, expiration order by round(payout, 2), strike
    ) = 1 as is_max_pain,  -- the least payout; of equals the lower strike
    cast(open_interest as double) as open_interest,  -- contracts of both kinds
    n_strikes,  -- with open interest
    newest_at as known_at
from paid
