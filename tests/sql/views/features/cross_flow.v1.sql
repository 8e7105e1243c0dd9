-- default: length_s = 1, bar_at = '2024-08-08 12:00:00Z', known_at = '2024-08-08 12:00:01Z'
-- default: n_obs = 50_000, mid = 60_000, move_bps = 1, epoch = '160', ofi = 9, ofi_norm = 3
-- default: mz = 4, pair = 'BTC-USDT'

-- case: the same side on two venues in one second confirms both, whatever dollar it is
-- given: curated.dollar_coins
select *
from (
    values ('USD'), ('USDT')
) as given (coin);
-- given: features.order_flow
select *
from (
    values
    ('binance', 'BTC-USDT', 4.5),
    ('kraken', 'BTC-USD', 6)
) as given (venue, pair, mz);
-- expect: venue, pair, bar_at, known_at, ofi, ofi_norm, mz, other_abs_mz, both_abs_mz, n_venues,
--     confirmed_by, n_obs, mid, move_bps, epoch
values
(
    'binance', 'BTC-USDT', '2024-08-08 12:00:00Z', '2024-08-08 12:00:01Z', 9, 3, 4.5, 6, 4.5, 2,
    ['kraken:BTC-USD'], 50_000, 60_000, 1, '160'
),
(
    'kraken', 'BTC-USD', '2024-08-08 12:00:00Z', '2024-08-08 12:00:01Z', 9, 3, 6, 4.5, 4.5, 2,
    ['binance:BTC-USDT'], 50_000, 60_000, 1, '160'
);

-- case: another side, second, length, coin or quote, the same venue and what is usual confirm none
-- given: curated.dollar_coins
select *
from (
    values ('USD'), ('USDT')
) as given (coin);
-- given: features.order_flow
select
    *,
    bar_at + interval 1 second as known_at
from (
    values
    ('binance', 'A-USDT', 4, 1, timestamptz '2024-08-08 12:00:00Z'),
    ('kraken', 'A-USD', -4, 1, timestamptz '2024-08-08 12:00:00Z'),
    ('binance', 'B-USDT', 4, 1, timestamptz '2024-08-08 12:00:00Z'),
    ('kraken', 'B-USD', 4, 1, timestamptz '2024-08-08 12:00:01Z'),
    ('binance', 'C-USDT', 4, 1, timestamptz '2024-08-08 12:00:00Z'),
    ('kraken', 'C-USD', 4, 10, timestamptz '2024-08-08 12:00:00Z'),
    ('kraken', 'D-USD', 4, 1, timestamptz '2024-08-08 12:00:00Z'),
    ('binance', 'D-EUR', 4, 1, timestamptz '2024-08-08 12:00:00Z'),
    ('binance', 'E-USDT', 4, 1, timestamptz '2024-08-08 12:00:00Z'),
    ('binance', 'E-USD', 4, 1, timestamptz '2024-08-08 12:00:00Z'),
    ('binance', 'F-USDT', 4, 1, timestamptz '2024-08-08 12:00:00Z'),
    ('kraken', 'F-USD', 3.49, 1, timestamptz '2024-08-08 12:00:00Z'),
    ('bitfinex', 'F-USD', null, 1, timestamptz '2024-08-08 12:00:00Z')
) as given (venue, pair, mz, length_s, bar_at);
-- expect: nothing

-- case: a venue counts once, by its most unusual pair
-- given: curated.dollar_coins
select *
from (
    values ('USD'), ('USDT')
) as given (coin);
-- given: features.order_flow
select *
from (
    values
    ('binance', 'BTC-USDT', -4),
    ('bitfinex', 'BTC-USDT', -5),
    ('bitfinex', 'BTC-USD', -8),
    ('kraken', 'BTC-USD', -7)
) as given (venue, pair, mz);
-- expect: venue, pair, mz, other_abs_mz, both_abs_mz, n_venues, confirmed_by
values
('binance', 'BTC-USDT', -4, 8, 4, 3, ['bitfinex:BTC-USD', 'kraken:BTC-USD']),
('bitfinex', 'BTC-USD', -8, 7, 7, 3, ['binance:BTC-USDT', 'kraken:BTC-USD']),
('bitfinex', 'BTC-USDT', -5, 7, 5, 3, ['binance:BTC-USDT', 'kraken:BTC-USD']),
('kraken', 'BTC-USD', -7, 8, 7, 3, ['binance:BTC-USDT', 'bitfinex:BTC-USD']);
