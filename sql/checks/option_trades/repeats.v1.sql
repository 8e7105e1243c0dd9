-- what:     Option prints that two loads tell under two numbers: a file that came twice.
-- grain:    one row per root, session and later load
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
            contract := contract, venue := venue, traded_at := traded_at, price := price,
            size := size, condition := condition
        ) as said
    from raw.option_trades
    where not is_gone
),

loaded as (
    select
        source, root, session_date, said, load_id,
        min(recorded_at) as recorded_at, max(known_at) as known_at, count(*) as n_prints,
        min(trade_id) as first_id
    from told
    group by source, root, session_date, said, load_id
),

-- The same number again is a correction.
again as (
    select *
    from loaded
    window
        in_order as (
            partition by source, root, session_date, said order by recorded_at, load_id
        )
    qualify lag(first_id) over in_order <> first_id
),

counted as (
    select
        source, root, session_date, load_id,
        max(known_at) as known_at, sum(n_prints) as n_prints
    from again
    group by source, root, session_date, load_id
)

select
    'option_trades' as dataset,
    counted.root as entity,
    counted.known_at,
    counted.n_prints || ' prints of ' || counted.session_date || ' were loaded before' as reason,
    to_json(struct_pack(
        source := counted.source, session_date := counted.session_date,
        load_id := counted.load_id, n_prints := counted.n_prints
    )) as evidence
from counted
cross join params
where counted.n_prints >= params.min_prints
