-- what:    Rows that broke their dataset's contract, with the reason and where they came from.
-- grain:   one row per row set aside
-- status:  live

select
    recorded_at, dataset, reason, row, origin, position,
    source, load_id
from raw.rejected
