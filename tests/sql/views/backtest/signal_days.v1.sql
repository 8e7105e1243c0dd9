-- default: detector = 'options.sweep', version = 1, bar = 'session', horizon = '1 session'
-- default: regime = 'calm', time_of_day = 'morning', session_date = '2024-03-05', n_alerts = 1
-- default: fired_at = '2024-03-05 20:00Z', bar_at = '2024-03-05 21:00Z', is_top = true

-- case: a day's signals and hits are counted by label, and those without the label are left out
-- given: backtest.signals
select *
from (
    values
    (true, false, 2, true),
    (true, null, 1, false),
    (false, true, 1, false)
) as given (is_sigma_2, is_percentile_99, n_alerts, is_top);
-- expect: label, n_alerts, n_signals, n_hits, n_top, n_top_hits, median_delay_s
values
('sigma_2', 4, 3, 2, 1, 1, 3600),
('percentile_99', 4, 2, 1, 1, 0, 3600);

-- case: regimes and times of day stand apart
-- given: backtest.signals
select *
from (
    values ('calm', 'open', false), ('calm', 'close', false), (null, 'open', false)
) as given (regime, time_of_day, is_donoho_rise);
-- expect: label, regime, time_of_day, n_signals, n_hits
values
('donoho_rise', 'calm', 'open', 1, 0),
('donoho_rise', 'calm', 'close', 1, 0),
('donoho_rise', null, 'open', 1, 0);
