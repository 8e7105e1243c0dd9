-- what:    How good each detector is: the newest backtest of each version and span, all slices as
--          one, with what trading its signals earned.
-- grain:   one row per detector, version, span, set of parameters, label and horizon; trial 0 is
--          what training chose fold by fold, counted in tests that it had not seen
-- status:  live

with rates as (
    select *
    from backtest.rates
    where slice_kind = 'all'
    qualify dense_rank() over (
        partition by detector, version, since_at, until_at order by known_at desc, run_id desc
    ) = 1
),

-- Benjamini and Hochberg: the family are all sets, labels and horizons of a run; what training
-- chose of them is a family of its own.
ranked as (
    select
        *,
        row_number() over (
            partition by run_id, trial = 0
            order by p_value, detector, version, trial, label, horizon
        ) as nth,
        count(*) over (partition by run_id, trial = 0) as n_tests
    from rates
    where p_value is not null
),

corrected as (
    select
        run_id, detector, version, trial, label, horizon,
        least(1, min(p_value * n_tests / nth) over (
            partition by run_id, trial = 0
            order by nth desc rows between unbounded preceding and current row
        )) as q_value
    from ranked
)

select
    rates.detector,  -- the id of the detector that is measured
    rates.version,  -- its version
    rates.trial,  -- number of the set of parameters; 0 is what training chose, fold by fold
    rates.params,  -- JSON object: the parameters that were replaced
    rates.label,  -- what counts: events, or a label of backtest.moves
    rates.horizon,  -- how long a move may take; of events that of the event
    rates.n,  -- entities times bars that have the label; null of events
    rates.n_moves,  -- those of them that move; of events how many there are
    rates.n_signals,  -- bars with an alert; of events those found and the false alerts
    rates.n_hits,  -- signals on a bar that moves; of events those found
    rates.base_rate,  -- n_moves of n: what chance would hit
    rates.precision,  -- n_hits of n_signals
    rates.precision_low, rates.precision_high,  -- Wilson, 95 %
    rates.recall,  -- n_hits of n_moves
    rates.recall_low, rates.recall_high,  -- Wilson, 95 %
    rates.f1,  -- the harmonic mean of precision and recall
    rates.fpr,  -- signals on still bars, of all still bars
    rates.lift,  -- precision over the base rate
    rates.lift_low, rates.lift_high,  -- 95 % of draws of blocks of days lie within
    rates.p_value,  -- chance of so many hits without skill, by the same draws
    round(corrected.q_value, 9) as q_value,  -- false discoveries among all of the run so good
    rates.top_precision,  -- of the strongest of each day
    rates.alerts_per_day,  -- alerts of days with bars
    rates.median_delay_s,  -- of events from its begin, else from the alert to the next bar
    earned.n_trades,  -- signals that say bull or bear, and have a bar to enter
    earned.n_losers,  -- trades that lost, before costs
    earned.mean_return_frac,  -- of the trades, from the bar after the alert, before costs
    earned.mean_low_frac, earned.mean_high_frac,  -- 95 % of draws of blocks of days
    earned.mean_excess_frac,  -- of the trades, over the market, before costs
    earned.mean_net_frac,  -- of the trades, after costs
    earned.break_even_bps,  -- what in and out together may cost before nothing is left
    earned.sharpe_year,  -- of a simple rule, after costs, a year
    earned.deflated_sharpe,  -- chance that it is above the luckiest of all sets tried
    earned.n_trials,  -- how many were tried of this detector up to this run
    earned.max_drawdown_frac,  -- of the rule: the largest fall from a peak
    earned.turnover_day,  -- of the rule: shares of the capital bought or sold a day
    rates.n_days,  -- days with bars
    rates.n_folds,  -- tests that it is counted over; null where it is no test
    coalesce(rates.reason, earned.reason) as reason,  -- why a figure is missing
    rates.since_at,  -- the span's begin, which is in
    rates.until_at,  -- the span's end, which is out
    rates.fingerprint,  -- of the set: text, parameters and all that it reads
    rates.run_id,  -- as in backtest_runs
    rates.known_at  -- when the run was whole
from rates
left join corrected
    on
        rates.run_id = corrected.run_id
        and rates.detector = corrected.detector
        and rates.version = corrected.version
        and rates.trial = corrected.trial
        and rates.label = corrected.label
        and rates.horizon = corrected.horizon
left join raw.backtest_returns as earned
    on
        rates.run_id = earned.run_id
        and rates.detector = earned.detector
        and rates.version = earned.version
        and rates.trial = earned.trial
        and rates.horizon = earned.horizon
        and earned.slice_kind = 'all'
        and not earned.is_gone
