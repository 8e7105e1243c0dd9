-- rule:    E1, C6
-- what:    What a stock's blocks of five sessions bought less what they sold, in usual days' value.
-- grain:   one row per symbol and session with prints, told five hours after the close; without
--          blocks it is 0; balance is null below 10 sessions of history
-- status:  live
-- needs:   1d, 27 sessions of features.equity_sessions, 6 sessions of features.equity_sided_prints
-- misses:  prints that are large for the stock's own prints alone (block_stat): of each print of a
--          year it would hold sixty sessions against it

with params as (
    select
        interval 5 hours as max_wait,  -- all that FINRA, bars and the tape tell of a session is in
        interval 255 minutes as max_delay,  -- as in features.equity_session_days
        10 as min_adv_sessions,  -- rule book 0.3; below it a mean says little
        0.01 as min_adv_frac,  -- of a day's shares, rule book C6: block_adv
        10_000_000 as min_block_usd,  -- rule book C6: a block of its own
        0.2 as min_sided_frac  -- of the blocks' value, as of other prints, rule book C3
),

days as (
    select
        totals.symbol, totals.session_date,
        totals.known_at as told_at,
        sessions.closes_at + params.max_wait as known_at,
        sessions.closes_at + params.max_delay as late_at,
        sessions.sequence as place,
        totals.volume, totals.value_usd
    from features.equity_sessions as totals
    cross join params
    inner join curated.us_sessions as sessions on totals.session_date = sessions.session_date
    where sessions.closes_at + params.max_wait < (select clock.until from ops.clock as clock)
),

-- The usual day is of the twenty sessions before.
usual as (
    select
        *,
        count(*) over before as n_adv_sessions,
        cast(sum(volume) over before as double) / nullif(count(*) over before, 0) as adv_volume,
        cast(sum(value_usd) over before as double) / nullif(count(*) over before, 0) as adv_usd
    from days
    window
        before as (
            partition by symbol order by place range between 20 preceding and 1 preceding
        )
),

blocks as (
    select
        usual.symbol, usual.place,
        count(*) as n_blocks,
        sum(cast(prints.value_usd as decimal(18, 2))) as total_usd,
        sum(case when prints.side is not null then cast(prints.value_usd as decimal(18, 2)) end)
            as sided_usd,
        sum(prints.side * cast(prints.value_usd as decimal(18, 2))) as net_usd
    from usual
    cross join params
    inner join features.equity_sided_prints as prints
        on usual.symbol = prints.symbol and usual.session_date = prints.session_date
    where
        prints.known_at < usual.late_at
        and (
            prints.value_usd >= params.min_block_usd
            or cast(prints.size as double) >= params.min_adv_frac * usual.adv_volume
        )
    group by usual.symbol, usual.place
),

summed as (
    select
        usual.*,
        cast(coalesce(sum(blocks.n_blocks) over last_five, 0) as bigint) as n_blocks,
        cast(coalesce(sum(blocks.total_usd) over last_five, 0) as double) as total_usd,
        cast(coalesce(sum(blocks.sided_usd) over last_five, 0) as double) as sided_usd,
        cast(coalesce(sum(blocks.net_usd) over last_five, 0) as double) as net_usd
    from usual
    left join blocks on usual.symbol = blocks.symbol and usual.place = blocks.place
    window
        last_five as (
            partition by usual.symbol order by usual.place
            range between 4 preceding and current row
        )
)

select
    summed.symbol,
    summed.session_date,
    summed.known_at,
    summed.told_at,  -- when the session's prints had all been told
    summed.place,  -- of the session in the calendar
    summed.n_blocks,  -- in five sessions
    summed.total_usd,  -- of them
    summed.net_usd,  -- bought less sold
    round(summed.adv_usd, 2) as adv_usd,  -- a usual day's value, mean of 20 sessions
    case
        when summed.n_adv_sessions >= params.min_adv_sessions
            then round(summed.net_usd / nullif(summed.adv_usd, 0), 9)
    end as balance,  -- bought less sold, in usual days
    summed.total_usd > 0 and summed.sided_usd < params.min_sided_frac * summed.total_usd
        as is_few_sided  -- too little has a side for the balance to say anything
from summed
cross join params
