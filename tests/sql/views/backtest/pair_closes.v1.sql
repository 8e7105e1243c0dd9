-- default: venue = 'binance', pair = 'BTC-USDT', is_aggregate = true, known_date = '2024-03-04'

-- case: the last trade of five minutes is their price, and stands for an hour without another
-- span: 2024-03-04 2024-03-05
-- given: features.crypto_trade_bars
select *
from (
    values
    ('2024-03-04 12:00Z', 100, '2024-03-04 12:00:59Z'),
    ('2024-03-04 12:04Z', 101, '2024-03-04 12:05:01Z'),
    ('2024-03-04 12:10Z', 102, '2024-03-04 12:10:30Z'),
    ('2024-03-04 14:00Z', 103, '2024-03-04 14:00:30Z'),
    ('2024-03-04 14:01Z', 104, '2024-03-04 15:01Z')
) as given (bar_at, close, known_at);
-- expect: entity, bar_at, price, known_at
select
    'binance:BTC-USDT' as entity,
    bar_at, price,
    coalesce(known_at, bar_at) as known_at
from (
    values
    (timestamptz '2024-03-04 12:05Z', 101, timestamptz '2024-03-04 12:05:01Z'),
    (timestamptz '2024-03-04 12:10Z', 101, null)
) as given (bar_at, price, known_at)
union all
select
    'binance:BTC-USDT' as entity,
    timestamptz '2024-03-04 12:15Z' + n * interval 5 minutes as bar_at,
    102 as price,
    timestamptz '2024-03-04 12:15Z' + n * interval 5 minutes as known_at
from range(12) as t (n)
union all
select
    'binance:BTC-USDT' as entity,
    timestamptz '2024-03-04 14:05Z' + n * interval 5 minutes as bar_at,
    103 as price,
    timestamptz '2024-03-04 14:05Z' + n * interval 5 minutes as known_at
from range(12) as t (n);

-- case: nothing is told of five minutes that are not over
-- span: 2024-03-04 2024-03-04 12:12Z
-- given: features.crypto_trade_bars
select
    timestamptz '2024-03-04 12:01Z' as bar_at,
    100 as close,
    '2024-03-04 12:01:30Z' as known_at;
-- expect: bar_at, price
values
(timestamptz '2024-03-04 12:05Z', 100),
(timestamptz '2024-03-04 12:10Z', 100);
