-- default: venue = 'binance', pair = 'BTC-USDT', is_aggregate = false, trade_id = 1, side = 1
-- default: price = 61837.63, size = 0.02, traded_at = '2024-08-08 23:54:15.342Z'

-- case: a trade is told as it came, with what it was worth
-- given: raw.crypto_trades
select *
from (
    values
    ('2024-08-08 23:54:14.087896Z', 7)
) as given (known_at, sequence);
-- expect: venue, pair, traded_at, known_at, sequence, trade_id, is_aggregate, side, price, size,
--     notional, withdrawn_at
values (
    'binance', 'BTC-USDT', '2024-08-08 23:54:15.342Z', '2024-08-08 23:54:14.087896Z', 7, 1, false,
    1, 61837.63, 0.02, 1236.7526, null
);

-- case: a trade of a capture that the day's dump tells again is withdrawn by it
-- given: raw.crypto_trades
select *
from (
    values
    (1, '2024-08-08 23:54:14Z'),
    (2, '2024-08-08 23:54:14Z'),
    (1, '2024-08-08 23:54:15.342Z')
) as given (trade_id, known_at);
-- expect: trade_id, known_at, withdrawn_at
values
(1, '2024-08-08 23:54:14Z', '2024-08-08 23:54:15.342Z'),
(2, '2024-08-08 23:54:14Z', null),
(1, '2024-08-08 23:54:15.342Z', null);

-- case: a trade and the aggregate of the same number are two, and so are pairs and venues
-- given: raw.crypto_trades
select *
from (
    values
    ('binance', 'BTC-USDT', false),
    ('binance', 'BTC-USDT', true),
    ('binance', 'ETH-USDT', false),
    ('binance_usdm', 'BTC-USDT', false)
) as given (venue, pair, is_aggregate);
-- expect: count(*), count(withdrawn_at)
values (4, 0);

-- case: a trade that a corrected dump no longer holds is withdrawn
-- given: raw.crypto_trades
select *
from (
    values
    ('2024-08-08 23:54:15.342Z', false),
    ('2024-08-12 09:05Z', true)
) as given (known_at, is_gone);
-- expect: known_at, withdrawn_at
values ('2024-08-08 23:54:15.342Z', '2024-08-12 09:05Z');
