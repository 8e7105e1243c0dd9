-- rule:    B12
-- what:    In volume time, a pair's trades are more one-sided than they were in its month before.
-- grain:   one row per pair, UTC day and rung: the first bucket of the day at or above it
-- status:  live
-- every:   1m
-- needs:   1d
-- misses:  which way it goes; pairs without ten days of volume and 500 buckets of history; what
--          fills no bucket before midnight UTC; a trade that is taken back counts on
-- noisy:   when volume itself is high, which VPIN follows: it foretells nothing beside volume and
--          volatility; for days on end, for the values of 50 buckets share most of them

with params as (
    select
        1_000 as full_baseline  -- twenty times 50 buckets; below it the tail is a few hours
),

rungs as (
    select
        0.95 as rung,  -- the rule book's info
        0.99 as next_rung,
        10 as floor_score
    union all
    select
        0.99 as rung,  -- the rule book's low, and its alert
        1 as next_rung,
        20 as floor_score
),

reached as (
    select
        facts.*,
        rungs.rung, rungs.next_rung, rungs.floor_score, params.full_baseline,
        facts.venue || ':' || facts.pair as entity
    from features.vpin as facts
    cross join params
    inner join rungs on facts.vpin_pr >= rungs.rung
),

first_reached as (
    select *
    from reached
    window in_order as (partition by venue, pair, clock_date, rung order by bucket)
    qualify row_number() over in_order = 1
)

select
    entity,
    'pair' as entity_type,
    known_at as happened_at,
    known_at as fired_at,
    'neutral' as direction,
    -- 10 to 19, or 20 to 39, from the rung to the next.
    round(
        cast(
            floor_score
            + (floor_score - 1) * least(1, (vpin_pr - rung) / (next_rung - rung)) as double
        ), 6
    ) as score,
    cast(case when n_obs >= full_baseline then 0.5 else 0.3 end as double) as confidence,
    cast(null as double) as notional_usd,
    entity || ': buys and sells of the last 50 buckets differ by '
    || cast(round(100 * vpin) as bigint) || ' % of the volume, above '
    || cast(floor(100 * vpin_pr) as bigint) || ' % of the 30 days before' as headline,
    to_json(struct_pack(
        vpin := vpin, vpin_pr := vpin_pr, net_frac := net_frac, n_obs := n_obs,
        short_history := n_obs < full_baseline, bucket := bucket, clock_date := clock_date,
        first_date := first_date, bucket_volume := bucket_volume, n_days := n_days, rung := rung
    )) as evidence,
    concat_ws('|', 'crypto.vpin', entity, clock_date, rung) as alert_key
from first_reached
where known_at < (select clock.until from ops.clock as clock)
