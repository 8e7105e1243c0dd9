-- default: venue = 'binance', n_trades = 1

-- case: an hour's rate is the last price of the dollar pair with the most trades, once it is over
-- span: 2024-08-01T10:00:00Z 2024-08-01T11:30:00Z
-- given: curated.dollar_coins
select *
from (
    values ('USDT'), ('USDC')
) as given (coin);
-- given: features.crypto_hours
select
    *,
    hour_at + interval 59 minutes as known_at
from (
    values
    ('binance', 'BTC-USDT', timestamptz '2024-08-01 09:00Z', 60_000, 9),
    ('binance', 'BTC-USDC', timestamptz '2024-08-01 09:00Z', 61_000, 8),
    ('binance', 'BTC-EUR', timestamptz '2024-08-01 09:00Z', 55_000, 90),
    ('bitfinex', 'BTC-USDT', timestamptz '2024-08-01 10:00Z', 62_000, 1),
    ('binance', 'ETH-BTC', timestamptz '2024-08-01 10:00Z', 0.05, 8),
    ('binance', 'BTC-USDT', timestamptz '2024-08-01 11:00Z', 63_000, 9)
) as given (venue, pair, hour_at, last_price, n_trades);
-- expect: venue, coin, hour_at, known_at, usd_rate
values
('binance', 'BTC', '2024-08-01 09:00Z', '2024-08-01 10:00Z', 60_000),
('bitfinex', 'BTC', '2024-08-01 10:00Z', '2024-08-01 11:00Z', 62_000);
