-- what:     Sources of stock prints whose sale conditions have no meaning that anybody told.
-- grain:    one row per source and session with more than one such print in a thousand, told 4 h
--           15 min after the close
-- status:   live
-- every:    1h
-- severity: medium
-- needs:    24h

with params as (
    select
        0.001 as max_unknown_frac,  -- of a session's prints; rule book C1
        interval 255 minutes as max_wait  -- as in features.off_exchange_flow
),

counted as (
    select
        prints.source, prints.session_date,
        max(prints.closes_at + params.max_wait) as known_at,
        count(*) as n_prints,
        count(*) filter (where prints.has_unknown_code) as n_unknown,
        list_sort(list(distinct prints.conditions) filter (where prints.has_unknown_code))
            as conditions
    from curated.equity_prints as prints
    cross join params
    where
        prints.known_at < prints.closes_at + params.max_wait
        and prints.closes_at + params.max_wait < (select clock.until from ops.clock as clock)
    group by prints.source, prints.session_date
)

select
    'equity_trades' as dataset,
    counted.source as entity,
    counted.known_at,
    counted.n_unknown || ' of ' || counted.n_prints || ' prints of ' || counted.session_date
    || ' have conditions that nobody explains' as reason,
    to_json(struct_pack(
        session_date := counted.session_date, n_prints := counted.n_prints,
        n_unknown := counted.n_unknown, conditions := counted.conditions
    )) as evidence
from counted
cross join params
where counted.n_unknown > params.max_unknown_frac * counted.n_prints
