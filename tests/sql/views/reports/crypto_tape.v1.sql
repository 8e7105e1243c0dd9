-- default: venue = 'binance', pair = 'BTC-USDT', is_aggregate = false, sequence = 1, side = 1

-- case: the newest trade comes with its dollars and the mean price of the hour up to it
-- given: features.crypto_prints
select
    *,
    price * size as notional,
    known_at as traded_at
from (
    values
    (1, -1, 60_000, 2.0, '2024-08-08 11:00:00Z'),
    (2, 1, 60_300, 1.0, '2024-08-08 11:30:00Z'),
    (3, 1, 60_600, 1.0, '2024-08-08 12:00:00Z'),
    (4, -1, 60_000, 1.0, '2024-08-08 12:15:00Z')
) as given (trade_id, side, price, size, known_at);
-- given: curated.dollar_coins
select 'USDT' as coin;
-- expect: trade_id, side, notional, notional_usd, vwap, vwap_bps, is_large, n_obs
values
(4, -1, 60_000, 60_000, 60_300, -49.751244, null, 2),
(3, 1, 60_600, 60_600, 60_225, 62.266501, null, 2),
(2, 1, 60_300, 60_300, 60_100, 33.277870, null, 0),
(1, -1, 120_000, 120_000, 60_000, 0, null, 0);

-- case: what is large for one pair is not for another, and each is held against hours before
-- param: min_obs = 100
-- span: 2024-08-08T11:00:00Z 2024-08-08T12:00:00Z
-- given: features.crypto_prints
with runs as (
    select *
    from (
        values
        ('SMALL', '2024-08-08 10:30:00Z', 1, 198, 1_000),
        ('SMALL', '2024-08-08 10:40:00Z', 199, 200, 5_000),
        ('SMALL', '2024-08-08 11:10:00Z', 301, 301, 9_000),
        ('SMALL', '2024-08-08 11:20:00Z', 302, 302, 900),
        ('BIG', '2024-08-08 10:30:00Z', 1, 197, 10_000),
        ('BIG', '2024-08-08 10:40:00Z', 198, 200, 50_000),
        ('BIG', '2024-08-08 11:10:00Z', 301, 301, 9_000),
        ('BIG', '2024-08-08 11:20:00Z', 302, 302, 50_000),
        ('FEW', '2024-08-08 11:20:00Z', 302, 302, 50_000)
    ) as given (pair, known_at, first_id, last_id, notional)
)

select
    runs.pair,
    cast(runs.known_at as timestamptz) as known_at,
    cast(runs.known_at as timestamptz) as traded_at,
    numbers.trade_id,
    100 as price,
    runs.notional / 100.0 as size,
    runs.notional
from runs
inner join range(1, 400) as numbers (trade_id)
    on numbers.trade_id between runs.first_id and runs.last_id;
-- expect: pair, trade_id, is_large, large_notional, notional_ratio, n_obs
values
('SMALL', 301, true, 1_000, 9, 200),
('SMALL', 302, false, 1_000, 0.9, 200),
('BIG', 301, false, 50_000, 0.9, 200),
('BIG', 302, true, 50_000, 5, 200),
('FEW', 302, null, null, null, 0);

-- case: hours over six before do not count, nor does the hour under way
-- param: min_obs = 1
-- span: 2024-08-08T12:00:01Z 2024-08-08T12:10:00Z
-- given: features.crypto_prints
select
    *,
    known_at as traded_at,
    1 as size,
    price as notional
from (
    values
    (1, 500, '2024-08-08 05:59:59Z'),
    (2, 100, '2024-08-08 06:00:00Z'),
    (3, 900, '2024-08-08 12:00:00Z'),
    (4, 200, '2024-08-08 12:00:01Z')
) as given (trade_id, price, known_at);
-- expect: trade_id, is_large, large_notional, n_obs, vwap
values (4, true, 100, 1, 550);

-- case: a quote currency that is a coin counts what it last cost, unless that is long ago
-- given: features.crypto_prints
select
    *,
    known_at as traded_at,
    0.05 as price,
    10 as size,
    0.5 as notional
from (
    values
    ('ETH-BTC', 1, '2024-08-08 12:10:00Z'),
    ('ETH-BTC', 2, '2024-08-08 18:10:00Z'),
    ('ETH-BTC', 3, '2024-08-08 19:10:00Z'),
    ('LRC-XYZ', 4, '2024-08-08 12:10:00Z')
) as given (pair, trade_id, known_at);
-- given: features.quote_rates
select
    'binance' as venue,
    'BTC' as coin,
    60_000 as usd_rate,
    hour_at + interval 1 hour as known_at,
    hour_at
from (
    values
    (timestamptz '2024-08-08 12:00:00Z')
) as given (hour_at);
-- expect: trade_id, notional, notional_usd
values (1, 0.5, null), (2, 0.5, 30_000), (3, 0.5, null), (4, 0.5, null);
