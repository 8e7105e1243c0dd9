-- default: venue = 'binance', pair = 'PPT-BTC', rush_orders = 2, known_date = '2024-08-08'

-- case: the hour so far stands against what is usual of the hour before it
-- given: features.pump_chunks
select
    *,
    chunk_at as known_at
from (
    values
    ('2024-08-08 11:59:35Z', 1.0, 500, 500),
    ('2024-08-08 12:00:00Z', 1.5, 20, 30),
    ('2024-08-08 12:00:25Z', 2.0, 100, 200)
) as given (chunk_at, last_price, volume, notional);
-- given: features.pump_hours
select
    '2024-08-08 12:00Z' as hour_at,
    '2024-08-08 12:00:25Z' as known_at,
    1 as price12,
    10 as volume12,
    100 as max_volume,
    12 as n_hours12,
    700 as n_hours,
    30 as n_days,
    3 as usd_rate,
    1_000 as daily_usd,
    0 as gap_hours;
-- given: features.rush_orders
select
    '2024-08-08 12:00:25Z' as chunk_at,
    '2024-08-08 12:00:50Z' as known_at,
    2 as rush_orders,
    900 as n_chunks,
    0.1 as avg_rushes,
    31 as std_rush_orders,
    1 as avg_rush_orders,
    2 as std_trades,
    3 as std_volume,
    4 as avg_volume,
    5 as std_price,
    6 as avg_price,
    7 as avg_price_max;
-- expect: chunk_at, known_at, last_price, hour_volume, hour_usd, hour_rush_orders, price_ratio,
--     volume_ratio, max_ratio, daily_usd, n_chunks, std_rush_orders, avg_price_max
values
(
    '2024-08-08 11:59:35Z', '2024-08-08 12:00:00Z', 1, 500, null, 2, null, null, null, null, null,
    null, null
),
(
    '2024-08-08 12:00:00Z', '2024-08-08 12:00:25Z', 1.5, 20, 90, 2, 1.5, 2, 0.2, 1_000, null,
    null, null
),
(
    '2024-08-08 12:00:25Z', '2024-08-08 12:00:50Z', 2, 120, 690, 4, 2, 12, 1.2, 1_000, 900,
    31, 7
);
