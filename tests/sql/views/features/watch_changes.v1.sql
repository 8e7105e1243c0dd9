-- default: symbol = 'AAPL', session_date = '2024-03-01', previous_date = '2024-02-29', bar = '1m'
-- default: opens_at = '2024-03-01 14:30Z'

-- case: 14 closes of 100 and a price of 106 are 6 %; 1.2 % in 15 minutes at a daily volatility of
--     2 % are 3.06 deviations, and half as many where this half hour is usually twice as lively
-- given: features.watch_levels
select
    *,
    date '2024-02-29' as session_date,
    timestamptz '2024-02-29 21:15Z' as known_at,
    104 as close,
    100 as mean14,
    0.02 as sigma_d
from (values ('AAPL'), ('MSFT')) as given (symbol);
-- given: features.move_pace
select
    'MSFT' as symbol,
    1 as half_hour,
    2 as pace,
    timestamptz '2024-03-01 14:30Z' as known_at;
-- given: features.watch_bars
select
    stocks.symbol, bars.price, bars.starts_at,
    bars.starts_at + interval 1 minute as known_at
from (values ('AAPL'), ('MSFT')) as stocks (symbol)
cross join (
    values
    (timestamptz '2024-03-01 15:00Z', 106 * exp(-0.012)),
    ('2024-03-01 15:15Z', 106)
) as bars (starts_at, price);
-- expect: symbol, nth_minute, chg_14d_pct, round(chg_day_pct, 3), round(chg_15m_pct, 4),
--     round(z_15m, 2), round(z_day, 2), chg_5m_pct, ago_15m_at
values
('AAPL', 30, round(100 * (1.06 * exp(-0.012) - 1), 6), 0.707, null, null, 0.35, null, null),
('AAPL', 45, 6, 1.923, 1.2072, 3.06, 0.95, 1.207229, timestamptz '2024-03-01 15:00Z'),
('MSFT', 30, round(100 * (1.06 * exp(-0.012) - 1), 6), 0.707, null, null, 0.35, null, null),
('MSFT', 45, 6, 1.923, 1.2072, 1.53, 0.95, 1.207229, timestamptz '2024-03-01 15:00Z');

-- case: the first minutes are held against the close before, and after a pause what follows it
--     against the last price; one of over an hour before says nothing
-- given: features.watch_levels
select
    date '2024-02-29' as session_date,
    timestamptz '2024-02-29 21:15Z' as known_at,
    100 as close,
    0.02 as sigma_d;
-- given: features.watch_bars
select
    *,
    starts_at + interval 1 minute as known_at
from (
    values
    (timestamptz '2024-03-01 14:30Z', 104), ('2024-03-01 15:00Z', 104),
    ('2024-03-01 16:06Z', 100)
) as given (starts_at, price);
-- expect: starts_at, chg_5m_pct, round(z_5m, 2), ago_5m_at, chg_15m_pct, chg_60m_pct, z_14d
values
(timestamptz '2024-03-01 14:30Z', 4, 1.96, null, 4, 4, null),
(
    timestamptz '2024-03-01 15:00Z', 0, 0, timestamptz '2024-03-01 14:30Z', 0, 4, null
),
(
    timestamptz '2024-03-01 16:06Z', null, null, null, round(100 * (100 / 104.0 - 1), 6),
    round(100 * (100 / 104.0 - 1), 6), null
);

-- case: a dividend is no fall, a session's own bar has days alone, a pair a day of 1,440 minutes
-- given: features.watch_levels
select
    *,
    date '2024-02-29' as session_date,
    timestamptz '2024-02-29 21:15Z' as known_at,
    0.02 as sigma_d
from (
    values ('AAPL', 100, 90, 100, 90), ('binance:BTC-USDT', 100, 100, null, null)
) as given (symbol, close, close_full, mean14, mean14_full);
-- given: features.watch_bars
select
    *,
    starts_at + interval 1 minute as known_at
from (
    values
    ('AAPL', '1d', timestamptz '2024-03-01 14:30Z', '2024-03-01 14:30Z', 90, 90),
    ('binance:BTC-USDT', '1m', '2024-03-01 15:00Z', '2024-03-01 00:00Z', 100, 100),
    ('binance:BTC-USDT', '1m', '2024-03-01 15:15Z', '2024-03-01 00:00Z', 101, 101)
) as given (symbol, bar, starts_at, opens_at, price, price_full);
-- expect: symbol, nth_minute, chg_day_pct, chg_14d_pct, chg_15m_pct, round(z_15m, 2)
values
('AAPL', null, 0, 0, null, null),
('binance:BTC-USDT', 900, 0, null, null, null),
(
    'binance:BTC-USDT', 915, 1, null, 1, round(ln(1.01) / (0.02 * sqrt(15 / 1440.0)), 2)
);
