-- default: venue = 'binance', pair = 'BTC-USDT', run = 1, channel = 'trades', reason = 'gap'

-- case: the rule book's four trades fill three buckets of ten, which differ by 10, 10 and 6
-- given: features.crypto_hours
select
    hour_at,
    hour_at as known_at,
    cast(hour_at as date) as known_date,
    25 as volume
from
    range(
        timestamptz '2024-08-01 00:00Z', timestamptz '2024-08-11 00:00Z', interval 1 hour
    ) as given (hour_at)
where hour_at < date_trunc('day', hour_at) + interval 20 hours;
-- given: features.trade_runs
select
    *,
    '2024-08-11' as known_date,
    second_at as known_at
from (
    values
    ('2024-08-11 12:00:00Z', 1, 5),
    ('2024-08-11 12:00:01Z', 1, 5),
    ('2024-08-11 12:00:02Z', -1, 12),
    ('2024-08-11 12:00:03Z', 1, 8)
) as given (second_at, side, volume);
-- expect: venue, pair, clock_date, bucket, began_at, known_at, bucket_volume, net_volume, n_days,
--     has_gap
values
(
    'binance', 'BTC-USDT', '2024-08-11', 1, '2024-08-11 00:00Z', '2024-08-11 12:00:02Z',
    10, 10, 10, false
),
(
    'binance', 'BTC-USDT', '2024-08-11', 2, '2024-08-11 12:00:02Z', '2024-08-11 12:00:03Z',
    10, -10, 10, false
),
(
    'binance', 'BTC-USDT', '2024-08-11', 3, '2024-08-11 12:00:03Z', '2024-08-11 12:00:04Z',
    10, 6, 10, false
);

-- case: a day's clock starts anew, and its bucket has the size of the days before it
-- given: features.crypto_hours
select
    hour_at,
    hour_at as known_at,
    cast(hour_at as date) as known_date,
    case when hour_at < '2024-08-11 00:00Z' then 25 else 300 end as volume
from
    range(
        timestamptz '2024-08-01 00:00Z', timestamptz '2024-08-12 00:00Z', interval 1 hour
    ) as given (hour_at)
where hour_at < date_trunc('day', hour_at) + interval 20 hours;
-- given: features.trade_runs
select
    *,
    second_at as known_at
from (
    values
    ('2024-08-11', '2024-08-11 23:59:58Z', 1, 9),
    ('2024-08-11', '2024-08-11 23:59:59Z', -1, 10),
    ('2024-08-12', '2024-08-12 00:00:00Z', 1, 19),
    ('2024-08-12', '2024-08-12 00:00:01Z', -1, 1)
) as given (known_date, second_at, side, volume);
-- expect: clock_date, bucket, began_at, known_at, bucket_volume, net_volume, n_days
values
(
    '2024-08-11', 1, '2024-08-11 00:00:00Z', '2024-08-12 00:00:00Z', 10, 8, 10
),
(
    '2024-08-12', 1, '2024-08-12 00:00:00Z', '2024-08-12 00:00:02Z', 20, 18, 11
);

-- case: one trade fills many buckets, of which the last 50 are told
-- given: features.crypto_hours
select
    hour_at,
    hour_at as known_at,
    cast(hour_at as date) as known_date,
    25 as volume
from
    range(
        timestamptz '2024-08-01 00:00Z', timestamptz '2024-08-11 00:00Z', interval 1 hour
    ) as given (hour_at)
where hour_at < date_trunc('day', hour_at) + interval 20 hours;
-- given: features.trade_runs
select
    *,
    '2024-08-11' as known_date,
    second_at as known_at
from (
    values
    ('2024-08-11 12:00:00Z', 1, 4),
    ('2024-08-11 12:00:01Z', -1, 604),
    ('2024-08-11 12:00:02Z', 1, 2)
) as given (second_at, side, volume);
-- expect: min(bucket), max(bucket), count(*), sum(net_volume), max(known_at)
values (11, 61, 51, -506, '2024-08-11 12:00:03Z');

-- case: no bucket without ten days of volume, of 20 hours each, in the thirty before
-- given: features.crypto_hours
select
    given.pair,
    hours.hour_at,
    hours.hour_at as known_at,
    cast(hours.hour_at as date) as known_date,
    25 as volume
from (
    values
    ('nine days', timestamptz '2024-08-02 00:00Z', 20),
    ('19 hours', timestamptz '2024-08-01 00:00Z', 19),
    ('long ago', timestamptz '2024-06-01 00:00Z', 20)
) as given (pair, first_at, n_hours)
inner join
    range(
        timestamptz '2024-06-01 00:00Z', timestamptz '2024-08-11 00:00Z', interval 1 hour
    ) as hours (hour_at)
    on given.first_at <= hours.hour_at
where
    hours.hour_at < date_trunc('day', hours.hour_at) + interval 1 hour * given.n_hours
    and (given.pair <> 'long ago' or hours.hour_at < '2024-07-20 00:00Z');
-- given: features.trade_runs
select
    *,
    1 as side,
    100 as volume,
    '2024-08-11' as known_date,
    '2024-08-11 12:00:00Z' as second_at,
    '2024-08-11 12:00:00Z' as known_at
from (
    values
    ('nine days'),
    ('19 hours'),
    ('long ago'),
    ('none')
) as given (pair);
-- expect: nothing

-- case: a bucket in which trades are missing says so, once that is known
-- given: features.crypto_hours
select
    hour_at,
    hour_at as known_at,
    cast(hour_at as date) as known_date,
    25 as volume
from
    range(
        timestamptz '2024-08-01 00:00Z', timestamptz '2024-08-11 00:00Z', interval 1 hour
    ) as given (hour_at)
where hour_at < date_trunc('day', hour_at) + interval 20 hours;
-- given: features.trade_runs
select
    *,
    1 as side,
    10 as volume,
    '2024-08-11' as known_date,
    second_at as known_at
from (
    values
    ('2024-08-11 12:00:00Z'),
    ('2024-08-11 13:00:00Z'),
    ('2024-08-11 14:00:00Z'),
    ('2024-08-11 15:00:00Z'),
    ('2024-08-11 16:00:00Z')
) as given (second_at);
-- given: ops.feed_gaps
select *
from (
    values
    ('BTC-USDT', 'trades', '2024-08-11 12:30Z', '2024-08-11 12:31Z', '2024-08-11 12:31Z'),
    ('all', 'trades', '2024-08-11 14:30Z', '2024-08-11 14:31Z', '2024-08-11 14:31Z'),
    ('BTC-USDT', 'trades', '2024-08-11 13:30Z', '2024-08-11 13:31Z', '2024-08-12 09:00Z'),
    ('BTC-USDT', 'book', '2024-08-11 15:30Z', '2024-08-11 15:31Z', '2024-08-11 15:31Z')
) as given (pair, channel, began_at, ended_at, known_at);
-- expect: bucket, has_gap
values
(1, false),
(2, true),
(3, false),
(4, true),
(5, false);

-- case: a day before the span is enough to know where the volume clock stands
-- span: 2024-08-11T23:00:00Z 2024-08-12T00:00:00Z
-- given: features.crypto_hours
select
    hour_at,
    hour_at as known_at,
    cast(hour_at as date) as known_date,
    25 as volume
from
    range(
        timestamptz '2024-08-01 00:00Z', timestamptz '2024-08-11 00:00Z', interval 1 hour
    ) as given (hour_at)
where hour_at < date_trunc('day', hour_at) + interval 20 hours;
-- given: features.trade_runs
select
    *,
    '2024-08-11' as known_date,
    second_at as known_at
from (
    values
    ('2024-08-11 00:00:00Z', 1, 27),
    ('2024-08-11 23:30:00Z', -1, 6)
) as given (second_at, side, volume);
-- expect: bucket, known_at, net_volume
values (3, '2024-08-11 23:30:01Z', 4);
