-- default: venue = 'binance', pair = 'BTC-USDT', has_gap = false, bucket_volume = 10, n_days = 30

-- case: VPIN is the mean difference of fifty buckets, those with a gap left out
-- given: features.vpin_buckets
select
    bucket,
    case when bucket < 51 then 10 when bucket = 51 then -6 else 2 end as net_volume,
    bucket = 52 as has_gap,
    '2024-08-11' as clock_date,
    timestamptz '2024-08-11 00:00:00Z' + interval 1 minute * bucket as known_at
from range(1, 54) as given (bucket);
-- expect: venue, pair, clock_date, bucket, known_at, vpin, net_frac, vpin_pr, n_obs, first_date,
--     bucket_volume, n_days
select
    'binance' as venue,
    'BTC-USDT' as pair,
    '2024-08-11' as clock_date,
    bucket,
    timestamptz '2024-08-11 00:00:00Z' + interval 1 minute * bucket as known_at,
    case when bucket = 50 then 1 when bucket = 51 then 0.992 when bucket = 53 then 0.976 end
        as vpin,
    case
        when bucket <= 50 then 1
        when bucket = 51 then round((490 - 6) / 500, 9)
        else round((480 - 6 + 2) / 500, 9)
    end as net_frac,
    null as vpin_pr,
    0 as n_obs,
    '2024-08-11' as first_date,
    10 as bucket_volume,
    30 as n_days
from range(1, 54) as given (bucket)
where bucket <> 52;

-- case: fifty buckets that reach back over seven days make none
-- given: features.vpin_buckets
select
    *,
    10 as net_volume,
    clock_date as known_at
from (
    select
        bucket,
        date '2024-08-03' as clock_date
    from range(1, 50) as given (bucket)
    union all
    values
    (1, date '2024-08-10'),
    (1, date '2024-08-11')
) as given (bucket, clock_date);
-- expect: clock_date, bucket, vpin
select
    '2024-08-03' as clock_date,
    bucket,
    null as vpin
from range(1, 50) as given (bucket)
union all
values
('2024-08-10', 1, 1),
('2024-08-11', 1, null);

-- case: the rank is among the values of the thirty days before, and needs 500 of them
-- span: 2024-08-11T00:30:00Z 2024-08-11T02:30:00Z
-- given: features.vpin_buckets
select
    given.pair,
    hours.known_at,
    cast(hours.known_at as date) as clock_date,
    row_number() over (
        partition by given.pair, cast(hours.known_at as date) order by hours.known_at
    ) as bucket,
    case when hours.known_at = '2024-08-11 01:00Z' then 10 else 2 end as net_volume
from (
    values
    ('long', timestamptz '2024-06-20 00:00Z'),
    ('whole', timestamptz '2024-07-18 00:00Z'),
    ('short', timestamptz '2024-07-20 00:00Z')
) as given (pair, first_at)
inner join
    range(
        timestamptz '2024-06-20 00:00Z', timestamptz '2024-08-11 03:00Z', interval 1 hour
    ) as hours (known_at)
    on given.first_at <= hours.known_at;
-- expect: pair, known_at, vpin, vpin_pr, n_obs
values
('long', '2024-08-11 01:00Z', 0.216, 1, 720),
('long', '2024-08-11 02:00Z', 0.216, 1, 720),
('whole', '2024-08-11 01:00Z', 0.216, 1, 527),
('whole', '2024-08-11 02:00Z', 0.216, 1, 527),
('short', '2024-08-11 01:00Z', 0.216, null, 479),
('short', '2024-08-11 02:00Z', 0.216, null, 479);
