-- default: bar = 'session', horizon = '1 session', session_date = '2024-03-05'
-- default: bar_at = '2024-03-05 21:00Z', known_at = '2024-03-06 21:15Z', regime = 'calm'

-- case: bars are counted by label, day and regime, and a label that nobody can say has none
-- given: backtest.moves
select *
from (
    values
    ('calm', true, null),
    ('calm', false, null),
    ('stressed', false, true),
    ('calm', null, null)
) as given (regime, is_sigma_2, is_donoho_rise);
-- expect: label, regime, n_bars, n_moves, begins_at, known_at
values
('sigma_2', 'calm', 2, 1, '2024-03-05 21:00Z', '2024-03-06 21:15Z'),
('sigma_2', 'stressed', 1, 0, '2024-03-05 21:00Z', '2024-03-06 21:15Z'),
('donoho_rise', 'stressed', 1, 1, '2024-03-05 21:00Z', '2024-03-06 21:15Z');

-- case: a bar that ends when the span begins is no bar of it, and one whose horizon ends after it
--     neither
-- span: 2024-03-05 21:00Z 2024-03-08
-- given: backtest.moves
select *
from (
    values
    ('2024-03-05 21:00Z', '2024-03-06 21:15Z', true),
    ('2024-03-06 21:00Z', '2024-03-07 21:15Z', true),
    ('2024-03-07 21:00Z', '2024-03-08 21:15Z', true)
) as given (bar_at, known_at, is_sigma_3);
-- expect: label, n_bars, begins_at
values ('sigma_3', 1, '2024-03-06 21:00Z');
