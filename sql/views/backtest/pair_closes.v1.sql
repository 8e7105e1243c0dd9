-- rule:    F2
-- what:    The last trade of each crypto pair in every five minutes; without a trade it stands on.
-- grain:   one row per pair and five minutes, from its first trade on; a price without a trade
--          stands for an hour at most, and then there is none until the next
-- status:  live
-- needs:   1h
-- misses:  trades that became known over five minutes after their five minutes

with params as (
    select
        interval 5 minutes as length,  -- of a bar, as 300 s below
        interval 5 minutes as max_report_delay,  -- after the end; a trade told later is no price
        12 as max_bars  -- an hour; what nobody has traded for longer has no price
),

minutes as (
    select
        bars.venue || ':' || bars.pair as entity,
        bars.close, bars.known_at, params.max_bars,
        time_bucket(params.length, bars.bar_at) + params.length as ends_at,
        struct_pack(at := bars.bar_at, merged := bars.is_aggregate, day := bars.known_date) as place
    from features.crypto_trade_bars as bars
    cross join params
    where
        bars.known_at < time_bucket(params.length, bars.bar_at)
        + params.length + params.max_report_delay
        and bars.close > 0
),

traded as (
    select
        entity, max_bars,
        cast(epoch(ends_at) as bigint) // 300 as place,
        arg_max(close, place) as price,
        max(known_at) as told_at
    from minutes
    group by entity, ends_at, max_bars
),

-- A bar stands for itself and for the eleven after it.
steps as (select unnest(range(12)) as n),

spells as (
    select
        *,
        coalesce(
            lead(place) over (partition by entity order by place) - place, max_bars
        ) as n_bars
    from traded
)

select
    spells.entity,  -- venue:BASE-QUOTE
    spells.entity as security_id,  -- the same
    'pair' as kind,  -- always pair
    '5m' as bar,  -- five minutes
    cast(timezone('UTC', to_timestamp((spells.place + steps.n - 1) * 300)) as date)
        as session_date,  -- the UTC day in which the five minutes begin
    spells.place + steps.n as place,  -- counts the five minutes since 1970
    to_timestamp((spells.place + steps.n) * 300) as bar_at,  -- the end of the five minutes
    spells.price,  -- quote currency
    spells.price as traded_price,  -- the same
    greatest(spells.told_at, to_timestamp((spells.place + steps.n) * 300))
        as known_at  -- when the five minutes were over and its last trade was told
from spells
inner join steps
    on spells.n_bars > steps.n and spells.max_bars > steps.n
where
    to_timestamp((spells.place + steps.n) * 300) < (select clock.until from ops.clock as clock)
