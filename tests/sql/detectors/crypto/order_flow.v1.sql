-- default: venue = 'binance', pair = 'BTC-USDT', length_s = 1, ofi = 70, ofi_norm = 7
-- default: mean_depth = 10
-- default: mid = 10_000, move_bps = 1, n_updates = 10, epoch = '160', n_obs = 86_400
-- default: median_ofi = 0, mad_ofi = 6.745, mz = 7, n_fit = 360, beta = 0.5, explained_bps = 0.4
-- default: residual_z = 0.5

-- case: a flow seven spreads from the median is high, and is told when its bar is over
-- given: features.order_flow
select
    '2024-08-08 12:00:01Z' as bar_at,
    '2024-08-08 12:00:02Z' as known_at;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'binance:BTC-USDT', 'pair', '2024-08-08 12:00:02Z', '2024-08-08 12:00:02Z', 'bull', 60, 0.5,
    null,
    'binance:BTC-USDT: bids gained 7.0 times the depth of a best price in 1 s, '
    || 'modified z 7.0 among the day before',
    'crypto.order_flow|binance:BTC-USDT|flow_1s|1723118401000',
    '{
        "kind": "flow", "length_s": 1, "ofi": 70.0, "ofi_norm": 7.0, "mean_depth": 10.0, "mz": 7.0,
        "median_ofi": 0.0, "mad_ofi": 6.745, "n_obs": 86400, "mid": 10000.0, "move_bps": 1.0,
        "explained_bps": 0.4, "residual_z": 0.5, "beta": 0.5, "n_fit": 360,
        "short_history": false, "n_updates": 10, "epoch": "160",
        "began_us": 1723118401000000, "ended_us": 1723118402000000
    }'
);

-- case: the cuts are 3.5, 5 and 7 either way, and no score is above 79
-- given: features.order_flow
select
    *,
    '2024-08-08 12:00:00Z' as bar_at,
    '2024-08-08 12:00:01Z' as known_at
from (
    values
    ('A', 3.499999),
    ('B', 3.5),
    ('C', -4.25),
    ('D', 5.0),
    ('E', -6.0),
    ('F', -7.0),
    ('G', 14.0),
    ('H', 900.0),
    ('I', null)
) as given (pair, mz);
-- expect: entity, direction, score
values
('binance:B', 'bull', 20),
('binance:C', 'bear', 30),
('binance:D', 'bull', 40),
('binance:E', 'bear', 50),
('binance:F', 'bear', 60),
('binance:G', 'bull', 79),
('binance:H', 'bull', 79);

-- case: a move five deviations from what its flow explains is medium, whatever the flow
-- given: features.order_flow
select
    *,
    10 as length_s,
    null as mz,
    '2024-08-08 12:00:00Z' as bar_at,
    '2024-08-08 12:00:10Z' as known_at
from (
    values
    ('A', 4.999999, -12.3, 360),
    ('B', -5.0, -12.3, 360),
    ('C', 7.5, 12.3, 60),
    ('D', 20.0, 12.3, 360),
    ('E', 20.0, 12.3, 59)
) as given (pair, residual_z, move_bps, n_fit);
-- expect: entity, fired_at, direction, score, confidence, headline, alert_key
values
(
    'binance:B', '2024-08-08 12:00:10Z', 'bear', 40, 0.5,
    'binance:B: moved by -12.3 bps in 10 s, of which its flow explains 0.4',
    'crypto.order_flow|binance:B|unexplained_move_10s|1723118400000'
),
(
    'binance:C', '2024-08-08 12:00:10Z', 'bull', 49.5, 0.5,
    'binance:C: moved by 12.3 bps in 10 s, of which its flow explains 0.4',
    'crypto.order_flow|binance:C|unexplained_move_10s|1723118400000'
),
(
    'binance:D', '2024-08-08 12:00:10Z', 'bull', 59, 0.5,
    'binance:D: moved by 12.3 bps in 10 s, of which its flow explains 0.4',
    'crypto.order_flow|binance:D|unexplained_move_10s|1723118400000'
),
(
    'binance:E', '2024-08-08 12:00:10Z', 'bull', 39, 0.3,
    'binance:E: moved by 12.3 bps in 10 s, of which its flow explains 0.4',
    'crypto.order_flow|binance:E|unexplained_move_10s|1723118400000'
);

-- case: in a quarter of an hour it is told again only where it is worse by a severity
-- given: features.order_flow
select
    *,
    bar_at + interval 1 second as known_at
from (
    values
    (timestamptz '2024-08-08 12:00:00Z', 4.0),
    (timestamptz '2024-08-08 12:01:00Z', -4.9),
    (timestamptz '2024-08-08 12:02:00Z', 7.1),
    (timestamptz '2024-08-08 12:03:00Z', 5.1),
    (timestamptz '2024-08-08 12:14:59Z', 9.0),
    (timestamptz '2024-08-08 12:15:00Z', 4.0)
) as given (bar_at, mz);
-- expect: fired_at, alert_key
values
('2024-08-08 12:00:01Z', 'crypto.order_flow|binance:BTC-USDT|flow_1s|1723118400000'),
('2024-08-08 12:02:01Z', 'crypto.order_flow|binance:BTC-USDT|flow_1s|1723118520000'),
('2024-08-08 12:15:01Z', 'crypto.order_flow|binance:BTC-USDT|flow_1s|1723119300000');

-- case: bars of both lengths and moves are told apart
-- given: features.order_flow
select
    *,
    '2024-08-08 12:00:00Z' as bar_at
from (
    values
    (1, null, '2024-08-08 12:00:01Z'),
    (10, 6.0, '2024-08-08 12:00:10Z')
) as given (length_s, residual_z, known_at);
-- expect: fired_at, alert_key
values
('2024-08-08 12:00:01Z', 'crypto.order_flow|binance:BTC-USDT|flow_1s|1723118400000'),
('2024-08-08 12:00:10Z', 'crypto.order_flow|binance:BTC-USDT|flow_10s|1723118400000'),
('2024-08-08 12:00:10Z', 'crypto.order_flow|binance:BTC-USDT|unexplained_move_10s|1723118400000');

-- case: without history, or below both cuts, nothing fires
-- given: features.order_flow
select
    *,
    10 as length_s,
    '2024-08-08 12:00:00Z' as bar_at,
    '2024-08-08 12:00:10Z' as known_at
from (
    values
    ('NONE', 0, null, 0, null),
    ('USUAL', 8_640, -3.4, 360, 4.9)
) as given (pair, n_obs, mz, n_fit, residual_z);
-- expect: nothing

-- case: less than half a day of history is worth less than a day
-- given: features.order_flow
select
    *,
    '2024-08-08 12:00:00Z' as bar_at,
    '2024-08-08 12:00:10Z' as known_at
from (
    values
    (1, 'SHORT', 43_199, 7),
    (10, 'HALF', 4_320, 7)
) as given (length_s, pair, n_obs, mz);
-- expect: entity, confidence
values
('binance:SHORT', 0.3),
('binance:HALF', 0.5);

-- case: an order that is shown at the best price and taken away again is flow, twice (noisy)
-- given: features.order_flow
select
    *,
    0 as move_bps,
    bar_at + interval 1 second as known_at
from (
    values
    (timestamptz '2024-08-08 12:00:00Z', 60, 6.0),
    (timestamptz '2024-08-08 12:00:01Z', -80, -8.0)
) as given (bar_at, ofi, mz);
-- expect: fired_at, direction
values
('2024-08-08 12:00:01Z', 'bull'),
('2024-08-08 12:00:02Z', 'bear');

-- case: one tick of a price that seldom moves is a large move (noisy)
-- given: features.order_flow
select
    10 as length_s,
    0.1 as mz,
    10 as move_bps,
    19 as residual_z,
    '2024-08-08 12:00:00Z' as bar_at,
    '2024-08-08 12:00:10Z' as known_at;
-- expect: direction, score
values ('bull', 59);

-- case: much flow that moves the price less than usual is told as a move against it (noisy)
-- given: features.order_flow
select
    10 as length_s,
    3 as mz,
    0 as move_bps,
    12 as explained_bps,
    -6 as residual_z,
    '2024-08-08 12:00:00Z' as bar_at,
    '2024-08-08 12:00:10Z' as known_at;
-- expect: direction, headline
values (
    'bear', 'binance:BTC-USDT: moved by 0.0 bps in 10 s, of which its flow explains 12.0'
);

-- case: a span that begins behind the first of a quarter of an hour does not tell it again
-- span: 2024-08-08T12:10:00Z 2024-08-08T12:20:00Z
-- given: features.order_flow
select
    bar_at,
    bar_at + interval 1 second as known_at
from range(
    timestamptz '2024-08-08 12:00:00Z', timestamptz '2024-08-08 12:30:00Z', interval 1 minute
) as given (bar_at);
-- expect: fired_at
values ('2024-08-08 12:15:01Z');
