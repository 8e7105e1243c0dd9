-- default: action = 'load'

-- case: rows of a dataset add up over its loads, and its newest day is named
-- given: raw.loads
select
    load_id, feed, recorded_at,
    [
        struct_pack(
            dataset := dataset, n_rows := n_rows,
            since_date := cast(since_date as date), until_date := cast(until_date as date)
        )
    ] as datasets
from (
    values
    ('a', 'cboe', 'open_interest', 10, '2024-03-01', '2024-03-02', '2026-01-01 00:00Z'),
    ('b', 'other', 'open_interest', 5, '2024-02-28', '2024-03-01', '2026-01-03 00:00Z'),
    ('c', 'finra', 'short_volume', 7, '2024-03-05', '2024-03-05', '2026-01-02 00:00Z')
) as given (load_id, feed, dataset, n_rows, since_date, until_date, recorded_at);
-- expect: dataset, n_rows, n_loads, oldest_known_date, newest_known_date, newest_recorded_at, feeds
values
(
    'open_interest', 15, 2, '2024-02-28', '2024-03-02', '2026-01-03 00:00Z', ['cboe', 'other']
),
('short_volume', 7, 1, '2024-03-05', '2024-03-05', '2026-01-02 00:00Z', ['finra']);

-- case: a load that was forgotten and rows that were set aside are none of it
-- given: raw.loads
select
    load_id, action, forgets, recorded_at,
    [
        struct_pack(
            dataset := dataset, n_rows := 10,
            since_date := date '2024-03-01', until_date := date '2024-03-01'
        )
    ] as datasets
from (
    values
    ('a', 'load', null, 'open_interest', '2026-01-01 00:00Z'),
    ('b', 'forget', 'a', 'open_interest', '2026-01-02 00:00Z'),
    ('c', 'load', null, 'rejected', '2026-01-03 00:00Z'),
    ('d', 'load', null, 'open_interest', '2026-01-04 00:00Z')
) as given (load_id, action, forgets, dataset, recorded_at);
-- expect: dataset, n_rows, n_loads, newest_recorded_at
values ('open_interest', 10, 1, '2026-01-04 00:00Z');

-- case: of two feeds of a dataset the one that does worst is told
-- given: raw.loads
select
    'a' as load_id,
    'a' as feed,
    timestamptz '2026-01-01 00:00Z' as recorded_at,
    [
        struct_pack(
            dataset := 'book_tops', n_rows := 10,
            since_date := date '2024-03-01', until_date := date '2024-03-01'
        )
    ] as datasets;
-- given: ops.feeds
select *
from (
    values
    ('book_tops', 'a', 'LIVE', 'it comes as it used to'),
    ('book_tops', 'b', 'STALE', 'silent for 92 s'),
    ('crypto_trades', 'c', 'PARTIAL', 'a gap')
) as given (dataset, feed, state, reason);
-- expect: dataset, n_rows, feed_state, feed_reason
values ('book_tops', 10, 'STALE', 'b: silent for 92 s');
