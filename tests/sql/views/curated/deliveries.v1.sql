-- default: channel = 'desk', rule = 'big', subject = 'AAPL: sweep', action_ids = ['a']

-- case: each step of a notice is a row, one that was told twice is one
-- given: raw.deliveries
select *
from (
    values
    ('n', 0, 'queued', null, '2024-03-01 15:00Z', 'l1'),
    ('n', 1, 'failed', 'desk: it answers 500', '2024-03-01 15:00:01Z', 'l2'),
    ('n', 1, 'failed', 'desk: it answers 500', '2024-03-01 15:00:01Z', 'l3'),
    ('n', 2, 'sent', null, '2024-03-01 15:00:06Z', 'l4')
) as given (notice_id, attempt, outcome, reason, known_at, load_id);
-- expect: notice_id, channel, rule, attempt, outcome, reason, known_at
values
('n', 'desk', 'big', 0, 'queued', null, '2024-03-01 15:00Z'),
('n', 'desk', 'big', 1, 'failed', 'desk: it answers 500', '2024-03-01 15:00:01Z'),
('n', 'desk', 'big', 2, 'sent', null, '2024-03-01 15:00:06Z');

-- case: a step says what it tells, what it follows and when it is tried again
-- given: raw.deliveries
select
    'm' as notice_id,
    0 as attempt,
    'queued' as outcome,
    'n' as follows,
    12 as duration_ms,
    '2024-03-01 16:00Z' as tried_at,
    '2024-03-01 16:00Z' as known_at,
    '2024-03-01 16:00:02Z' as recorded_at,
    '2024-03-01 16:05Z' as due_at;
-- expect: notice_id, subject, follows, tried_at, due_at, duration_ms, recorded_at, action_ids
select
    'm' as notice_id,
    'AAPL: sweep' as subject,
    'n' as follows,
    '2024-03-01 16:00Z' as tried_at,
    '2024-03-01 16:05Z' as due_at,
    12 as duration_ms,
    '2024-03-01 16:00:02Z' as recorded_at,
    ['a'] as action_ids;

-- case: what was taken back is not there
-- given: raw.deliveries
select
    'n' as notice_id,
    0 as attempt,
    'queued' as outcome,
    true as is_gone,
    '2024-03-01 15:00Z' as known_at;
-- expect: nothing
