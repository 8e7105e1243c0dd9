-- default: venue = 'binance', pair = 'BTC-USDT', source = 'books', best_bid = 100, best_ask = 101

-- case: a trade beside the book that stood is told; an old book says nothing
-- given: raw.crypto_trades
select *
from (
    values
    (1, 100.5, '2024-02-13 15:00:01Z'), (2, 120, '2024-02-13 15:00:02Z'),
    (3, 120, '2024-02-13 15:01:00Z')
) as given (trade_id, price, known_at);
-- given: raw.book_tops
select timestamptz '2024-02-13 15:00Z' as known_at;
-- expect: reason, evidence ->> 'trade_id'
values ('a price of 120.0 beside a book of 100.0 to 101.0', '2');
