-- what:    Each second's messages and trades beside those of the same hour a day before.
-- grain:   one row per venue, pair and second with a message, known when it is over; what compares
--          is null below 600 seconds of history
-- status:  live
-- needs:   1s, 25h of features.book_message_hours

with params as (
    select
        interval 24 hours as baseline,  -- rule book B9: the same hour, within 24 hours
        600 as min_obs,  -- seconds with a message; ten minutes of an hour, a guess
        interval 1 second as bar  -- the length of a second bar
),

bars as (
    select
        bars.*,
        bars.bar_at + params.bar as ended_at,
        date_trunc('hour', bars.bar_at) as hour_at
    from features.book_messages as bars
    cross join params
),

asked as (
    select
        venue, pair, hour_at
    from bars
    group by venue, pair, hour_at
),

baselines as (
    select
        asked.venue, asked.pair, asked.hour_at, past.measure, past.n,
        ln(1 + past.n) as y,
        cast(sum(past.n_bars) as bigint) as n_bars
    from asked
    cross join params
    inner join features.book_message_hours as past
        on
            asked.venue = past.venue
            and asked.pair = past.pair
            and past.hour_at = asked.hour_at - params.baseline
    group by asked.venue, asked.pair, asked.hour_at, past.measure, past.n
),

by_number as (
    select
        *,
        sum(n_bars) over in_order as n_up_to,
        sum(n_bars) over of_hour as n_obs
    from baselines
    window
        in_order as (
            partition by venue, pair, hour_at, measure order by n
            rows between unbounded preceding and current row
        ),
        of_hour as (partition by venue, pair, hour_at, measure)
),

middles as (
    select
        venue, pair, hour_at, measure,
        max(n_obs) as n_obs,
        (
            min(case when 2 * n_up_to >= n_obs then n end)
            + min(case when 2 * n_up_to > n_obs then n end)
        ) / 2.0 as median_n,
        (
            min(case when 2 * n_up_to >= n_obs then y end)
            + min(case when 2 * n_up_to > n_obs then y end)
        ) / 2 as median_y
    from by_number
    group by venue, pair, hour_at, measure
),

deviations as (
    select
        baselines.*,
        middles.n_obs, middles.median_n, middles.median_y,
        round(abs(baselines.y - middles.median_y), 12) as deviation
    from baselines
    inner join middles
        on
            baselines.venue = middles.venue
            and baselines.pair = middles.pair
            and baselines.hour_at = middles.hour_at
            and baselines.measure = middles.measure
),

by_deviation as (
    select
        *,
        sum(n_bars) over in_order as n_up_to
    from deviations
    window
        in_order as (
            partition by venue, pair, hour_at, measure order by deviation, n
            rows between unbounded preceding and current row
        )
),

spreads as (
    select
        venue, pair, hour_at, measure,
        max(n_obs) as n_obs,
        max(median_n) as median_n,
        max(median_y) as median_y,
        (
            min(case when 2 * n_up_to >= n_obs then deviation end)
            + min(case when 2 * n_up_to > n_obs then deviation end)
        ) / 2 as mad_y
    from by_deviation
    group by venue, pair, hour_at, measure
),

usual as (
    select
        spreads.*
    from spreads
    cross join params
    where spreads.n_obs >= params.min_obs
)

select
    bars.venue,
    bars.pair,
    bars.bar_at,  -- the second's begin
    bars.ended_at as known_at,  -- the second's end
    bars.n_messages,
    bars.n_adds,
    bars.n_removals,
    bars.n_trades,
    cast(coalesce(messages.n_obs, 0) as bigint) as n_obs,  -- seconds in the baseline, from 600 on
    cast(messages.median_n as double)
        as median_messages,  -- a second, in the same hour a day before
    round(messages.mad_y, 9) as mad_log_messages,  -- of ln(1 + messages) in it
    cast(trades.median_n as double) as median_trades,  -- a second, in the same hour a day before
    round(
        0.6745 * (ln(1 + bars.n_messages) - messages.median_y) / nullif(messages.mad_y, 0), 6
    ) as stuffing_mz,  -- modified z of ln(1 + messages); null where half of them are equal
    bars.epoch
from bars
left join usual as messages
    on
        bars.venue = messages.venue
        and bars.pair = messages.pair
        and bars.hour_at = messages.hour_at
        and messages.measure = 'messages'
left join usual as trades
    on
        bars.venue = trades.venue
        and bars.pair = trades.pair
        and bars.hour_at = trades.hour_at
        and trades.measure = 'trades'
where bars.ended_at < (select clock.until from ops.clock as clock)
