-- rule:    B9
-- what:    Bursts of messages that add and cancel, and trade no more than usual.
-- grain:   one row per pair, run of such seconds and rung: 3 s, 10 s and 30 s
-- status:  live
-- every:   5s
-- needs:   35s
-- misses:  books that the venue tells at fixed steps, such as ten messages a second; pairs without
--          ten minutes of seconds in the same hour a day before; what is added and cancelled
--          between two messages; a wider spread, which would make it high
-- noisy:   when the venue tells at once what it held back; where no trades are loaded, so that none
--          rise; when a whole book is quoted anew on news

with params as (
    select
        10 as cut_mz,  -- rule book B9
        0.95 as min_cancel_ratio,  -- rule book B9
        2 as max_trade_ratio,  -- rule book B9; from twice the median on trades rise
        1 as min_median_trades,  -- below it one trade would be a rise
        20 as full_mz,  -- at which the score of a rung ends, twice the cut; a guess
        interval 1 second as bar,  -- the length of a second bar
        interval 3 seconds as low_rung,  -- rule book B9
        interval 10 seconds as medium_rung,  -- rule book B9
        interval 30 seconds as high_rung  -- rule book B9; `needs` covers it
),

seconds as (
    select
        rate.*,
        params.bar,
        greatest(0, rate.n_removals - rate.n_trades) as n_cancels,
        coalesce(rate.stuffing_mz >= params.cut_mz, false) as is_stuffed
    from features.book_message_rate as rate
    cross join params
),

steps as (
    select
        *,
        coalesce(
            not lag(is_stuffed) over in_order
            or lag(epoch) over in_order <> epoch
            or bar_at - lag(bar_at) over in_order > bar,
            true
        ) as is_first
    from seconds
    window in_order as (partition by venue, pair order by bar_at)
),

runs as (
    select
        *,
        max(case when is_first then bar_at end) over in_order as began_at
    from steps
    where is_stuffed
    window in_order as (partition by venue, pair order by bar_at)
),

held as (
    select
        *,
        min(stuffing_mz) over in_order as run_mz,
        max(n_messages) over in_order as max_messages,
        sum(n_messages) over in_order as sum_messages,
        sum(n_adds) over in_order as sum_adds,
        sum(n_cancels) over in_order as sum_cancels,
        sum(n_trades) over in_order as sum_trades,
        count(*) over in_order as n_bars
    from runs
    window in_order as (partition by venue, pair, began_at order by bar_at)
),

rungs as (
    select
        '3s' as rung,
        low_rung as lasts,
        20 as floor_score
    from params
    union all
    select
        '10s' as rung,
        medium_rung as lasts,
        40 as floor_score
    from params
    union all
    select
        '30s' as rung,
        high_rung as lasts,
        60 as floor_score
    from params
),

reached as (
    select
        held.*,
        rungs.rung, rungs.floor_score,
        params.cut_mz, params.full_mz,
        held.venue || ':' || held.pair as entity
    from held
    cross join params
    inner join rungs on held.began_at + rungs.lasts = held.known_at
    -- Of the run so far: in a second alone adds and cancels seldom are as many.
    where
        held.sum_cancels >= params.min_cancel_ratio * held.sum_adds
        and held.sum_trades
        < params.max_trade_ratio * held.n_bars
        * greatest(held.median_trades, params.min_median_trades)
)

select
    entity,
    'pair' as entity_type,
    known_at as happened_at,
    known_at as fired_at,
    'neutral' as direction,
    -- 20 to 39, 40 to 59, or 60 to 79, by the weakest second.
    round(
        cast(
            least(
                floor_score + 19,
                floor_score + 19 * (run_mz - cut_mz) / nullif(full_mz - cut_mz, 0)
            ) as double
        ), 6
    ) as score,
    -- Where no second of the hour before had a trade, perhaps nobody records them.
    cast(case when median_trades > 0 then 0.6 else 0.4 end as double) as confidence,
    cast(null as double) as notional_usd,
    entity || ': ' || cast(sum_messages as bigint) || ' messages in ' || rung || ', usually '
    || cast(round(median_messages) as bigint) || ' a second, with '
    || cast(sum_cancels as bigint) || ' cancels, ' || cast(sum_adds as bigint) || ' adds and '
    || cast(sum_trades as bigint) || ' trades' as headline,
    to_json(struct_pack(
        n_messages := n_messages, min_mz := run_mz, stuffing_mz := stuffing_mz,
        max_messages := max_messages, sum_messages := cast(sum_messages as bigint),
        n_adds := cast(sum_adds as bigint), n_cancels := cast(sum_cancels as bigint),
        n_trades := cast(sum_trades as bigint), median_messages := median_messages,
        mad_log_messages := mad_log_messages, median_trades := median_trades, n_obs := n_obs,
        n_bars := n_bars, epoch := epoch, rung := rung, began_us := epoch_us(began_at),
        ended_us := epoch_us(known_at)
    )) as evidence,
    concat_ws('|', 'crypto.stuffing', entity, epoch_ms(began_at), rung) as alert_key
from reached
where known_at < (select clock.until from ops.clock as clock)
