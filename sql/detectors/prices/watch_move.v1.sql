-- rule:    F1
-- what:    What is on a personal watch list has moved further than its owner allows.
-- grain:   one row per list, symbol, horizon, direction and crossing of a session
-- status:  live
-- every:   1m
-- needs:   25h
-- misses:  what is gone within a minute; a crossing within an hour of the end of the last one;
--          moves outside the session; that one goes on to a multiple of its threshold; halts, but
--          for the pause that they leave
-- noisy:   on the news; on a half day's last half hour, which is held against quiet ones

with params as (
    select interval 60 minutes as cooldown  -- rule book F1: after it is over
),

-- Most never reach their threshold.
reached as (
    select *
    from features.watch_marks
    window whole as (partition by watchlist, symbol, horizon, way, session_date)
    qualify max(mark) over whole = 1
),

-- It is over its threshold from a mark of 1 on, until a mark of 0.
followed as (
    select
        *,
        max(case when mark = 1 then known_at end) over so_far as over_at,
        max(case when mark = 0 then known_at end) over so_far as armed_at
    from reached
    window
        so_far as (
            partition by watchlist, symbol, horizon, way, session_date
            order by known_at, starts_at rows between unbounded preceding and 1 preceding
        )
),

stated as (
    select
        *,
        coalesce(over_at > armed_at, over_at is not null or (is_over_before and armed_at is null))
            as is_over
    from followed
),

crossed as (
    select
        *,
        max(case when mark = 0 and is_over then known_at end) over so_far as ended_at
    from stated
    window
        so_far as (
            partition by watchlist, symbol, horizon, way, session_date
            order by known_at, starts_at rows between unbounded preceding and 1 preceding
        )
),

fired as (
    select
        crossed.*,
        case
            when crossed.bar = '1d' then 'close'
            when crossed.n_minutes is not null and crossed.ago_at is null then 'gap'
            when
                crossed.n_minutes is null and crossed.nth_minute <= 1
                and crossed.symbol not like '%:%'
                then 'gap'
            when
                crossed.starts_at > crossed.ago_at + (crossed.n_minutes + 3) * interval 1 minute
                then 'resumed'
            else 'move'
        end as kind
    from crossed
    cross join params
    where
        crossed.mark = 1
        and not crossed.is_over
        and coalesce(crossed.known_at >= crossed.ended_at + params.cooldown, true)
)

select
    symbol as entity,
    case when symbol like '%:%' then 'pair' else 'underlying' end as entity_type,
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
    cast(
        case when sigma_d is null then 0.5 when kind in ('close', 'resumed') then 0.6 else 0.8 end
        as double
    ) as confidence,
    case when symbol not like '%:%' or symbol like '%-USD%' then round(abs(quantity) * price, 2) end
        as notional_usd,
    symbol || ': ' || cast(round(chg_pct, 2) as decimal(18, 2)) || ' % '
    || case
        when horizon = '14d' then 'over the mean of 14 closes'
        when kind = 'gap' then 'since the close before, a gap'
        when horizon = '1d' then 'since the close before'
        when kind = 'resumed'
            then
                'since it last traded, '
                || cast((epoch_us(starts_at) - epoch_us(ago_at)) // 60_000_000 as bigint)
                || ' minutes before'
        else 'in ' || n_minutes || ' minutes'
    end
    || case
        when is_by_sigma
            then ', ' || cast(round(abs(z), 1) as decimal(18, 1)) || ' times the usual'
        else ''
    end
    || '; ' || watchlist || ' asks for '
    || case
        when is_by_sigma then cast(round(threshold_sigma, 1) as decimal(18, 1)) || ' times'
        else cast(round(threshold_pct, 2) as decimal(18, 2)) || ' %'
    end as headline,
    to_json(struct_pack(
        watchlist := watchlist, horizon := horizon, kind := kind, session_date := session_date,
        price := price, chg_pct := chg_pct, z := z, times := times, threshold_pct := threshold_pct,
        threshold_sigma := threshold_sigma, sigma_d := sigma_d, ago_us := epoch_us(ago_at),
        starts_us := epoch_us(starts_at), quantity := quantity, cost_usd := cost_usd,
        value_at_risk := round(quantity * price, 2),
        gain := round(quantity * (price - cost_usd), 2)
    )) as evidence,
    concat_ws(
        '|', 'prices.watch_move', symbol,
        concat_ws(
            ' ', watchlist, horizon, case when way > 0 then 'up' else 'down' end,
            epoch_us(starts_at) // 1_000_000
        ), session_date
    ) as alert_key
from fired
where known_at < (select clock.until from ops.clock as clock)
