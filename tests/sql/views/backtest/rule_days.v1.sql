-- default: detector = 'options.sweep', version = 1, bar = 'session', direction = 'bull'
-- default: cost_frac = 0.004, excess_frac = 0.01, session_date = '2024-03-05', place = 1
-- default: horizon = '1 session', n_bars = 1
-- default: fired_at = '2024-03-05 15:00Z', known_at = '2024-03-08 15:00Z'

-- case: over two sessions each day's trade has half of the capital, and pays when it is entered
-- given: backtest.signals
select
    'A' as security_id,
    '2 sessions' as horizon,
    2 as n_bars,
    0.03 as return_frac;
-- given: backtest.moves
select *
from (
    values
    ('A', 1, '2024-03-05', 0.02),
    ('A', 2, '2024-03-06', -0.01),
    ('A', 3, '2024-03-07', 0.5)
) as given (security_id, place, session_date, return_frac);
-- expect: session_date, n_trades, n_losers, sum_return, sum_net, turnover, day_return
values
('2024-03-05', 1, 0, 0.03, 0.026, 1, 0.008),
('2024-03-06', 0, 0, 0, 0, 0, -0.005);

-- case: trades of a day share it, a bear gains where it falls, and who has no side does not trade
-- given: backtest.signals
select *
from (
    values ('A', 'bull', 0.02), ('B', 'bear', 0.06), ('C', null, 0.5), ('D', 'neutral', 0.5)
) as given (security_id, direction, return_frac);
-- given: backtest.moves
select *
from (
    values ('A', 0.02), ('B', 0.06), ('C', 0.5), ('D', 0.5)
) as given (security_id, return_frac);
-- expect: n_trades, n_losers, sum_return, turnover, day_return
values (2, 1, -0.04, 2, -0.024);

-- case: over hours a day's trades have all of the capital
-- given: backtest.signals
select *
from (
    values ('A', 0.02, '5m', '1 hour', 12), ('B', 0.04, '5m', '1 hour', 12)
) as given (security_id, return_frac, bar, horizon, n_bars);
-- given: backtest.moves
select 'B' as security_id;
-- expect: session_date, n_trades, turnover, day_return
values ('2024-03-05', 2, 2, 0.026);
