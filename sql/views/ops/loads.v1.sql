-- what:    Every load and every forget of this store, in the order of its own clock.
-- grain:   one row per line of the ledger
-- status:  live

select
    recorded_at, action, feed, coverage, publication, n_rows, n_gone, n_rejected,
    known_from, load_id, forgets, content_hash, n_conflicts, datasets, origin,
    started_at, duration_ms
from raw.loads
