-- default: job = 'short', feed = 'short', n_due = 1, attempt = 1, runner = 'a'

-- case: the newest run is told, with the watermark of the newest that was done
-- given: curated.schedule_runs
select *
from (
    values
    ('1', 'done', '2024-03-01 23:30Z', '2024-03-01 23:31Z', '2024-03-01 23:31:01Z'),
    ('2', 'done', '2024-03-04 23:30Z', '2024-03-04 23:32Z', '2024-03-04 23:32:01Z'),
    ('3', 'failed', '2024-03-05 23:30Z', '2024-03-05 23:30:02Z', '2024-03-05 23:30:03Z'),
    ('4', 'killed', '2024-03-05 23:30Z', '2024-03-05 23:33Z', '2024-03-05 23:33:01Z')
) as given (run_id, outcome, due_at, ended_at, recorded_at);
-- expect: job, outcome, due_at, done_due_at, done_at, n_failed, lag_ms
values (
    'short', 'killed', '2024-03-05 23:30Z', '2024-03-04 23:30Z', '2024-03-04 23:32Z', 2, 180_000
);

-- case: a job that runs for the first time has no watermark, and is as late as it began
-- given: curated.schedule_runs
select *
from (
    values
    ('1', 'running', '2024-03-01 23:30Z', '2024-03-01 23:30:05Z', null)
) as given (run_id, outcome, due_at, started_at, ended_at);
-- expect: outcome, done_at, loaded_until, n_failed, lag_ms
values ('running', null, null, 0, 5_000);

-- case: what failed before a run that was done is no failure any more; jobs stand side by side
-- given: curated.schedule_runs
select *
from (
    values
    ('1', 'short', 'failed', '2024-03-01 23:30Z', '2024-03-02 00:00Z'),
    ('2', 'short', 'done', '2024-03-01 23:35Z', '2024-03-02 00:00Z'),
    ('3', 'refresh', 'done', '2024-03-01 23:40Z', null)
) as given (run_id, job, outcome, recorded_at, until_at);
-- expect: job, outcome, n_failed, loaded_until
values
('short', 'done', 0, '2024-03-02 00:00Z'),
('refresh', 'done', 0, null);
