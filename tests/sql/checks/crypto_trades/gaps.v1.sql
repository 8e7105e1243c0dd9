-- default: is_aggregate = false, source = 'books', known_at = '2024-02-13 15:00Z'

-- case: a missing number is told where a venue counts one by one, and nowhere else
-- given: raw.crypto_trades
select
    venues.venue,
    'BTC-USDT' as pair,
    case when venues.venue = 'counts' then trades.nth else trades.nth * 7 end as trade_id
from (values ('counts'), ('leaps')) as venues (venue)
cross join range(200) as trades (nth)
where trades.nth not in (150, 151);
-- expect: entity, reason
values ('counts:BTC-USDT', '2 trades are missing before 152');
