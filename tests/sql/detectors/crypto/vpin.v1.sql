-- default: venue = 'binance', pair = 'BTC-USDT', clock_date = '2024-08-11', vpin = 0.6
-- default: net_frac = -0.4, n_obs = 1_440, first_date = '2024-08-10', bucket_volume = 10
-- default: n_days = 30

-- case: the day's first bucket above 95 % of its month is a mention, the first above 99 % is low
-- given: features.vpin
select *
from (
    values
    (7, '2024-08-11 03:00Z', 0.94),
    (8, '2024-08-11 04:00Z', 0.97),
    (9, '2024-08-11 05:00Z', 0.98),
    (10, '2024-08-11 06:00Z', 0.995)
) as given (bucket, known_at, vpin_pr);
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values
(
    'binance:BTC-USDT', 'pair', '2024-08-11 04:00Z', '2024-08-11 04:00Z', 'neutral', 14.5, 0.5,
    null,
    'binance:BTC-USDT: buys and sells of the last 50 buckets differ by 60 % of the volume, '
    || 'above 97 % of the 30 days before',
    'crypto.vpin|binance:BTC-USDT|2024-08-11|0.95',
    '{
        "vpin": 0.6, "vpin_pr": 0.97, "net_frac": -0.4, "n_obs": 1440, "short_history": false,
        "bucket": 8, "clock_date": "2024-08-11", "first_date": "2024-08-10",
        "bucket_volume": 10.0, "n_days": 30, "rung": 0.95
    }'
),
(
    'binance:BTC-USDT', 'pair', '2024-08-11 06:00Z', '2024-08-11 06:00Z', 'neutral', 29.5, 0.5,
    null,
    'binance:BTC-USDT: buys and sells of the last 50 buckets differ by 60 % of the volume, '
    || 'above 99 % of the 30 days before',
    'crypto.vpin|binance:BTC-USDT|2024-08-11|0.99',
    '{
        "vpin": 0.6, "vpin_pr": 0.995, "net_frac": -0.4, "n_obs": 1440, "short_history": false,
        "bucket": 10, "clock_date": "2024-08-11", "first_date": "2024-08-10",
        "bucket_volume": 10.0, "n_days": 30, "rung": 0.99
    }'
);

-- case: it is never more than low, and worth less with a short history
-- given: features.vpin
select *
from (
    values
    ('A', 1, '2024-08-11 03:00Z', 1.0, 999),
    ('B', 1, '2024-08-11 03:00Z', 0.95, 1_000)
) as given (pair, bucket, known_at, vpin_pr, n_obs);
-- expect: entity, score, confidence
values
('binance:A', 19, 0.3),
('binance:A', 39, 0.3),
('binance:B', 10, 0.5);

-- case: without a history, and below the rung, it is silent
-- given: features.vpin
select *
from (
    values
    ('A', 1, '2024-08-11 03:00Z', null, 499),
    ('B', 1, '2024-08-11 03:00Z', 0.9499, 1_440)
) as given (pair, bucket, known_at, vpin_pr, n_obs);
-- expect: nothing

-- case: the value of fifty buckets stays high for days, and each day is told once (noisy)
-- given: features.vpin
select
    *,
    0.96 as vpin_pr
from (
    values
    (49, '2024-08-11', '2024-08-11 23:00Z'),
    (50, '2024-08-11', '2024-08-12 00:00Z'),
    (1, '2024-08-12', '2024-08-12 00:30Z'),
    (2, '2024-08-12', '2024-08-12 01:00Z')
) as given (bucket, clock_date, known_at);
-- expect: fired_at, alert_key
values
('2024-08-11 23:00Z', 'crypto.vpin|binance:BTC-USDT|2024-08-11|0.95'),
('2024-08-12 00:30Z', 'crypto.vpin|binance:BTC-USDT|2024-08-12|0.95');

-- case: a day of thrice the volume fires though it tells nothing of what comes (noisy)
-- given: features.vpin
select
    bucket,
    timestamptz '2024-08-11 12:00Z' + interval 10 minutes * bucket as known_at,
    0.95 + bucket / 1_000 as vpin_pr
from range(1, 4) as given (bucket);
-- expect: fired_at
values ('2024-08-11 12:10Z');

-- case: a day asked from any of its buckets has fired once
-- span: 2024-08-11T12:00:00Z 2024-08-12T00:00:00Z
-- given: features.vpin
select
    *,
    0.96 as vpin_pr
from (
    values
    (1, '2024-08-11 00:10Z'),
    (2, '2024-08-11 12:30Z')
) as given (bucket, known_at);
-- expect: nothing
