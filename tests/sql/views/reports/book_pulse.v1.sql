-- case: a second of each book comes with mid, imbalance and spread
-- given: features.book_bars
select *
from (
    values
    ('binance', 'BTC-USDT', '2024-03-01 00:00:01Z', 61_000, 0.5, 0.2),
    ('binance', 'ETH-USDT', '2024-03-01 00:00:01Z', 3_000, -1, 0.4)
) as given (venue, pair, bar_at, mid, obi, spread_bps);
-- expect: venue, pair, bar_at, mid, obi, spread_bps
values
('binance', 'BTC-USDT', '2024-03-01 00:00:01Z', 61_000, 0.5, 0.2),
('binance', 'ETH-USDT', '2024-03-01 00:00:01Z', 3_000, -1, 0.4);

-- case: a question about a span sees the seconds that were known in it
-- span: 2024-03-01T00:00:02Z 2024-03-01T00:00:03Z
-- given: features.book_bars
select *
from (
    values
    ('early', '2024-03-01 00:00:01Z', '2024-03-01 00:00:01.9Z'),
    ('in', '2024-03-01 00:00:01Z', '2024-03-01 00:00:02Z'),
    ('late', '2024-03-01 00:00:02Z', '2024-03-01 00:00:03Z')
) as given (pair, bar_at, known_at);
-- expect: pair
values ('in');
