-- what:    What the store holds, as the ledger has it.
-- grain:   one row
-- status:  live

with forgotten as (
    select forgets as load_id
    from raw.loads
    where forgets is not null
)

select
    count(*) as n_loads,  -- loads in force
    count(distinct loads.feed) as n_feeds,  -- who sent them
    cast(coalesce(sum(loads.n_rows), 0) as bigint) as n_rows,  -- rows of the loads in force
    cast(coalesce(sum(loads.n_rejected), 0) as bigint) as n_rejected,  -- rows that were set aside
    max(loads.recorded_at) as newest_recorded_at  -- when the store last took rows
from raw.loads as loads
anti join forgotten on loads.load_id = forgotten.load_id
where loads.action = 'load'
