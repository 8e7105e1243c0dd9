-- what:    What was told on a day of a session's prints of a stock, on and off exchange.
-- grain:   one row per session, symbol and known_date; a print that was withdrawn on the day it
--          was told, before the session's last word, is in no sum, and one withdrawn later in all
-- status:  live
-- keep:    partials
-- needs:   0s

with params as (
    select
        interval 255 minutes as max_wait  -- after the close: extended hours end after four hours
),

prints as (
    select
        tape.*,
        cast(timezone('UTC', tape.known_at) as date) as known_date,
        cast(tape.size as decimal(20, 6)) as shares,
        cast(tape.value_usd as decimal(18, 2)) as usd
    from curated.equity_prints as tape
    cross join params
    where
        tape.counts_volume
        and tape.known_at < tape.closes_at + params.max_wait
        and coalesce(
            tape.withdrawn_at >= tape.closes_at + params.max_wait
            or cast(timezone('UTC', tape.withdrawn_at) as date)
            > cast(timezone('UTC', tape.known_at) as date), true
        )
)

select
    prints.session_date,
    prints.symbol,
    prints.known_date,  -- the UTC day on which these prints became known
    max(prints.known_at) as known_at,
    cast(sum(prints.shares) as decimal(28, 6)) as volume,  -- shares
    cast(sum(case when prints.is_offex then prints.shares else 0 end) as decimal(28, 6))
        as offex_volume,  -- shares executed off exchange
    cast(sum(case when prints.is_auction then prints.shares else 0 end) as decimal(28, 6))
        as auction_volume,  -- shares of openings, reopenings and closings
    cast(sum(case when prints.is_late then prints.shares else 0 end) as decimal(28, 6))
        as late_volume,  -- shares reported late
    cast(sum(prints.usd) as decimal(28, 2)) as value_usd,
    cast(sum(case when prints.is_offex then prints.usd else 0 end) as decimal(28, 2))
        as offex_value_usd,  -- of what was executed off exchange
    count(*) as n_prints,  -- that count as volume
    cast(sum(case when prints.is_offex then 1 else 0 end) as bigint)
        as n_offex_prints,  -- executed off exchange
    cast(sum(case when prints.is_offex is null then 1 else 0 end) as bigint)
        as n_unknown_venues,  -- prints of which nobody says where they were executed
    cast(sum(case when prints.has_unknown_code then 1 else 0 end) as bigint)
        as n_unknown_codes  -- prints with a code of a meaning nobody told
from prints
group by prints.session_date, prints.symbol, prints.known_date
