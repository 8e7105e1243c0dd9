-- default: watchlist = 'desk', symbol = 'AAPL', session_date = '2024-03-01', bar = '1m', way = 1
-- default: horizon = '1d', price = 106, sigma_d = 0.02, threshold_pct = 5, is_by_sigma = false
-- default: is_over_before = false

-- case: 6 % at a threshold of 5 fire once; 4 % are no end of it, 3.4 % are, and what comes within
--     an hour of that end is none
-- given: features.watch_marks
select
    starts_at, chg_pct, mark,
    starts_at + interval 1 minute as known_at,
    chg_pct / 5 as times
from (
    values
    (timestamptz '2024-03-01 15:00Z', 6, null), ('2024-03-01 15:01Z', 6, 1),
    ('2024-03-01 15:02Z', 4, null), ('2024-03-01 15:04Z', 6, 1),
    ('2024-03-01 15:10Z', 3.4, 0), ('2024-03-01 15:20Z', 6, 1), ('2024-03-01 15:21Z', 0, 0),
    ('2024-03-01 16:21Z', 6, 1), ('2024-03-01 16:22Z', 6, 1)
) as given (starts_at, chg_pct, mark);
-- expect: entity, entity_type, fired_at, direction, score, confidence, headline, alert_key
values
(
    'AAPL', 'underlying', timestamptz '2024-03-01 15:02Z', 'bull', 28, 0.8,
    'AAPL: 6.00 % since the close before; desk asks for 5.00 %',
    'prices.watch_move|AAPL|desk 1d up 1709305260|2024-03-01'
),
(
    'AAPL', 'underlying', timestamptz '2024-03-01 16:22Z', 'bull', 28, 0.8,
    'AAPL: 6.00 % since the close before; desk asks for 5.00 %',
    'prices.watch_move|AAPL|desk 1d up 1709310060|2024-03-01'
);

-- case: what is over the mean of 14 closes since days before is told when it ends and comes back
-- given: features.watch_marks
select
    *,
    '14d' as horizon,
    6 as chg_pct,
    starts_at + interval 1 minute as known_at,
    true as is_over_before
from (
    values
    ('stays', timestamptz '2024-03-01 15:01Z', 1.2, 1),
    ('ends', '2024-03-01 15:01Z', 0.6, 0), ('ends', '2024-03-01 15:31Z', 1.2, 1),
    ('back', '2024-03-01 15:01Z', 0.6, 0), ('back', '2024-03-01 16:31Z', 1.2, 1)
) as given (symbol, starts_at, times, mark);
-- expect: entity, fired_at, headline
values (
    'back', timestamptz '2024-03-01 16:32Z',
    'back: 6.00 % over the mean of 14 closes; desk asks for 5.00 %'
);

-- case: 1, 1.5, 2, 3 and 6 times the threshold are 20, 40, 60, 80 and 100; a holding has a value
-- given: features.watch_marks
select
    *,
    1 as mark,
    5 * times as chg_pct,
    100 as quantity,
    110 as cost_usd,
    timestamptz '2024-03-01 15:00Z' as starts_at,
    timestamptz '2024-03-01 15:01Z' as known_at
from (values ('a', 1), ('b', 1.5), ('c', 2), ('d', 3), ('e', 6)) as given (symbol, times);
-- expect: entity, score, notional_usd, evidence ->> 'value_at_risk', evidence ->> 'gain'
values
('a', 20, 10_600, '10600.0', '-400.0'), ('b', 40, 10_600, '10600.0', '-400.0'),
('c', 60, 10_600, '10600.0', '-400.0'), ('d', 80, 10_600, '10600.0', '-400.0'),
('e', 100, 10_600, '10600.0', '-400.0');

-- case: a gap, what follows a pause, deviations, a day's own bar and a pair say what they are
-- given: features.watch_marks
select
    *,
    1 as mark,
    1.02 as times,
    3 as threshold_sigma,
    3.06 as z,
    10 as quantity,
    timestamptz '2024-03-01 15:01Z' as known_at,
    timestamptz '2024-03-01 15:00Z' as starts_at
from (
    values
    ('gap', '15m', 15, -1, 1, '1m', -5.1, null, false),
    ('open', '1d', null, 1, 1, '1m', 5.1, null, false),
    ('pause', '5m', 5, -1, 30, '1m', -5.1, '2024-03-01 14:37Z', false),
    ('sigma', '15m', 15, 1, 30, '1m', 1.2, '2024-03-01 14:45Z', true),
    ('close', '14d', null, 1, null, '1d', 5.1, null, false),
    ('binance:BTC-USDT', '1d', null, 1, 0, '1m', 5.1, null, false),
    ('binance:ETH-BTC', '60m', 60, 1, 99, '1m', 5.1, '2024-03-01 14:00Z', false)
) as given (symbol, horizon, n_minutes, way, nth_minute, bar, chg_pct, ago_at, is_by_sigma);
-- expect: entity, entity_type, direction, confidence, notional_usd, evidence ->> 'kind', headline
values
(
    'gap', 'underlying', 'bear', 0.8, 1_060, 'gap',
    'gap: -5.10 % since the close before, a gap; desk asks for 5.00 %'
),
(
    'open', 'underlying', 'bull', 0.8, 1_060, 'gap',
    'open: 5.10 % since the close before, a gap; desk asks for 5.00 %'
),
(
    'pause', 'underlying', 'bear', 0.6, 1_060, 'resumed',
    'pause: -5.10 % since it last traded, 23 minutes before; desk asks for 5.00 %'
),
(
    'sigma', 'underlying', 'bull', 0.8, 1_060, 'move',
    'sigma: 1.20 % in 15 minutes, 3.1 times the usual; desk asks for 3.0 times'
),
(
    'close', 'underlying', 'bull', 0.6, 1_060, 'close',
    'close: 5.10 % over the mean of 14 closes; desk asks for 5.00 %'
),
(
    'binance:BTC-USDT', 'pair', 'bull', 0.8, 1_060, 'move',
    'binance:BTC-USDT: 5.10 % since the close before; desk asks for 5.00 %'
),
(
    'binance:ETH-BTC', 'pair', 'bull', 0.8, null, 'move',
    'binance:ETH-BTC: 5.10 % in 60 minutes; desk asks for 5.00 %'
);

-- case: what is nowhere over its threshold for sure stays quiet
-- given: features.watch_marks
select
    starts_at,
    starts_at + interval 1 minute as known_at,
    times, mark
from (
    values
    (timestamptz '2024-03-01 15:00Z', 1.9, null), ('2024-03-01 15:01Z', 0.5, 0),
    ('2024-03-01 15:02Z', 0.9, null)
) as given (starts_at, times, mark);
-- expect: nothing

-- case: the last half hour of a half day looks like a move (noisy)
-- given: features.watch_marks
select
    1 as mark,
    1.1 as times,
    1 as chg_pct,
    timestamptz '2023-11-24 17:50Z' as starts_at,
    timestamptz '2023-11-24 17:51Z' as known_at;
-- expect: entity
values ('AAPL');
