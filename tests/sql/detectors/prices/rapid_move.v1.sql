-- default: symbol = 'AAPL', session_date = '2024-03-01', price = 106, sigma_d = 0.02
-- default: chg_day_pct = 0, chg_15m_pct = 0, z_15m = 0

-- case: 6 % since the day before, at two minutes in a row, fires once
-- given: features.price_moves
select *
from (
    values
    ('2024-03-01 15:00Z', '2024-03-01 15:01Z', 4.9), ('2024-03-01 15:01Z', '2024-03-01 15:02Z', 6),
    ('2024-03-01 15:02Z', '2024-03-01 15:03Z', 6), ('2024-03-01 15:03Z', '2024-03-01 15:04Z', 9)
) as given (starts_at, known_at, chg_day_pct);
-- expect: entity, fired_at, direction, score, headline, alert_key
values (
    'AAPL', timestamptz '2024-03-01 15:03Z', 'bull', 28, 'AAPL: 6.00 % since the close before',
    'prices.rapid_move|AAPL|2024-03-01|up'
);

-- case: 3.06 standard deviations of 15 minutes fire, at their multiple of the threshold
-- given: features.price_moves
select
    *,
    -1.2 as chg_15m_pct
from (
    values
    ('2024-03-01 15:00Z', '2024-03-01 15:01Z', -3.06),
    ('2024-03-01 15:01Z', '2024-03-01 15:02Z', -3.06)
) as given (starts_at, known_at, z_15m);
-- expect: direction, score, headline
values ('bear', 20.8, 'AAPL: -1.20 % in 15 minutes, 3.1 times the usual');

-- case: one odd minute, two ways in turn, an old one and a price below a dollar stay quiet
-- given: features.price_moves
select *
from (
    values
    ('one', 10, '2024-03-01 15:00Z', '2024-03-01 15:01Z', 9),
    ('one', 10, '2024-03-01 15:01Z', '2024-03-01 15:02Z', 0),
    ('turn', 10, '2024-03-01 15:00Z', '2024-03-01 15:01Z', 9),
    ('turn', 10, '2024-03-01 15:01Z', '2024-03-01 15:02Z', -9),
    ('old', 10, '2024-03-01 15:00Z', '2024-03-01 15:01Z', 9),
    ('old', 10, '2024-03-01 15:04Z', '2024-03-01 15:05Z', 9),
    ('penny', 0.9, '2024-03-01 15:00Z', '2024-03-01 15:01Z', 9),
    ('penny', 0.9, '2024-03-01 15:01Z', '2024-03-01 15:02Z', 9),
    ('usual', 10, '2024-03-01 15:00Z', '2024-03-01 15:01Z', 4.99),
    ('usual', 10, '2024-03-01 15:01Z', '2024-03-01 15:02Z', 4.99)
) as given (symbol, price, starts_at, known_at, chg_day_pct);
-- expect: nothing

-- case: 1, 1.5, 2, 3 and 6 times the threshold are 20, 40, 60, 80 and 100
-- given: features.price_moves
select
    stocks.symbol, stocks.chg_day_pct,
    bars.starts_at, bars.known_at
from (
    values ('a', 5), ('b', 7.5), ('c', 10), ('d', 15), ('e', 30)
) as stocks (symbol, chg_day_pct)
cross join (
    values
    ('2024-03-01 15:00Z', '2024-03-01 15:01Z'), ('2024-03-01 15:01Z', '2024-03-01 15:02Z')
) as bars (starts_at, known_at);
-- expect: entity, score
values ('a', 20), ('b', 40), ('c', 60), ('d', 80), ('e', 100);

-- case: the lively minutes after the open look like a move (noisy)
-- given: features.price_moves
select *
from (
    values
    ('2024-03-01 14:46Z', '2024-03-01 14:47Z', 3.5), ('2024-03-01 14:47Z', '2024-03-01 14:48Z', 3.4)
) as given (starts_at, known_at, z_15m);
-- expect: entity
values ('AAPL');
