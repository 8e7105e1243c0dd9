-- default: job = 'short', feed = 'short', due_at = '2024-03-01 23:30Z', n_due = 1, attempt = 1
-- default: started_at = '2024-03-01 23:30:01Z', runner = 'a'

-- case: the end of a run takes the place of its begin, and one without an end still runs
-- given: raw.schedule_runs
select *
from (
    values
    ('one', 'running', null, '2024-03-01 23:30:01Z'),
    ('one', 'done', 7, '2024-03-01 23:31:00Z'),
    ('two', 'running', null, '2024-03-01 23:32:00Z')
) as given (run_id, outcome, n_rows, known_at);
-- expect: run_id, outcome, n_rows, known_at
values
('one', 'done', 7, '2024-03-01 23:31:00Z'),
('two', 'running', null, '2024-03-01 23:32:00Z');

-- case: a run that is taken back is none
-- given: raw.schedule_runs
select *
from (
    values
    ('one', 'running', false, '2024-03-01 23:30:01Z'),
    ('one', 'running', true, '2024-03-01 23:31:00Z')
) as given (run_id, outcome, is_gone, known_at);
-- expect: nothing
