-- default: venue = 'binance', pair = 'PPT-BTC', last_price = 2.85, hour_volume = 1_300
-- default: hour_usd = 40_000, hour_rush_orders = 57, price_ratio = 2.85, volume_ratio = 130
-- default: max_ratio = 1.3, price12 = 1, volume12 = 10, max_volume = 1_000, n_hours12 = 12
-- default: n_hours = 700, n_days = 30, daily_usd = 90_000, gap_hours = 0, rush_orders = 40
-- default: n_chunks = 400, avg_rushes = 0.2, std_rush_orders = 31.5, avg_rush_orders = 2
-- default: std_trades = 3, std_volume = 4, avg_volume = 5, std_price = 6, avg_price = 0.1
-- default: avg_price_max = 0.2

-- case: price and volume far above the half day and the month are low, at the chunk's end
-- given: features.pump
select
    timestamptz '2024-08-08 17:00:00Z' as chunk_at,
    timestamptz '2024-08-08 17:00:25Z' as known_at;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'binance:PPT-BTC', 'pair', '2024-08-08 17:00:25Z', '2024-08-08 17:00:25Z', 'bull', 29.5, 0.5,
    40_000,
    'binance:PPT-BTC: 285 % of its 12-hour price, the hour''s volume 130 times its 12-hour mean '
    || 'and above 30 days'' most, 57 rush orders',
    'crypto.pump|binance:PPT-BTC|1723136400000',
    '{
        "last_price": 2.85, "price12": 1.0, "price_ratio": 2.85, "hour_volume": 1300.0,
        "volume12": 10.0, "volume_ratio": 130.0, "max_volume": 1000.0, "max_ratio": 1.3,
        "daily_usd": 90000.0, "n_days": 30.0, "n_hours": 700, "n_hours12": 12, "gap_hours": 0.0,
        "short_history": false, "hour_rush_orders": 57, "rush_orders": 40, "avg_rushes": 0.2,
        "n_chunks": 400, "std_rush_orders": 31.5, "avg_rush_orders": 2.0, "std_trades": 3.0,
        "std_volume": 4.0, "avg_volume": 5.0, "std_price": 6.0, "avg_price": 0.1,
        "avg_price_max": 0.2, "chunk_us": 1723136400000000
    }'
);

-- case: after it half an hour is silent, and as long as it goes on
-- given: features.pump
select
    chunk_at,
    chunk_at + interval 25 seconds as known_at
from (
    values
    (timestamptz '2024-08-08 17:00:00Z'),
    (timestamptz '2024-08-08 17:00:25Z'),
    (timestamptz '2024-08-08 17:30:25Z'),
    (timestamptz '2024-08-08 18:00:50Z')
) as given (chunk_at);
-- expect: fired_at
values
('2024-08-08 17:00:25Z'),
('2024-08-08 18:01:15Z');

-- case: one rule that does not hold is enough to be quiet
-- given: features.pump
select
    *,
    timestamptz '2024-08-08 17:00:00Z' as chunk_at,
    timestamptz '2024-08-08 17:00:25Z' as known_at
from (
    values
    ('price', 1.9, 6, 1.1, 1, 10, 60, 6, 1),
    ('volume', 2.0, 5, 1.1, 1, 10, 60, 6, 1),
    ('month', 2.0, 6, 1.0, 1, 10, 60, 6, 1),
    ('major', 2.0, 6, 1.1, 5_000_000, 10, 60, 6, 1),
    ('no dollars', 2.0, 6, 1.1, null, 10, 60, 6, 1),
    ('days', 2.0, 6, 1.1, 1, 9.9, 60, 6, 1),
    ('hours', 2.0, 6, 1.1, 1, 10, 59, 6, 1),
    ('half day', 2.0, 6, 1.1, 1, 10, 60, 5, 1),
    ('gap', 2.0, 6, 1.1, 1, 10, 60, 6, 1.1)
) as given (
    pair, price_ratio, volume_ratio, max_ratio, daily_usd, n_days, n_hours, n_hours12, gap_hours
);
-- expect: nothing

-- case: a pair without a history is silent, however it jumps
-- given: features.pump
select
    timestamptz '2024-08-08 17:00:00Z' as chunk_at,
    timestamptz '2024-08-08 17:00:25Z' as known_at,
    null as price_ratio,
    null as volume_ratio,
    null as max_ratio,
    null as daily_usd,
    null as n_days;
-- expect: nothing

-- case: a news listing looks the same, without a rush (noisy)
-- given: features.pump
select
    timestamptz '2024-08-08 17:00:00Z' as chunk_at,
    timestamptz '2024-08-08 17:00:25Z' as known_at,
    4.0 as price_ratio,
    0 as hour_rush_orders,
    null as std_rush_orders,
    11 as n_days;
-- expect: score, confidence, evidence ->> '$.hour_rush_orders', evidence ->> '$.std_rush_orders'
values (39, 0.3, '0', null);

-- case: behind a gap the half day is little, and it is told with less confidence (noisy)
-- given: features.pump
select
    timestamptz '2024-08-08 17:00:00Z' as chunk_at,
    timestamptz '2024-08-08 17:00:25Z' as known_at,
    0.5 as gap_hours;
-- expect: confidence, evidence ->> '$.gap_hours'
values (0.2, '0.5');

-- case: a half day of next to no trades makes any volume large (noisy)
-- given: features.pump
select
    timestamptz '2024-08-08 17:00:00Z' as chunk_at,
    timestamptz '2024-08-08 17:00:25Z' as known_at,
    6 as n_hours12,
    900 as hour_usd;
-- expect: notional_usd
values (900);

-- case: a pump asked from its middle has fired before
-- span: 2024-08-08T17:10:00Z 2024-08-08T18:00:00Z
-- given: features.pump
select
    chunk_at,
    chunk_at + interval 25 seconds as known_at
from (
    values
    (timestamptz '2024-08-08 16:50:00Z'),
    (timestamptz '2024-08-08 17:15:00Z')
) as given (chunk_at);
-- expect: nothing
