-- default: venue = 'binance', pair = 'BTC-USDT', bar_at = '2024-08-08 12:00:00Z'
-- default: known_at = '2024-08-08 12:00:01Z', n_obs = 50_000, mid = 60_000, move_bps = 1
-- default: epoch = '160', ofi = 9, ofi_norm = 3, mz = 5, other_abs_mz = 8, both_abs_mz = 5
-- default: n_venues = 2, confirmed_by = ['kraken:BTC-USD']

-- case: flow that another venue shows too is as severe as the weaker of both
-- given: features.cross_flow
select 9 as ofi;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'binance:BTC-USDT', 'pair', '2024-08-08 12:00:01Z', '2024-08-08 12:00:01Z', 'bull', 40, 0.7,
    null,
    'binance:BTC-USDT: bids gained in one second here, modified z 5.0, and on kraken:BTC-USD, 8.0',
    'crypto.cross_venue|binance:BTC-USDT|1723118400000',
    '{
        "ofi": 9.0, "ofi_norm": 3.0, "mz": 5.0, "other_abs_mz": 8.0, "both_abs_mz": 5.0,
        "n_venues": 2, "confirmed_by": ["kraken:BTC-USD"], "n_obs": 50000,
        "short_history": false, "mid": 60000.0, "move_bps": 1.0, "epoch": "160",
        "began_us": 1723118400000000, "ended_us": 1723118401000000
    }'
);

-- case: the score goes through the cuts, and it is surer by history and by venues
-- given: features.cross_flow
select *
from (
    values
    ('a', 4, 3.5, 43_199, 2),
    ('b', -4.25, 4.25, 43_200, 3),
    ('c', 9, 7, 43_200, 2),
    ('d', 30, 20, 43_200, 2)
) as given (pair, mz, both_abs_mz, n_obs, n_venues);
-- expect: entity, direction, score, confidence
values
('binance:a', 'bull', 20, 0.4),
('binance:b', 'bear', 30, 0.8),
('binance:c', 'bull', 60, 0.7),
('binance:d', 'bull', 79, 0.7);

-- case: in a quarter of an hour it is told once, and again where it is worse by a severity
-- given: features.cross_flow
select
    *,
    bar_at + interval 1 second as known_at
from (
    values
    (timestamptz '2024-08-08 12:00:00Z', 4),
    (timestamptz '2024-08-08 12:00:05Z', 4.9),
    (timestamptz '2024-08-08 12:00:09Z', 5),
    (timestamptz '2024-08-08 12:10:00Z', 6),
    (timestamptz '2024-08-08 12:14:59Z', 7),
    (timestamptz '2024-08-08 12:15:00Z', 3.5)
) as given (bar_at, both_abs_mz);
-- expect: fired_at
values
('2024-08-08 12:00:01Z'),
('2024-08-08 12:00:10Z'),
('2024-08-08 12:15:00Z'),
('2024-08-08 12:15:01Z');

-- case: where no other venue shows it there is nothing
-- given: features.cross_flow
select 9 as ofi
where false;
-- expect: nothing

-- case: news that every venue trades on fires on each (noisy)
-- given: features.cross_flow
select *
from (
    values
    ('binance', 'BTC-USDT', ['bitfinex:BTC-USD', 'kraken:BTC-USD']),
    ('bitfinex', 'BTC-USD', ['binance:BTC-USDT', 'kraken:BTC-USD']),
    ('kraken', 'BTC-USD', ['binance:BTC-USDT', 'bitfinex:BTC-USD'])
) as given (venue, pair, confirmed_by);
-- expect: entity
values ('binance:BTC-USDT'), ('bitfinex:BTC-USD'), ('kraken:BTC-USD');

-- case: spot and futures of one exchange are two venues (noisy)
-- given: features.cross_flow
select ['binance_usdm:BTC-USDT'] as confirmed_by;
-- expect: score
values (40);
