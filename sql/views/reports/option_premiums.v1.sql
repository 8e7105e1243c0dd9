-- what:    A session's premium in calls and puts of an underlying, who began it, and its orders.
-- grain:   one row per underlying and session with option prints, so far
-- status:  live
-- needs:   24h

with premiums as (
    select
        underlying, session_date,
        max(known_at) as known_at,
        sum(case when put_call = 'call' then premium_usd else 0 end) as call_premium_usd,
        sum(case when put_call = 'put' then premium_usd else 0 end) as put_premium_usd,
        sum(case when put_call = 'call' then bought_usd else sold_usd end) as bull_premium_usd,
        sum(case when put_call = 'call' then sold_usd else bought_usd end) as bear_premium_usd
    from features.option_flow_half_hours
    group by underlying, session_date
),

orders as (
    select
        underlying, session_date,
        sum(case when put_call = 'call' then 1 else 0 end) as n_call_orders,
        sum(case when put_call = 'put' then 1 else 0 end) as n_put_orders,
        sum(case when put_call = 'call' and parent_kind = 'sweep' then 1 else 0 end)
            as n_call_sweeps,
        sum(case when put_call = 'put' and parent_kind = 'sweep' then 1 else 0 end) as n_put_sweeps,
        sum(
            case
                when parent_kind = 'sweep' and (put_call = 'call') = (side = 1) then 1 else 0
            end
        ) as n_bull_sweeps,
        sum(
            case
                when parent_kind = 'sweep' and (put_call = 'call') <> (side = 1) then 1 else 0
            end
        ) as n_bear_sweeps
    from features.option_parents
    group by underlying, session_date
)

select
    premiums.underlying,
    premiums.session_date,
    premiums.known_at,
    cast(premiums.call_premium_usd as double) as call_premium_usd,  -- of all prints
    cast(premiums.put_premium_usd as double) as put_premium_usd,  -- of all prints
    cast(premiums.bull_premium_usd as double) as bull_premium_usd,  -- calls bought and puts sold
    cast(premiums.bear_premium_usd as double) as bear_premium_usd,  -- calls sold and puts bought
    cast(coalesce(orders.n_call_orders, 0) as bigint) as n_call_orders,  -- whose side is known
    cast(coalesce(orders.n_put_orders, 0) as bigint) as n_put_orders,  -- whose side is known
    cast(coalesce(orders.n_call_sweeps, 0) as bigint) as n_call_sweeps,  -- on several venues
    cast(coalesce(orders.n_put_sweeps, 0) as bigint) as n_put_sweeps,  -- on several venues
    cast(coalesce(orders.n_bull_sweeps, 0) as bigint)
        as n_bull_sweeps,  -- calls bought and puts sold
    cast(coalesce(orders.n_bear_sweeps, 0) as bigint)
        as n_bear_sweeps  -- calls sold and puts bought
from premiums
left join orders
    on premiums.underlying = orders.underlying and premiums.session_date = orders.session_date
order by premiums.session_date desc, premiums.underlying asc
