-- default: venue = 'binance', epoch = 'e', source = 'books', began_at = '2024-02-13 15:00:20Z'
-- default: channel = 'book', ended_at = '2024-02-13 15:01:40Z', reason = 'silence'

-- case: a silence that nobody told is told, one that was is not
-- param: min_messages = 5
-- given: raw.book_tops
select
    pairs.pair,
    messages.nth as update_id,
    timestamptz '2024-02-13 15:00Z' + to_milliseconds(cast(messages.nth * 100 as bigint))
    + case when messages.nth > 10 then interval 40 seconds else interval 0 seconds end as known_at
from (values ('BTC-USDT'), ('ETH-USDT')) as pairs (pair)
cross join range(1, 20) as messages (nth);
-- given: ops.feed_gaps
select 'ETH-USDT' as pair;
-- expect: entity, reason
values ('binance:BTC-USDT', 'nothing for 40 s, and no gap was told');
