-- case: every load and every forget is a line, in the words of the ledger
-- given: raw.loads
select *
from (
    values
    ('a1', 'load', 'cboe_chains', 'spx.csv', 0, null, 'loader', 90, 0, 3, '2026-01-01 00:00:02Z'),
    ('b2', 'forget', 'cboe_chains', 'spx.csv', 1, 'a1', 'loading', 0, 0, 0, '2026-01-02 00:00:01Z')
) as given (
    load_id, action, feed, coverage, publication, forgets, known_from, n_rows, n_gone, n_rejected,
    recorded_at
);
-- expect: load_id, action, feed, coverage, publication, forgets, known_from, n_rows, n_gone,
--     n_rejected, recorded_at
values
('a1', 'load', 'cboe_chains', 'spx.csv', 0, null, 'loader', 90, 0, 3, '2026-01-01 00:00:02Z'),
('b2', 'forget', 'cboe_chains', 'spx.csv', 1, 'a1', 'loading', 0, 0, 0, '2026-01-02 00:00:01Z');

-- case: a line says what went where, from where, and how long it took
-- given: raw.loads
select
    'c3' as load_id,
    '5f70' as content_hash,
    1 as n_conflicts,
    'data/spx.csv' as origin,
    '2026-01-01 00:00:01Z' as started_at,
    1_500 as duration_ms,
    '2026-01-01 00:00:02Z' as recorded_at,
    [struct_pack(
        dataset := 'option_chains', n_rows := 90, since_date := date '2019-05-09',
        until_date := date '2019-05-31', newest_at := timestamptz '2019-05-31 20:30Z'
    )] as datasets;
-- expect: recorded_at, content_hash, n_conflicts, origin, started_at, duration_ms, datasets
select
    '2026-01-01 00:00:02Z' as recorded_at,
    '5f70' as content_hash,
    1 as n_conflicts,
    'data/spx.csv' as origin,
    '2026-01-01 00:00:01Z' as started_at,
    1_500 as duration_ms,
    [struct_pack(
        dataset := 'option_chains', n_rows := 90, since_date := date '2019-05-09',
        until_date := date '2019-05-31', newest_at := timestamptz '2019-05-31 20:30Z'
    )] as datasets;
