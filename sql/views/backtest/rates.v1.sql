-- what:    What the runs of backtests found, as rates with their 95 % intervals.
-- grain:   one row per whole run, detector, version, set, label, horizon and slice
-- status:  live

with params as (
    select 1.96 as z  -- of a normal distribution: 95 % lie within
),

runs as (
    select *
    from raw.backtest_runs
    qualify row_number() over (
        partition by run_id, detector, version
        order by known_at desc, recorded_at desc, load_id desc
    ) = 1
),

counted as (
    select
        results.*,
        runs.since_at, runs.until_at, runs.n_trials,
        params.z,
        results.slice_kind <> 'size' as is_told,
        results.n_bars - results.n_moves as n_still,
        results.n_signals - results.n_hits as n_false
    from raw.backtest_results as results
    cross join params
    inner join runs
        on
            results.run_id = runs.run_id
            and results.detector = runs.detector
            and results.version = runs.version
    where runs.outcome = 'done' and not runs.is_gone and not results.is_gone
),

rated as (
    select
        *,
        n_moves / nullif(n_bars, 0) as base_rate,
        case when is_told then n_hits / nullif(n_signals, 0) end as precision_rate,
        n_hits / nullif(n_moves, 0) as recall_rate,
        case when is_told then n_false / nullif(n_still, 0) end as fpr,
        case when is_told then 2 * n_hits / nullif(n_signals + n_moves, 0) end as f1
    from counted
),

-- Wilson's interval, which holds for few too: it ends at middle less and plus reach.
bounded as (
    select
        *,
        (precision_rate + z * z / (2 * n_signals)) / (1 + z * z / n_signals) as precision_middle,
        z / (1 + z * z / n_signals)
        * sqrt(precision_rate * (1 - precision_rate) / n_signals + z * z / (4 * n_signals ** 2))
            as precision_reach,
        (recall_rate + z * z / (2 * n_moves)) / (1 + z * z / n_moves) as recall_middle,
        z / (1 + z * z / n_moves)
        * sqrt(recall_rate * (1 - recall_rate) / n_moves + z * z / (4 * n_moves ** 2))
            as recall_reach,
        (fpr + z * z / (2 * n_still)) / (1 + z * z / n_still) as fpr_middle,
        z / (1 + z * z / n_still) * sqrt(fpr * (1 - fpr) / n_still + z * z / (4 * n_still ** 2))
            as fpr_reach
    from rated
)

select
    run_id,  -- as in backtest_runs
    known_at,  -- when the run was whole
    since_at,  -- the span's begin, which is in
    until_at,  -- the span's end, which is out
    detector,  -- the id of the detector that is measured
    version,  -- its version
    trial,  -- number of the set of parameters; 0 is what training chose, judged in the tests
    fingerprint,  -- of the set: text, parameters and all that it reads
    params,  -- JSON object: the parameters that were replaced
    n_trials,  -- sets of the run that are of this detector and version
    label,  -- what counts: events, or a label of backtest.moves
    horizon,  -- how long a move may take; of events that of the event
    slice_kind,  -- all, regime, time_of_day, fold, or size of events
    slice,  -- which one
    n_bars as n,  -- entities times bars that have the label; null of events
    n_moves,  -- those of them that move; of events how many there are
    n_alerts,  -- alerts, before an entity's bar counts once
    n_signals,  -- bars with an alert; of events those found and the false alerts
    n_hits,  -- signals on a bar that moves; of events those found
    n_days,  -- days with bars
    n_folds,  -- tests that it is counted over; null where it is no test
    round(base_rate, 6) as base_rate,  -- n_moves of n: what chance would hit
    round(precision_rate, 6) as precision,  -- n_hits of n_signals
    case
        when precision_middle is not null
            then round(greatest(0, precision_middle - precision_reach), 6)
    end as precision_low,  -- Wilson, 95 %
    case
        when precision_middle is not null
            then round(least(1, precision_middle + precision_reach), 6)
    end as precision_high,  -- Wilson, 95 %
    round(recall_rate, 6) as recall,  -- n_hits of n_moves
    case
        when recall_middle is not null then round(greatest(0, recall_middle - recall_reach), 6)
    end as recall_low,  -- Wilson, 95 %
    case
        when recall_middle is not null then round(least(1, recall_middle + recall_reach), 6)
    end as recall_high,  -- Wilson, 95 %
    round(f1, 6) as f1,  -- the harmonic mean of precision and recall
    round(fpr, 6) as fpr,  -- signals on still bars, of all still bars
    case
        when fpr_middle is not null then round(greatest(0, fpr_middle - fpr_reach), 6)
    end as fpr_low,  -- Wilson, 95 %
    case
        when fpr_middle is not null then round(least(1, fpr_middle + fpr_reach), 6)
    end as fpr_high,  -- Wilson, 95 %
    round(precision_rate / nullif(base_rate, 0), 6) as lift,  -- precision over the base rate
    lift_low,  -- 95 % of draws of blocks of days lie above
    lift_high,  -- 95 % of them lie below
    p_value,  -- chance of so many hits without skill, by the same draws
    round(n_top_hits / nullif(n_top, 0), 6) as top_precision,  -- of the strongest of each day
    round(n_alerts / nullif(n_days, 0), 6) as alerts_per_day,  -- n_alerts of n_days
    median_delay_s,  -- of events from its begin, else from the alert to the next bar
    reason  -- why a figure is missing
from bounded
