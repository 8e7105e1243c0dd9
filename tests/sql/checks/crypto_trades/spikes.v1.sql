-- default: venue = 'binance', pair = 'BTC-USDT', is_aggregate = false, source = 'books', size = 1

-- case: a price of a tenth for one trade is told, a fall that stays is not
-- given: raw.crypto_trades
select *
from (
    values
    (1, '2024-02-13 15:00:01Z', 100), (2, '2024-02-13 15:00:02Z', 10),
    (3, '2024-02-13 15:00:03Z', 101), (4, '2024-02-13 15:00:04Z', 70),
    (5, '2024-02-13 15:00:05Z', 71)
) as given (trade_id, traded_at, price);
-- expect: known_at, reason
values ('2024-02-13 15:00:03Z', 'a price of 10.0 between 100.0 and 101.0');
