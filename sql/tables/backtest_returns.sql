-- kind:       state
-- partition:  none
-- what:       What followed the signals of each set of a backtest, and what trading them earned.
-- grain:      one row per run, detector, version, trial, horizon and slice; trial 0 is what was
--             chosen in each fold's training days, and traded in its test
-- key:        run_id, detector, version, trial, horizon, slice_kind, slice

create table backtest_returns (
    run_id text not null,  -- as in backtest_runs
    detector text not null,  -- the id of the detector that is measured
    version bigint not null,  -- its version
    trial bigint not null,  -- number of the set, from 1; 0 is what training chose, fold by fold
    fingerprint text,  -- of the set; null of trial 0
    params text not null,  -- JSON object: the parameters that were replaced
    horizon text not null,  -- how long is held
    slice_kind text not null,  -- all, regime or time_of_day
    slice text not null,  -- which one
    n_signals bigint not null,  -- bars with an alert and a price at the horizon's end
    return_quantiles double[],  -- 1, 5, 25, 50, 75, 95 and 99 % of their returns, bull or bear
    n_trades bigint not null,  -- those of them that say bull or bear, and have a bar to enter
    n_losers bigint not null,  -- trades that lost, before costs
    trade_quantiles double[],  -- the same of the trades' returns, a fall being a bear's gain
    mean_return_frac double,  -- of the trades, from the bar after the alert, before costs
    mean_low_frac double,  -- 95 % of draws of blocks of days lie above
    mean_high_frac double,  -- 95 % of them lie below
    mean_excess_frac double,  -- of the trades, over the market, before costs
    mean_net_frac double,  -- of the trades, after costs
    break_even_bps double,  -- what in and out together may cost before nothing is left
    n_days bigint,  -- days of the rule's returns, those without a trade too
    mean_day_frac double,  -- of the rule a day, after costs
    sd_day_frac double,  -- its standard deviation
    skew double,  -- of the rule's days
    kurtosis double,  -- of the rule's days, 3 of a normal distribution
    sharpe_year double,  -- of the rule, after costs, a year
    probable_sharpe double,  -- chance that it is above nothing
    deflated_sharpe double,  -- chance that it is above the luckiest of all sets that were tried
    n_trials bigint,  -- how many were tried of this detector up to this run
    max_drawdown_frac double,  -- the largest fall from a peak
    turnover_day double,  -- shares of the capital that are bought or sold a day
    dates date[],  -- of the rule; of all sets together only
    day_returns double[],  -- on each of them, after costs
    reason text,  -- why a figure is missing, in one sentence
    check (slice_kind in ('all', 'regime', 'time_of_day')),
    check (n_losers <= n_trades),
    check (n_trades <= n_signals),
    check (len(dates) = len(day_returns))
);
