-- default: venue = 'binance', pair = 'BTC-USDT', is_aggregate = false, source = 'binance_book'

-- case: a later number at an earlier moment, and a trade of the future, are told
-- given: raw.crypto_trades
select *
from (
    values
    (1, '2024-02-13 15:00:00Z', '2024-02-13 15:00:00Z'),
    (2, '2024-02-13 15:00:05Z', '2024-02-13 15:00:05Z'),
    (3, '2024-02-13 15:00:01Z', '2024-02-13 15:00:05Z'),
    (4, '2024-02-13 15:02:00Z', '2024-02-13 15:00:06Z')
) as given (trade_id, traded_at, known_at);
-- expect: reason, evidence ->> 'trade_id'
values
('its number is later than its moment', '3'), ('it was matched after it was known', '4');
