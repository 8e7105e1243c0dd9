-- default: action = 'load', n_rejected = 0, n_rows = 10, feed = 'daily', venue = 'v', pair = 'P'
-- default: channel = 'book', reason = 'silence'

-- case: a daily feed is counted in sessions: over a weekend it is live, two sessions later stale
-- span: 1970-01-01 2024-02-13T20:00Z
-- given: raw.loads
select
    load_id, feed, n_rows, n_rejected,
    cast(at_text as timestamptz) + interval 1 minute as recorded_at,
    [struct_pack(
        dataset := 'short_volume', n_rows := n_rows, since_date := cast(left(at_text, 10) as date),
        until_date := cast(left(at_text, 10) as date), newest_at := cast(at_text as timestamptz)
    )] as datasets
from (
    values
    ('a1', 'late', 10, 0, '2024-02-01 22:00Z'), ('a2', 'late', 10, 0, '2024-02-02 22:00Z'),
    ('a3', 'late', 10, 0, '2024-02-05 22:00Z'), ('a4', 'late', 10, 0, '2024-02-06 22:00Z'),
    ('a5', 'late', 10, 0, '2024-02-07 22:00Z'), ('a6', 'late', 10, 0, '2024-02-08 22:00Z'),
    ('b1', 'fine', 10, 0, '2024-02-05 22:00Z'), ('b2', 'fine', 10, 0, '2024-02-06 22:00Z'),
    ('b3', 'fine', 10, 0, '2024-02-07 22:00Z'), ('b4', 'fine', 10, 0, '2024-02-08 22:00Z'),
    ('b5', 'fine', 10, 0, '2024-02-09 22:00Z'), ('b6', 'fine', 10, 0, '2024-02-12 22:00Z'),
    ('c1', 'new', 10, 0, '2024-02-12 22:00Z'),
    ('d1', 'odd', 10, 0, '2024-02-05 22:00Z'), ('d2', 'odd', 10, 0, '2024-02-06 22:00Z'),
    ('d3', 'odd', 10, 0, '2024-02-07 22:00Z'), ('d4', 'odd', 10, 0, '2024-02-08 22:00Z'),
    ('d5', 'odd', 90, 10, '2024-02-12 22:00Z'),
    ('e1', 'more', 10, 0, '2024-02-05 22:00Z'), ('e2', 'more', 10, 0, '2024-02-06 22:00Z'),
    ('e3', 'more', 10, 0, '2024-02-07 22:00Z'), ('e4', 'more', 10, 0, '2024-02-08 22:00Z'),
    ('e5', 'more', 10, 0, '2024-02-09 22:00Z'), ('e6', 'more', 90, 0, '2024-02-12 22:00Z'),
    ('f1', 'rule', 10, 0, '1970-01-01 00:00Z')
) as given (load_id, feed, n_rows, n_rejected, at_text);
-- expect: feed, state, since_at, n_rows_day, rejected_frac, reason
values
(
    'late', 'STALE', '2024-02-08 22:00Z', 0, null,
    'silent for 66600 s, usual are 23400 s while the exchange is open'
),
('fine', 'LIVE', null, 10, 0, 'it comes as it used to'),
('new', 'WARMING', '2024-02-12 22:01Z', 10, 0, 'loads so far: 1, too few to tell'),
('odd', 'DRIFT', '2024-02-12 22:00Z', 90, 0.1, '10.0 % of its rows were set aside'),
('more', 'DRIFT', '2024-02-12 00:00Z', 90, 0, '90 rows on 2024-02-12, usual are 10'),
('rule', 'LIVE', null, 0, null, 'it holds by rule, and nothing is due');

-- case: a feed of books is counted by the clock: gaps make it partial, and a minute's silence stale
-- span: 1970-01-01 2024-02-13T15:00:30Z
-- given: raw.loads
select
    feed || nth as load_id,
    feed,
    newest_at as recorded_at,
    [struct_pack(
        dataset := 'book_tops', n_rows := 10, since_date := date '2024-02-13',
        until_date := date '2024-02-13', newest_at := newest_at
    )] as datasets
from (
    select
        spoken.feed, flushes.nth,
        timestamptz '2024-02-13 14:58:00Z' + to_seconds(cast(flushes.nth * 2 as bigint))
        + case
            when spoken.feed = 'dead' then interval 0 seconds else interval 90 seconds
        end as newest_at
    from (values ('dead'), ('gapped'), ('whole')) as spoken (feed)
    cross join range(30) as flushes (nth)
) as given;
-- given: ops.feed_gaps
select *
from (
    values
    ('gapped', '2024-02-13 14:00Z', null),
    ('whole', '2024-02-13 14:00Z', '2024-02-13 14:01Z'),
    ('whole', '2024-02-10 14:00Z', null)
) as given (source, began_at, ended_at);
-- expect: feed, state, since_at, reason, usual_pause_s
values
('dead', 'STALE', '2024-02-13 14:58:58Z', 'silent for 92 s, usual are 2 s', 2),
(
    'gapped', 'PARTIAL', '2024-02-13 14:00Z', '1 gaps last since 2024-02-13 14:00:00+00', 2
),
('whole', 'LIVE', null, 'it comes as it used to', 2);

-- case: a load that was forgotten, and what the loop writes itself, are none of it
-- given: raw.loads
select
    load_id, action, forgets, recorded_at,
    [struct_pack(
        dataset := dataset, n_rows := 10, since_date := date '2024-02-13',
        until_date := date '2024-02-13', newest_at := timestamptz '2024-02-13 15:00Z'
    )] as datasets
from (
    values
    ('a', 'load', null, 'book_tops', '2024-02-13 15:00Z'),
    ('b', 'forget', 'a', 'book_tops', '2024-02-13 16:00Z'),
    ('c', 'load', null, 'alerts', '2024-02-13 15:00Z')
) as given (load_id, action, forgets, dataset, recorded_at);
-- expect: nothing
