-- default: venue = 'binance', pair = 'BTC-USDT', epoch = 'e', known_at = '2024-02-13 15:00Z'
-- default: best_bid = 100, best_ask = 101

-- case: a level better than the best is told, one that is gone is not
-- given: raw.book_updates
select *
from (
    values (1, 100, 5), (1, 100.5, 5), (1, 100.5, 0), (-1, 101, 5), (-1, 100.5, 5)
) as given (book_side, price, size);
-- expect: reason
values
('a bid of 100.5 above the best of 100.0'), ('an ask of 100.5 below the best of 101.0');
