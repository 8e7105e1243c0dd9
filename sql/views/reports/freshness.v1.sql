-- what:    How much of each dataset is loaded, and how new it is, as the ledger has it.
-- grain:   one row per dataset that a load in force wrote to
-- status:  live

with forgotten as (
    select forgets as load_id
    from raw.loads
    where forgets is not null
),

written as (
    select
        loads.load_id, loads.feed, loads.recorded_at, unnest(loads.datasets) as part
    from raw.loads as loads
    anti join forgotten on loads.load_id = forgotten.load_id
    where loads.action = 'load'
)

select
    written.part.dataset,  -- its name, as in raw.*
    cast(sum(written.part.n_rows) as bigint) as n_rows,  -- rows in force, tombstones left in
    count(distinct written.load_id) as n_loads,  -- loads in force
    min(written.part.since_date) as oldest_known_date,  -- the first day a row became known
    max(written.part.until_date) as newest_known_date,  -- the last day a row became known
    max(written.recorded_at) as newest_recorded_at,  -- when the store last took rows of it
    list_sort(list(distinct written.feed)) as feeds  -- who sent them
from written
where written.part.dataset <> 'rejected'
group by written.part.dataset
