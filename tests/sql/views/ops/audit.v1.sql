-- default: n_times = 1, n_rows = 0, rule = 'sweeps'

-- case: an act is told once, as it was told last, and one that was killed still runs
-- given: raw.acts
select *
from (
    values
    ('a', 'sql', 'ann', 'cli', '2024-03-01 15:00Z', '2024-03-01 15:00Z', null, 'running', null),
    ('a', 'sql', 'ann', 'cli', '2024-03-01 15:00Z', '2024-03-01 15:00:02Z', 2_000, 'done', 90),
    ('b', 'vacuum', 'bob', 'cli', '2024-03-01 15:01Z', '2024-03-01 15:01Z', null, 'running', null)
) as given (act_id, act, actor, via, began_at, known_at, duration_ms, outcome, n_rows);
-- expect: id, act, actor, via, began_at, outcome, duration_ms, n_rows
values
('a', 'sql', 'ann', 'cli', '2024-03-01 15:00Z', 'done', 2_000, 90),
('b', 'vacuum', 'bob', 'cli', '2024-03-01 15:01Z', 'running', null, null);

-- case: the ledger tells loads and forgets, but not of what is told by others
-- given: raw.loads
select *
from (
    values
    ('l', 'load', 'cboe_chains', 'spx.csv', 90, '2026-01-01 00:00:01Z', '2026-01-01 00:00:02Z'),
    ('m', 'load', 'acts', 'taken-0', 3, '2026-01-01 00:00:03Z', '2026-01-01 00:00:04Z'),
    ('n', 'load', 'reviews', 'x', 1, '2026-01-01 00:00:05Z', '2026-01-01 00:00:06Z'),
    ('o', 'forget', 'acts', 'taken-0', 0, '2026-01-02 00:00:00Z', '2026-01-02 00:00:01Z')
) as given (load_id, action, feed, coverage, n_rows, started_at, recorded_at);
-- expect: id, act, about, actor, via, began_at, n_rows
values
('l', 'loaded', 'cboe_chains spx.csv', null, 'store', '2026-01-01 00:00:01Z', 90),
('o', 'forgotten', 'acts taken-0', null, 'store', '2026-01-02 00:00:00Z', 0);

-- case: what persons did to alerts is told, what rules did is not; so are runs
-- given: curated.alert_actions
select *
from (
    values
    ('a', 'acknowledged', 'key', 'ann', 'mine', '2024-03-01 15:00Z'),
    ('b', 'fired', 'key', 'loop', null, '2024-03-01 14:00Z')
) as given (action_id, action, alert_key, actor, note, acted_at);
-- given: curated.schedule_runs
select
    'r' as run_id,
    'sec_13f' as job,
    'failed' as outcome,
    'it is away' as reason,
    '2024-03-01 16:00Z' as started_at,
    '2024-03-01 16:00:01Z' as ended_at;
-- expect: id, act, about, actor, via, outcome, reason, duration_ms
values
('a', 'acknowledged', 'key', 'ann', 'alerts', 'done', 'mine', null),
('r', 'run', 'sec_13f', 'schedule', 'schedule', 'failed', 'it is away', 1_000);

-- case: a verdict is told with whom it names
-- given: curated.reviews
select
    'v' as review_id,
    'key' as alert_key,
    'false' as verdict,
    'bob' as reviewer,
    'a roll' as note,
    '2024-03-01 17:00Z' as reviewed_at,
    '2024-03-01 16:00Z' as fired_at;
-- expect: id, act, about, actor, via, outcome, reason, duration_ms
values ('v', 'reviewed false', 'key', 'bob', 'reviews', 'done', 'a roll', null);

-- case: a rule is told when it is heard, changed or gone, and not each time it is asked
-- given: raw.rule_marks
select *
from (
    values
    ('2024-03-01 15:00Z', '{"min": 1}', '2024-03-01 15:00:01Z'),
    ('2024-03-01 15:05Z', '{"min": 1}', '2024-03-01 15:05:01Z'),
    ('2024-03-01 15:10Z', '{"min": 2}', '2024-03-01 15:10:01Z'),
    ('2024-03-01 15:15Z', null, '2024-03-01 15:15:01Z')
) as given (until_at, definition, recorded_at);
-- expect: began_at, act, about, actor, reason
values
('2024-03-01 15:00Z', 'rule heard', 'sweeps', 'loop', '{"min": 1}'),
('2024-03-01 15:10Z', 'rule heard', 'sweeps', 'loop', '{"min": 2}'),
('2024-03-01 15:15Z', 'rule gone', 'sweeps', 'loop', null);

-- case: settings that are other than those of the act before were changed
-- given: raw.acts
select *
from (
    values
    ('a', 'sql', 'cli', '2024-03-01 15:00Z', 's1'),
    ('b', 'ask', 'api', '2024-03-01 15:01Z', null),
    ('c', 'sql', 'cli', '2024-03-01 15:02Z', 's1'),
    ('d', 'load', 'cli', '2024-03-01 15:03Z', 's2')
) as given (act_id, act, via, began_at, settings_hash);
-- expect: began_at, act, about, via, reason
values
('2024-03-01 15:00Z', 'sql', null, 'cli', null),
('2024-03-01 15:01Z', 'ask', null, 'api', null),
('2024-03-01 15:02Z', 'sql', null, 'cli', null),
('2024-03-01 15:03Z', 'load', null, 'cli', null),
('2024-03-01 15:03Z', 'settings changed', 's2', 'settings', 'first heard by load');
