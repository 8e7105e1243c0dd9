-- what:    What was told on a day of a session's off-exchange prints of a stock, by who began them.
-- grain:   one row per session, symbol and known_date; a print that was withdrawn on the day it
--          was told, before the session's last word, is in no sum, and one withdrawn later in all
-- status:  live
-- keep:    partials
-- needs:   0s

with params as (
    select
        interval 255 minutes as max_wait,  -- as in features.equity_session_days
        1_000_000 as min_large_usd,  -- a large print, rule book C6
        10_000_000 as min_block_usd  -- a block, rule book C6
),

prints as (
    select
        tape.symbol, tape.session_date, tape.known_at, tape.side, tape.is_midpoint,
        cast(timezone('UTC', tape.known_at) as date) as known_date,
        cast(tape.value_usd as decimal(18, 2)) as usd,
        tape.value_usd >= params.min_large_usd as is_large,
        tape.value_usd >= params.min_block_usd as is_block
    from curated.equity_trades as tape
    cross join params
    where
        tape.counts_volume and tape.is_offex
        and tape.known_at < tape.closes_at + params.max_wait
        and coalesce(
            tape.withdrawn_at >= tape.closes_at + params.max_wait
            or cast(timezone('UTC', tape.withdrawn_at) as date)
            > cast(timezone('UTC', tape.known_at) as date), true
        )
)

select
    session_date,
    symbol,
    known_date,  -- the UTC day on which these prints became known
    max(known_at) as known_at,
    cast(sum(usd) as decimal(28, 2)) as total_usd,  -- off exchange
    cast(sum(case when side = 1 then usd else 0 end) as decimal(28, 2))
        as bull_usd,  -- begun by a buyer
    cast(sum(case when side = -1 then usd else 0 end) as decimal(28, 2))
        as bear_usd,  -- begun by a seller
    cast(sum(case when is_midpoint then usd else 0 end) as decimal(28, 2))
        as mid_usd,  -- exactly between bid and ask, of no side
    cast(sum(case when is_large then usd else 0 end) as decimal(28, 2))
        as large_usd,  -- of prints of 1 M USD and more
    count(*) as n_prints,  -- off exchange
    cast(sum(case when is_large then 1 else 0 end) as bigint)
        as n_large_prints,  -- of 1 M USD and more
    cast(sum(case when is_block then 1 else 0 end) as bigint)
        as n_blocks  -- prints of 10 M USD and more
from prints
group by session_date, symbol, known_date
