-- default: detector = 'options.sweep', version = 1, horizon = '5 sessions', direction = 'bull'
-- default: regime = 'calm', time_of_day = 'open', cost_frac = 0.01, excess_frac = 0.005
-- default: fired_at = '2024-03-05 15:00Z'

-- case: returns lie as they are, losers and all, and a bear's are turned round
-- given: backtest.signals
select *
from (
    values (0.02, 'bull'), (0.04, 'bear'), (0.03, null)
) as given (return_frac, direction);
-- expect: slice_kind, slice, n_signals, n_trades, n_losers, mean_return_frac, mean_net_frac
values
('all', 'all', 3, 2, 1, -0.01, -0.02),
('regime', 'calm', 3, 2, 1, -0.01, -0.02),
('time_of_day', 'open', 3, 2, 1, -0.01, -0.02);

-- case: without a side there are returns and no trades
-- given: backtest.signals
select
    0.02 as return_frac,
    cast(null as text) as direction,
    cast(null as text) as regime;
-- expect: slice_kind, slice, return_quantiles, n_trades, trade_quantiles, mean_return_frac
values
('all', 'all', [0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02], 0, null, null),
('regime', 'unknown', [0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02], 0, null, null),
('time_of_day', 'open', [0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02], 0, null, null);
