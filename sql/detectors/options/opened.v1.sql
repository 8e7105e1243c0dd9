-- rule:    A11
-- what:    A sweep, golden sweep, block or split whose contract the next morning's open interest
--          says was opened: the order once more, one tier higher.
-- grain:   one row per order that one of those four detectors told
-- status:  live
-- every:   1h
-- needs:   2 sessions
-- misses:  orders in contracts of which fewer than 100 traded, or whose chain was not told after
--          the close; an order that opened while others closed; open interest that comes after
--          07:00 New York; coins, whose volumes are of 24 hours
-- noisy:   when others opened the contract and the order closed, for only its sum is known

with params as (
    select
        interval 7 hours as told_after,  -- open interest comes at 06:30 New York, or minutes later
        20 as tier  -- as wide as a severity is; rule book 0.1
),

told as (
    select * from detectors.options_golden_sweep
    union all
    select * from detectors.options_sweep
    union all
    select * from detectors.options_block
    union all
    select * from detectors.options_split
),

-- At 07:00 of New York's summer and of its winter; else nothing fires, and nothing is read.
orders as (
    select
        told.alert_key, told.entity, told.happened_at, told.fired_at, told.direction, told.score,
        told.confidence, told.notional_usd, told.headline,
        split_part(told.alert_key, '|', 1) as detector,
        split_part(told.alert_key, '|', 3) as contract,
        split_part(told.alert_key, '|', 4) as first_trade_id,
        cast(split_part(told.alert_key, '|', 5) as date) as session_date
    from told
    cross join ops.clock as clock
    where
        (epoch_us(clock.until) - 39_600_000_001) // 86_400_000_000
        > (epoch_us(clock.since) - 39_600_000_001) // 86_400_000_000
        or (epoch_us(clock.until) - 43_200_000_001) // 86_400_000_000
        > (epoch_us(clock.since) - 43_200_000_001) // 86_400_000_000
),

-- A golden sweep is a sweep too, and is told once.
firsts as (
    select *
    from orders
    qualify
        row_number() over (
            partition by contract, first_trade_id, session_date order by score desc, detector asc
        ) = 1
),

mornings as (
    select
        changes.*,
        timezone('America/New_York', cast(changes.next_date as timestamp) + params.told_after)
            as told_at
    from features.oi_change as changes
    cross join params
    where changes.calendar = 'XNYS' and changes.open_close_label = 'mostly_opening'
),

fired as (
    select
        firsts.*,
        params.tier,
        mornings.told_at, mornings.oi_date, mornings.d_oi, mornings.volume, mornings.open_ratio,
        mornings.open_interest, mornings.previous_open_interest, mornings.oi_exceeds_volume
    from firsts
    cross join params
    inner join mornings
        on
            firsts.contract = mornings.contract
            and firsts.session_date = mornings.oi_date
            and firsts.fired_at <= mornings.told_at
            and mornings.told_at >= mornings.known_at
            and coalesce(mornings.told_at < mornings.withdrawn_at, true)
)

select
    entity,
    'underlying' as entity_type,
    happened_at,
    told_at as fired_at,
    direction,
    round(cast(least(100, score + tier) as double), 6) as score,
    confidence,
    notional_usd,
    headline || '; the morning after its open interest is up by ' || cast(d_oi as bigint) || ' of '
    || cast(volume as bigint) || ' traded' as headline,
    to_json(struct_pack(
        contract := contract, session_date := session_date, raises := alert_key,
        raised_score := score, first_trade_id := first_trade_id, oi_date := oi_date,
        d_oi := cast(d_oi as double), volume := cast(volume as double), open_ratio := open_ratio,
        open_interest := cast(open_interest as double),
        previous_open_interest := cast(previous_open_interest as double),
        oi_exceeds_volume := oi_exceeds_volume
    )) as evidence,
    concat_ws('|', 'options.opened', entity, contract, first_trade_id, session_date) as alert_key
from fired
where told_at < (select clock.until from ops.clock as clock)
