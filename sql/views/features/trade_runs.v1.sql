-- what:    Trades of one side that follow one another within a second, added up.
-- grain:   one row per venue, pair, second of known_at and run; volume that is cut anywhere in a
--          run has the same sides as its trades cut there
-- status:  live
-- keep:    partials, rolling 1s
-- needs:   0s

with prints as (
    select
        *,
        date_trunc('second', known_at) as second_at
    from features.crypto_prints
),

steps as (
    select
        *,
        case when lag(side) over in_order = side then 0 else 1 end as n_begun
    from prints
    window
        in_order as (
            partition by venue, pair, second_at order by known_at, is_aggregate, sequence, trade_id
        )
),

numbered as (
    select
        *,
        sum(n_begun) over in_order as run
    from steps
    window
        in_order as (
            partition by venue, pair, second_at order by known_at, is_aggregate, sequence, trade_id
        )
)

select
    venue,
    pair,
    known_date,  -- the UTC day of the second
    second_at,  -- the second's begin
    cast(run as bigint) as run,  -- 1 for the second's first
    side,
    max(known_at) as known_at,
    sum(size) as volume,  -- base units
    count(*) as n_trades  -- trades, or aggregates where only those are told
from numbered
group by venue, pair, known_date, second_at, run, side
