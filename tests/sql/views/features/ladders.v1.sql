-- default: venue = 'binance', pair = 'BTC-USDT', epoch = '160', book_side = 1, change_size = 1
-- default: order_event = 'add', received_at = '2024-08-08 12:00:00.5Z', dist_bps = 10
-- default: known_at = '2024-08-08 12:00:00.75Z'

-- case: five orders of one size within a second are a ladder, told 250 ms after its end
-- given: curated.dollar_coins
select 'USDT' as coin;
-- given: features.book_events
select
    case given.n when 3 then 'increase' else 'add' end as order_event,
    60_000 - given.n as price,
    given.n as dist_bps,
    given.received_at
from (
    values
    (1, '2024-08-08 12:00:00.0Z'),
    (2, '2024-08-08 12:00:00.5Z'),
    (3, '2024-08-08 12:00:00.6Z'),
    (4, '2024-08-08 12:00:00.7Z'),
    (5, '2024-08-08 12:00:00.999999Z')
) as given (n, received_at);
-- expect: venue, pair, bar_at, known_at, book_side, order_size, n_orders, n_prices, notional_usd,
--     min_price, max_price, min_dist_bps, max_dist_bps, epoch
values (
    'binance', 'BTC-USDT', '2024-08-08 12:00:00Z', '2024-08-08 12:00:01.25Z', 1, 1, 5, 5,
    299_985, 59_995, 59_999, 1, 5, '160'
);

-- case: four, two sizes, two sides, two seconds, too far, too little and too many are none
-- given: curated.dollar_coins
select 'USDT' as coin;
-- given: features.book_events
select
    kinds.pair,
    60_000 - numbers.n as price,
    case
        when kinds.pair = 'two sizes-USDT' then 1 + numbers.n % 2
        when kinds.pair = 'little-USDT' then 0.8
        else 1
    end as change_size,
    case when kinds.pair = 'two sides-USDT' and numbers.n < 3 then -1 else 1 end as book_side,
    case when kinds.pair = 'far-USDT' and numbers.n = 1 then 500.1 else 10 end as dist_bps,
    timestamptz '2024-08-08 12:00:00.5Z'
    + case when kinds.pair = 'two seconds-USDT' then numbers.n else 0 end * interval 1 second
        as received_at,
    timestamptz '2024-08-08 12:00:00.75Z'
    + case when kinds.pair = 'two seconds-USDT' then numbers.n else 0 end * interval 1 second
        as known_at
from (
    values
    ('four-USDT', 4),
    ('two sizes-USDT', 5),
    ('two sides-USDT', 6),
    ('two seconds-USDT', 5),
    ('far-USDT', 5),
    ('little-USDT', 5),
    ('many-USDT', 70),
    ('no dollar-ETH', 5),
    ('69 are one-USDT', 69)
) as kinds (pair, n_orders)
inner join range(1, 71) as numbers (n) on kinds.n_orders >= numbers.n;
-- expect: pair, n_orders
values ('69 are one-USDT', 69);

-- case: an order that follows the price is at one price only
-- given: curated.dollar_coins
select 'USDT' as coin;
-- given: features.book_events
select
    *,
    2 as change_size
from (
    values
    ('add', 60_001),
    ('remove', 60_001),
    ('add', 60_002),
    ('decrease', 60_002),
    ('add', 60_003),
    ('remove', 60_003),
    ('add', 60_004),
    ('remove', 60_004),
    ('add', 60_005),
    ('add', 60_006)
) as given (order_event, price);
-- expect: nothing

-- case: what is quoted in a coin is weighed by its last whole hour
-- given: curated.dollar_coins
select 'USDT' as coin;
-- given: features.quote_rates
select
    *,
    'ETH' as coin
from (
    values
    (3_000, '2024-08-08 12:00Z'),
    (9_000, '2024-08-08 13:00Z')
) as given (usd_rate, known_at);
-- given: features.book_events
select
    'BTC-ETH' as pair,
    20 + n as price
from range(5) as given (n);
-- expect: notional_usd
select 330_000 as notional_usd;

-- case: a span tells the second that is told in it
-- span: 2024-08-08T12:00:01.25Z 2024-08-08T12:00:02.25Z
-- given: curated.dollar_coins
select 'USDT' as coin;
-- given: features.book_events
select
    60_000 - steps.n as price,
    timestamptz '2024-08-08 12:00:00Z' + seconds.n * interval 1 second as received_at,
    timestamptz '2024-08-08 12:00:00.25Z' + seconds.n * interval 1 second as known_at
from range(-1, 2) as seconds (n)
cross join range(5) as steps (n);
-- expect: bar_at
values ('2024-08-08 12:00:00Z');
