-- default: channel = 'desk'

-- case: a notice waits until it is taken, and why it was tried again stays
-- given: curated.deliveries
select
    *,
    tried_at as known_at,
    tried_at as recorded_at,
    case when outcome = 'queued' then ['a', 'b'] end as action_ids,
    case when outcome = 'queued' then 'two' end as subject,
    case when outcome = 'queued' then 'big' end as rule
from (
    values
    ('new', 0, 'queued', '2024-03-01 15:00Z', '2024-03-01 15:00Z', null, null),
    ('tried', 0, 'queued', '2024-03-01 15:00Z', '2024-03-01 15:00Z', null, null),
    ('tried', 1, 'failed', '2024-03-01 15:01Z', '2024-03-01 15:02Z', 9, 'it answers 500'),
    ('taken', 0, 'queued', '2024-03-01 15:00Z', '2024-03-01 15:00Z', null, null),
    ('taken', 1, 'failed', '2024-03-01 15:01Z', '2024-03-01 15:02Z', 9, 'it answers 500'),
    ('taken', 2, 'sent', '2024-03-01 15:02Z', null, 7, null)
) as given (notice_id, attempt, outcome, tried_at, due_at, duration_ms, reason);
-- expect: notice_id, rule, subject, state, queued_at, sent_at, due_at, n_tries, duration_ms,
--     reason, n_actions
values
('new', 'big', 'two', 'waiting', '2024-03-01 15:00Z', null, '2024-03-01 15:00Z', 0, null, null, 2),
(
    'tried', 'big', 'two', 'waiting', '2024-03-01 15:00Z', null, '2024-03-01 15:02Z', 1, 9,
    'it answers 500', 2
),
(
    'taken', 'big', 'two', 'sent', '2024-03-01 15:00Z', '2024-03-01 15:02Z', null, 2, 7,
    'it answers 500', 2
);

-- case: what is dead says why, and waits again once somebody asks for it
-- given: curated.deliveries
select
    *,
    tried_at as recorded_at
from (
    values
    ('dead', 0, 'queued', '2024-03-01 15:00Z', null),
    ('dead', 1, 'dead', '2024-03-01 15:01Z', 'it answers 410'),
    ('asked', 0, 'queued', '2024-03-01 15:00Z', null),
    ('asked', 1, 'dead', '2024-03-01 15:01Z', 'it answers 410'),
    ('asked', 1, 'queued', '2024-03-01 15:09Z', 'asked for again')
) as given (notice_id, attempt, outcome, tried_at, reason);
-- expect: notice_id, state, n_tries, reason
values
('dead', 'dead', 1, 'it answers 410'),
('asked', 'waiting', 1, 'asked for again');

-- case: what is held says until when, and then which notice tells it
-- given: curated.deliveries
select
    *,
    tried_at as recorded_at,
    ['a'] as action_ids
from (
    values
    ('night', 0, 'held', '2024-03-01 23:00Z', '2024-03-02 07:00Z', 'quiet hours'),
    ('told', 0, 'held', '2024-03-01 23:00Z', '2024-03-02 07:00Z', 'quiet hours'),
    ('told', 0, 'joined', '2024-03-02 07:00Z', null, 'digest')
) as given (notice_id, attempt, outcome, tried_at, due_at, reason);
-- expect: notice_id, state, due_at, reason, action_ids
select
    'night' as notice_id,
    'held' as state,
    '2024-03-02 07:00Z' as due_at,
    'quiet hours' as reason,
    ['a'] as action_ids
union all
select
    'told' as notice_id,
    'joined' as state,
    null as due_at,
    'digest' as reason,
    ['a'] as action_ids;
