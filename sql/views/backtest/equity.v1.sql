-- what:    What the simple rule of each set of a backtest was worth, day by day, after costs.
-- grain:   one row per whole run, detector, version, set, horizon and day
-- status:  live

with runs as (
    select *
    from raw.backtest_runs
    qualify row_number() over (
        partition by run_id, detector, version
        order by known_at desc, recorded_at desc, load_id desc
    ) = 1
),

told as (
    select
        earned.run_id, earned.known_at, earned.detector, earned.version, earned.trial,
        earned.horizon,
        unnest(earned.dates) as session_date,
        unnest(earned.day_returns) as day_return
    from raw.backtest_returns as earned
    inner join runs
        on
            earned.run_id = runs.run_id
            and earned.detector = runs.detector
            and earned.version = runs.version
    where runs.outcome = 'done' and not runs.is_gone and not earned.is_gone
)

select
    run_id,  -- as in backtest_runs
    known_at,  -- when the run was whole
    detector,  -- the id of the detector that is measured
    version,  -- its version
    trial,  -- number of the set of parameters; 0 is what training chose, fold by fold
    horizon,  -- how long is held
    session_date,  -- the day
    day_return,  -- of the capital, after costs
    round(exp(sum(ln(greatest(1 + day_return, 1e-12))) over so_far), 9) as equity  -- 1 at the begin
from told
window so_far as (
    partition by run_id, detector, version, trial, horizon
    order by session_date rows between unbounded preceding and current row
)
