-- what:     Numbers of crypto trades that are missing where a venue counts without a gap.
-- grain:    one row per gap, told with the trade after it
-- status:   live
-- every:    1h
-- severity: medium
-- needs:    5m

with params as (
    select
        50 as min_trades,  -- of fewer nobody knows how the venue counts
        0.98 as min_frac  -- of the numbers that follow the one before
),

steps as (
    select
        *,
        trade_id - lag(trade_id) over in_order - 1 as n_missing
    from raw.crypto_trades
    where not is_gone
    window in_order as (partition by source, venue, pair, is_aggregate order by trade_id)
),

counted as (
    select
        source, venue, pair, is_aggregate,
        count(n_missing) as n_steps,
        avg(case when n_missing = 0 then 1 when n_missing > 0 then 0 end) as follows_frac
    from steps
    group by source, venue, pair, is_aggregate
)

select
    'crypto_trades' as dataset,
    steps.venue || ':' || steps.pair as entity,
    steps.known_at,
    steps.n_missing || ' trades are missing before ' || steps.trade_id as reason,
    to_json(struct_pack(
        source := steps.source, trade_id := steps.trade_id, is_aggregate := steps.is_aggregate,
        n_missing := steps.n_missing, follows_frac := round(counted.follows_frac, 6)
    )) as evidence
from steps
cross join params
inner join counted
    on
        steps.source = counted.source
        and steps.venue = counted.venue
        and steps.pair = counted.pair
        and steps.is_aggregate = counted.is_aggregate
where
    steps.n_missing > 0
    and counted.n_steps >= params.min_trades
    and counted.follows_frac >= params.min_frac
