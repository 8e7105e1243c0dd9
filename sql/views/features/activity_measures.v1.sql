-- rule:    E6
-- what:    How much of a stock was traded in a session: in all, off exchange, and in large prints.
-- grain:   one row per symbol, session, component and basis, told five hours after the close; half
--          sessions have none, since nothing is like them
-- scaled:  split_ratio
-- status:  live
-- needs:   1d

with params as (
    select
        interval 5 hours as max_wait  -- as in features.off_exchange_sessions
),

sessions as (
    select
        us.session_date, us.sequence, us.opens_at,
        us.closes_at + params.max_wait as told_at
    from curated.us_sessions as us
    cross join params
    where
        not us.is_half_session
        and us.closes_at + params.max_wait < (select clock.until from ops.clock as clock)
),

bars as (
    select
        bars.symbol, bars.session_date,
        cast(bars.volume as double) as volume,
        cast(bars.close as double) as close_usd,
        bars.volume_split / nullif(cast(bars.volume as double), 0) as split_ratio
    from curated.equity_bars as bars
    inner join sessions on bars.session_date = sessions.session_date
    where
        bars.bar = '1d'
        and bars.volume > 0
        and bars.known_at between sessions.opens_at and sessions.told_at
        and coalesce(bars.withdrawn_at > sessions.told_at, true)
),

large as (
    select
        prints.symbol, prints.session_date,
        sum(cast(prints.value_usd as decimal(28, 2))) as value_usd,
        max(prints.value_usd) as top_usd,
        max(
            struct_pack(value_usd := prints.value_usd, size := prints.size, id := prints.print_id)
        ) as largest
    from features.equity_large_prints as prints
    inner join sessions
        on
            prints.session_date = sessions.session_date
            and prints.known_at <= sessions.told_at
    group by prints.symbol, prints.session_date
),

measures as (
    select
        symbol, session_date, split_ratio,
        'volume' as component,
        'bar' as basis,
        volume as amount,
        volume * close_usd as value_usd,
        volume,
        cast(null as double) as top_usd,
        cast(null as double) as top_size
    from bars
    union all
    select
        symbol, session_date, split_ratio,
        'off_exchange' as component,
        basis,
        offex_volume as amount,
        offex_value_usd as value_usd,
        volume,
        cast(null as double) as top_usd,
        cast(null as double) as top_size
    from features.off_exchange_sessions
    union all
    -- A session of prints without a large one is one of zero.
    select
        tape.symbol, tape.session_date,
        coalesce(bars.split_ratio, 1) as split_ratio,
        'blocks' as component,
        'prints' as basis,
        cast(coalesce(large.value_usd, 0) as double) as amount,
        cast(coalesce(large.value_usd, 0) as double) as value_usd,
        cast(tape.volume as double) as volume,
        cast(large.top_usd as double) as top_usd,
        cast(large.largest.size as double) as top_size
    from features.equity_sessions as tape
    left join bars on tape.symbol = bars.symbol and tape.session_date = bars.session_date
    left join large on tape.symbol = large.symbol and tape.session_date = large.session_date
)

select
    measures.symbol,
    measures.session_date,
    sessions.told_at as known_at,  -- five hours after the close
    sessions.sequence as place,  -- of the session in the calendar
    measures.component,  -- volume, off_exchange or blocks
    measures.basis,  -- who tells it: a bar, prints of the tape, or FINRA's totals
    round(measures.amount, 6)
        as amount,  -- shares; of blocks the USD of prints of a million and more
    round(measures.value_usd, 2) as value_usd,  -- of that amount; null without a bar
    round(measures.volume, 6) as volume,  -- shares in all; null where nobody tells
    measures.top_usd,  -- of blocks: the largest print
    measures.top_size,  -- of blocks: the shares of the largest print
    round(measures.split_ratio, 9) as split_ratio  -- shares of the span's end for one of these
from measures
inner join sessions on measures.session_date = sessions.session_date
