-- case: what stands is counted, and what was forgotten is not
-- given: raw.loads
select *
from (
    values
    ('a', 'load', null, 'cboe', 10, 2, '2026-01-01 00:00Z'),
    ('b', 'load', null, 'finra', 5, 0, '2026-01-02 00:00Z'),
    ('c', 'load', null, 'finra', 100, 1, '2026-01-03 00:00Z'),
    ('d', 'forget', 'c', 'finra', 0, 0, '2026-01-04 00:00Z')
) as given (load_id, action, forgets, feed, n_rows, n_rejected, recorded_at);
-- expect: n_loads, n_feeds, n_rows, n_rejected, newest_recorded_at
values (2, 2, 15, 2, '2026-01-02 00:00Z');

-- case: an empty store has noughts and no moment
-- given: raw.loads
select '2026-01-01 00:00Z' as recorded_at
where false;
-- expect: n_loads, n_feeds, n_rows, n_rejected, newest_recorded_at
values (0, 0, 0, 0, null);
