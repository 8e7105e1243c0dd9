-- rule:    B5
-- what:    An order book leans to one side as it hardly ever does, and stays so.
-- grain:   one row per pair, run of such seconds and rung: 5 s and 60 s
-- status:  live
-- every:   5s
-- needs:   90s
-- misses:  pairs without an hour of bars in the day before; depth behind the best five levels; a
--          lean that is interrupted for a second
-- noisy:   when a large order is shown to be seen and taken away again; in a pair whose best five
--          levels hold next to nothing

with params as (
    select
        0.99 as min_abs_obi_pr,  -- the rule book's alert
        interval 5 seconds as max_silence,  -- rule book B1; behind it the book is not known
        interval 1 second as bar,  -- the length of a second bar
        interval 5 seconds as low_rung,  -- the rule book's alert
        interval 60 seconds as medium_rung,  -- the rule book's medium; `needs` covers it
        43_200 as full_baseline  -- half a day of bars; below it the tail is of a few hours
),

leaning as (
    select
        bars.*,
        params.max_silence, params.bar,
        coalesce(bars.abs_obi_pr >= params.min_abs_obi_pr, false) as is_high,
        case when bars.obi > 0 then 1 else -1 end as book_side
    from features.book_imbalance as bars
    cross join params
),

steps as (
    select
        *,
        coalesce(
            not lag(is_high) over in_order
            or lag(book_side) over in_order <> book_side
            or lag(epoch) over in_order <> epoch
            or bar_at - lag(bar_at) over in_order > max_silence,
            true
        ) as is_first
    from leaning
    window in_order as (partition by venue, pair order by bar_at)
),

runs as (
    select
        *,
        max(case when is_first then bar_at end) over in_order as began_at
    from steps
    where is_high
    window in_order as (partition by venue, pair order by bar_at)
),

held as (
    select
        *,
        bar_at + bar as ended_at,
        min(abs_obi_pr) over in_order as min_pr,
        min(abs(obi)) over in_order as min_abs_obi,
        count(*) over in_order as n_bars,
        lag(bar_at + bar) over in_order as before_at
    from runs
    window in_order as (partition by venue, pair, began_at order by bar_at)
),

rungs as (
    select
        '5s' as rung,
        low_rung as lasts,
        20 as floor_score
    from params
    union all
    select
        '60s' as rung,
        medium_rung as lasts,
        40 as floor_score
    from params
),

reached as (
    select
        held.*,
        rungs.rung, rungs.floor_score,
        params.min_abs_obi_pr, params.full_baseline,
        held.venue || ':' || held.pair as entity
    from held
    cross join params
    inner join rungs
        on
            held.ended_at >= held.began_at + rungs.lasts
            and coalesce(held.before_at < held.began_at + rungs.lasts, true)
)

select
    entity,
    'pair' as entity_type,
    ended_at as happened_at,
    ended_at as fired_at,
    case when book_side = 1 then 'bull' else 'bear' end as direction,
    -- 20 to 39, or 40 to 59, from the lowest rank that fires to the highest.
    round(
        cast(
            floor_score + 19 * (min_pr - min_abs_obi_pr) / nullif(1 - min_abs_obi_pr, 0) as double
        ), 6
    ) as score,
    cast(case when n_obs >= full_baseline then 0.5 else 0.3 end as double) as confidence,
    cast(null as double) as notional_usd,
    entity || ': the best five levels held '
    || case when book_side = 1 then 'bids' else 'asks' end || ' at '
    || cast(round(50 * (1 + min_abs_obi)) as bigint) || ' % or more for ' || rung
    || ', above ' || cast(floor(100 * min_pr) as bigint) || ' % of the day before' as headline,
    to_json(struct_pack(
        obi := obi, min_abs_obi := min_abs_obi, abs_obi_pr := abs_obi_pr,
        min_abs_obi_pr := min_pr, n_obs := n_obs, short_history := n_obs < full_baseline,
        n_bars := n_bars, mid := mid, microprice := microprice, spread_bps := spread_bps,
        obi_10bps := obi_10bps, epoch := epoch, rung := rung,
        began_us := epoch_us(began_at), ended_us := epoch_us(ended_at)
    )) as evidence,
    concat_ws('|', 'crypto.imbalance', entity, epoch_ms(began_at), rung) as alert_key
from reached
where ended_at < (select clock.until from ops.clock as clock)
