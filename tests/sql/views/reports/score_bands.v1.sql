-- default: symbol = 'AAPL', session_date = '2024-03-01', known_at = '2024-03-02 02:00Z'

-- case: each month's bands are shares of what has a label, what has none one of all
-- given: scores.smart_money_index
select *
from (
    values
    ('A', date '2024-03-01', 80, 'strong_buying', false),
    ('B', date '2024-03-04', 60, 'moderate_bullish', false),
    ('C', date '2024-03-28', 52, 'moderate_bullish', true),
    ('D', date '2024-03-28', 20, 'strong_selling', false),
    ('E', date '2024-03-28', 50, null, true),
    ('A', date '2024-04-01', 48, 'moderate_bearish', true)
) as given (symbol, session_date, smart_money_index, label, is_near_neutral);
-- expect: month_date, band, n_rows, frac, chance_frac
values
(date '2024-03-01', 'strong_buying', 1, 0.25, 0.016),
(date '2024-03-01', 'moderate_bullish', 2, 0.5, 0.484),
(date '2024-03-01', 'strong_selling', 1, 0.25, 0.016),
(date '2024-03-01', 'near_neutral', 1, 0.25, 0.31),
(date '2024-03-01', 'no_label', 1, 0.2, null),
(date '2024-04-01', 'moderate_bearish', 1, 1, 0.484),
(date '2024-04-01', 'near_neutral', 1, 1, 0.31);

-- case: a month without a label has no share of one
-- given: scores.smart_money_index
select
    50 as smart_money_index,
    true as is_near_neutral;
-- expect: month_date, band, n_rows, frac, chance_frac
values (date '2024-03-01', 'no_label', 1, 1, null);
