-- rule:    F1
-- what:    A stock moves far within a day or a quarter of an hour, for what it usually does.
-- grain:   one row per symbol, session and direction: the first two minutes that agree
-- status:  live
-- every:   1m
-- needs:   1 session
-- misses:  moves outside the session; a second move of the session in its direction; what is gone
--          within a minute; stocks below a dollar
-- noisy:   on the news; after the open and before the close while 10 sessions of minutes lack

with params as (
    select
        5 as threshold_pct,  -- rule book F1: since the close before
        3 as threshold_sigma,  -- rule book F1: of a quarter of an hour
        1 as min_price_usd,  -- below it a tick is a move; a guess
        interval 3 minutes as max_gap  -- an older minute confirms nothing, rule book F1
),

moves as (
    select
        facts.*,
        params.threshold_pct, params.threshold_sigma, params.max_gap,
        coalesce(abs(facts.chg_day_pct) / params.threshold_pct, 0) as day_times,
        coalesce(abs(facts.z_15m) / params.threshold_sigma, 0) as sigma_times
    from features.price_moves as facts
    cross join params
    where facts.price >= params.min_price_usd
),

-- Which way the stronger of the two goes.
signed as (
    select
        *,
        greatest(day_times, sigma_times) as times,
        case
            when greatest(day_times, sigma_times) < 1 then 0
            when sigma_times >= day_times then sign(z_15m)
            else sign(chg_day_pct)
        end as way
    from moves
),

-- A single odd price is no move.
confirmed as (
    select
        *,
        lag(way) over in_order as previous_way,
        lag(starts_at) over in_order as previous_at
    from signed
    window in_order as (partition by symbol, session_date order by starts_at)
),

firsts as (
    select
        *,
        row_number() over (
            partition by symbol, session_date, way order by known_at, starts_at
        ) as nth
    from confirmed
    where way <> 0 and previous_way = way and starts_at <= previous_at + max_gap
)

select
    symbol as entity,
    'underlying' as entity_type,
    known_at as happened_at,
    known_at as fired_at,
    case when way > 0 then 'bull' else 'bear' end as direction,
    round(
        cast(
            case  -- 20, 40, 60, 80 and 100 at 1, 1.5, 2, 3 and 6 times the threshold
                when times < 1.5 then 20 + 40 * (times - 1)
                when times < 2 then 40 + 40 * (times - 1.5)
                when times < 3 then 60 + 20 * (times - 2)
                else least(100, 80 + 20 * (times - 3) / 3)
            end as double
        ), 6
    ) as score,
    cast(case when sigma_d is null then 0.5 else 0.8 end as double) as confidence,
    cast(null as double) as notional_usd,
    symbol || case
        when sigma_times >= day_times
            then
                ': ' || cast(round(chg_15m_pct, 2) as decimal(18, 2)) || ' % in 15 minutes, '
                || cast(round(abs(z_15m), 1) as decimal(18, 1)) || ' times the usual'
        else ': ' || cast(round(chg_day_pct, 2) as decimal(18, 2)) || ' % since the close before'
    end as headline,
    to_json(struct_pack(
        session_date := session_date, price := price, chg_day_pct := chg_day_pct,
        chg_14d_pct := chg_14d_pct, chg_5m_pct := chg_5m_pct, chg_15m_pct := chg_15m_pct,
        z_5m := z_5m, z_15m := z_15m, sigma_d := sigma_d, pace_15 := pace_15,
        times := round(times, 6),
        threshold_pct := threshold_pct, threshold_sigma := threshold_sigma,
        trigger := case when sigma_times >= day_times then '15m' else 'day' end,
        starts_us := epoch_us(starts_at)
    )) as evidence,
    concat_ws(
        '|', 'prices.rapid_move', symbol, session_date, case when way > 0 then 'up' else 'down' end
    ) as alert_key
from firsts
where nth = 1 and known_at < (select clock.until from ops.clock as clock)
