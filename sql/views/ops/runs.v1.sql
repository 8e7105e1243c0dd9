-- what:    The newest run of each job of the schedule, and how far the job has come.
-- grain:   one row per job that ever ran
-- status:  live

-- A job never overlaps itself, so what the store heard of last is its newest run, even where the
-- clock went back.
with runs as (
    select
        *,
        row_number() over (partition by job order by recorded_at desc, run_id desc) as age,
        row_number() over (
            partition by job, outcome = 'done' order by recorded_at desc, run_id desc
        ) as age_of_kind
    from curated.schedule_runs
),

done as (
    select *
    from runs
    where outcome = 'done' and age_of_kind = 1
),

failures as (
    select
        runs.job,
        count(*) as n_failed
    from runs
    left join done on runs.job = done.job
    where
        runs.outcome in ('failed', 'killed')
        and coalesce(runs.recorded_at > done.recorded_at, true)
    group by runs.job
)

select
    runs.job, runs.feed,
    runs.due_at, runs.n_due, runs.attempt,
    runs.outcome, runs.reason,
    runs.started_at, runs.ended_at, runs.retry_at,
    runs.since_at, runs.until_at, runs.n_rows,
    done.due_at as done_due_at,  -- the newest due time that was served; null before the first
    done.ended_at as done_at,  -- when the newest run that was done ended
    done.until_at as loaded_until,  -- the watermark: up to when a feed is loaded
    coalesce(failures.n_failed, 0) as n_failed,  -- runs that were not done, since that one
    epoch_ms(coalesce(runs.ended_at, runs.started_at)) - epoch_ms(runs.due_at)
        as lag_ms,  -- how long after it was due it ended, or began where it still runs
    runs.runner
from runs
left join done on runs.job = done.job
left join failures on runs.job = failures.job
where runs.age = 1
