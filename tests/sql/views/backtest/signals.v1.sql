-- default: detector = 'options.sweep', version = 1, entity = 'A', security_id = 'A'
-- default: bar = 'session', horizon = '5 sessions', place = 7, status = 'closed', n_bars = 5
-- default: session_date = '2024-03-05', bar_at = '2024-03-05 21:00Z', cost_frac = 0.003
-- default: fired_at = '2024-03-05 15:00Z', score = 50, direction = 'bull', time_of_day = 'morning'

-- case: several alerts before a bar are one signal: the first moment, the strongest score, and no
--     direction where they disagree
-- given: backtest.moves
select *
from (values (7, true), (8, false)) as given (place, is_sigma_2);
-- given: backtest.outcomes
select *
from (
    values
    (7, 'a', '2024-03-05 15:00Z', 40, 'bull', 'morning'),
    (7, 'b', '2024-03-05 16:00Z', 90, 'bear', 'midday'),
    (8, 'c', '2024-03-06 15:00Z', 30, 'bear', 'morning'),
    (8, 'd', '2024-03-06 16:00Z', 20, 'bear', 'midday')
) as given (place, alert_key, fired_at, score, direction, time_of_day);
-- expect: place, n_alerts, fired_at, alert_key, score, direction, time_of_day, is_sigma_2,
--     cost_frac
values
(7, 2, '2024-03-05 15:00Z', 'b', 90, null, 'morning', true, 0.003),
(8, 2, '2024-03-06 15:00Z', 'c', 30, 'bear', 'morning', false, 0.003);

-- case: a horizon that is open or has no price is no signal, nor is a bar without a move
-- given: backtest.moves
select 7 as place;
-- given: backtest.outcomes
select *
from (
    values ('a', 'open', 7), ('b', 'no_price', 7), ('c', 'closed', 9)
) as given (alert_key, status, place);
-- expect: nothing

-- case: alerts within the cool-down of the one before are the same episode, and costs are as given
-- param: cool_down = 2 days
-- param: cost_bps = 12.5
-- given: backtest.moves
select *
from (values (7), (8), (9), (12)) as given (place);
-- given: backtest.outcomes
select *
from (
    values
    ('a', 7, '2024-03-05 15:00Z'),
    ('b', 8, '2024-03-06 15:00Z'),
    ('c', 9, '2024-03-07 15:00Z'),
    ('d', 12, '2024-03-12 15:00Z')
) as given (alert_key, place, fired_at);
-- expect: alert_key, place, cost_frac
values ('a', 7, 0.00125), ('d', 12, 0.00125);

-- case: the strongest of a day are the top, ties by their key
-- param: n_top = 1
-- given: backtest.moves
select *
from (values ('A'), ('B')) as given (security_id);
-- given: backtest.outcomes
select *
from (values ('A', 'a'), ('B', 'b')) as given (security_id, alert_key);
-- expect: security_id, is_top
values ('A', true), ('B', false);
