-- what:    What the scheduler ran, each try as it was last told.
-- grain:   one row per try of a job
-- status:  live

with newest as (
    select
        *,
        row_number() over (
            partition by run_id order by known_at desc, recorded_at desc, load_id desc
        ) as age
    from raw.schedule_runs
)

select
    run_id, job, feed,
    due_at, n_due, attempt,
    since_at, until_at,
    started_at, ended_at,
    outcome, reason, n_rows, retry_at,
    runner, known_at, recorded_at
from newest
where age = 1 and not is_gone
