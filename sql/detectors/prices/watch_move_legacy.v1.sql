-- rule:    F1
-- what:    What is watched lies further from the mean of its 14 closes than its owner allows.
-- grain:   one row per list, symbol, session and direction: the first price over the threshold
-- status:  live
-- every:   1m
-- needs:   25h
-- misses:  lists that give no per cent, or another horizon than 14 sessions; a second crossing of a
--          session; what a volatile stock does every day is to it as much as what a quiet one does
-- noisy:   on a single odd price; every day anew while a price stays away from its mean

with watches as (
    select *
    from curated.watchlists
    where is_active and threshold_pct is not null and coalesce(horizon = '14d', true)
),

beyond as (
    select
        watches.watchlist, watches.symbol, watches.threshold_pct, watches.quantity,
        watches.cost_usd,
        changes.session_date, changes.starts_at, changes.known_at, changes.price,
        changes.chg_14d_pct, changes.sigma_d,
        sign(changes.chg_14d_pct) as way,
        round(abs(changes.chg_14d_pct) / watches.threshold_pct, 9) as times,
        row_number() over (
            partition by
                watches.watchlist, watches.symbol, changes.session_date, sign(changes.chg_14d_pct)
            order by changes.known_at, changes.starts_at
        ) as nth
    from watches
    inner join features.watch_changes as changes
        on
            watches.symbol = changes.symbol
            and watches.known_at <= changes.known_at
            and coalesce(watches.withdrawn_at > changes.known_at, true)
    where
        abs(changes.chg_14d_pct) >= watches.threshold_pct
        and coalesce(
            watches.direction = case when changes.chg_14d_pct > 0 then 'up' else 'down' end, true
        )
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
    cast(0.5 as double) as confidence,
    case when symbol not like '%:%' or symbol like '%-USD%' then round(abs(quantity) * price, 2) end
        as notional_usd,
    symbol || ': ' || cast(round(chg_14d_pct, 2) as decimal(18, 2))
    || ' % over the mean of 14 closes; ' || watchlist || ' asks for '
    || cast(round(threshold_pct, 2) as decimal(18, 2)) || ' %' as headline,
    to_json(struct_pack(
        watchlist := watchlist, session_date := session_date, price := price,
        chg_14d_pct := chg_14d_pct, times := times, threshold_pct := threshold_pct,
        sigma_d := sigma_d, starts_us := epoch_us(starts_at), quantity := quantity,
        cost_usd := cost_usd, value_at_risk := round(quantity * price, 2),
        gain := round(quantity * (price - cost_usd), 2)
    )) as evidence,
    concat_ws(
        '|', 'prices.watch_move_legacy', symbol,
        concat_ws(' ', watchlist, case when way > 0 then 'up' else 'down' end), session_date
    ) as alert_key
from beyond
where nth = 1 and known_at < (select clock.until from ops.clock as clock)
