-- what:     Prints of stocks that two loads tell under two numbers: a file that came twice.
-- grain:    one row per symbol, session and later load
-- status:   live
-- every:    1d
-- severity: high
-- needs:    1 sessions

with params as (
    select 3 as min_prints  -- fewer are alike by chance
),

told as (
    select
        *,
        struct_pack(
            venue := venue, traded_at := traded_at, price := price, size := size
        ) as said
    from raw.equity_trades
    where not is_gone
),

loaded as (
    select
        source, symbol, session_date, said, load_id,
        min(recorded_at) as recorded_at, max(known_at) as known_at, count(*) as n_prints
    from told
    group by source, symbol, session_date, said, load_id
),

again as (
    select *
    from loaded
    window
        in_order as (
            partition by source, symbol, session_date, said order by recorded_at, load_id
        )
    qualify lag(load_id) over in_order is not null
),

counted as (
    select
        source, symbol, session_date, load_id,
        max(known_at) as known_at, sum(n_prints) as n_prints
    from again
    group by source, symbol, session_date, load_id
)

select
    'equity_trades' as dataset,
    counted.symbol as entity,
    counted.known_at,
    counted.n_prints || ' prints of ' || counted.session_date || ' were loaded before' as reason,
    to_json(struct_pack(
        source := counted.source, session_date := counted.session_date,
        load_id := counted.load_id, n_prints := counted.n_prints
    )) as evidence
from counted
cross join params
where counted.n_prints >= params.min_prints
