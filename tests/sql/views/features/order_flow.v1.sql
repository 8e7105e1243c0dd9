-- default: venue = 'binance', pair = 'BTC-USDT', length_s = 1, ofi_norm = 0.5, mean_depth = 20
-- default: mid = 10_000, mid_change = 0, n_updates = 10, epoch = '160'

-- case: the modified z is by median and MAD of the bins of the 24 whole hours before
-- given: features.book_flow_hours
select
    *,
    hour_at as known_at
from (
    values
    ('2024-08-07 11:00Z', 400, 9_000, 90_000),
    ('2024-08-07 12:00Z', -440, 900, -9_000),
    ('2024-08-08 10:00Z', -420, 900, -1_800),
    ('2024-08-08 10:00Z', 0, 500, 0),
    ('2024-08-08 11:00Z', 0, 500, 0),
    ('2024-08-08 11:00Z', 420, 900, 1_800),
    ('2024-08-08 11:00Z', 440, 900, 9_000),
    ('2024-08-08 12:00Z', 440, 9_000, 90_000)
) as given (hour_at, bin, n_bars, sum_ofi);
-- given: features.book_flow_bars
select
    bar_at,
    bar_at as known_at,
    ofi
from (
    values
    (timestamptz '2024-08-08 12:00:00Z', 20),
    (timestamptz '2024-08-08 12:59:59Z', -4)
) as given (bar_at, ofi);
-- expect: bar_at, known_at, ofi, n_obs, median_ofi, mad_ofi, mz, n_fit, residual_z
values
('2024-08-08 12:00:00Z', '2024-08-08 12:00:01Z', 20, 4_600, 0, 2, 6.745, 0, null),
('2024-08-08 12:59:59Z', '2024-08-08 13:00:00Z', -4, 4_600, 0, 2, -1.349, 0, null);

-- case: a median between two bins is halfway, and a length or pair has a past of its own
-- given: features.book_flow_hours
select
    *,
    '2024-08-08 11:00Z' as hour_at,
    '2024-08-08 11:00Z' as known_at
from (
    values
    (1, 'BTC-USDT', 414, 2_000, 2_000),
    (1, 'BTC-USDT', 436, 2_000, 6_000),
    (10, 'BTC-USDT', 440, 360, 3_600),
    (10, 'BTC-USDT', 460, 180, 3_600),
    (1, 'ETH-USDT', 0, 2_000, 0),
    (1, 'ETH-USDT', 436, 1_599, 6_000)
) as given (length_s, pair, bin, n_bars, sum_ofi);
-- given: features.book_flow_bars
select
    *,
    '2024-08-08 12:00Z' as bar_at,
    '2024-08-08 12:00Z' as known_at
from (
    values
    (1, 'BTC-USDT', 5),
    (10, 'BTC-USDT', 5),
    (1, 'ETH-USDT', 5),
    (1, 'SOL-USDT', 5)
) as given (length_s, pair, ofi);
-- expect: length_s, pair, n_obs, median_ofi, mad_ofi, mz
values
(1, 'BTC-USDT', 4_000, 2, 1, 2.0235),
(10, 'BTC-USDT', 540, 10, 0, null),
(1, 'ETH-USDT', 3_599, 0, 0, null),
(1, 'SOL-USDT', 0, null, null, null);

-- case: an hour of bars is 3,600 of 1 s and 360 of 10 s
-- given: features.book_flow_hours
select
    length_s,
    pair,
    n_bars,
    436 * sign as bin,
    4 * sign * n_bars as sum_ofi,
    '2024-08-08 11:00Z' as hour_at,
    '2024-08-08 11:00Z' as known_at
from (
    values
    (1, 'BTC-USDT', -1, 1_500),
    (1, 'BTC-USDT', 0, 600),
    (1, 'BTC-USDT', 1, 1_500),
    (1, 'ETH-USDT', -1, 1_800),
    (1, 'ETH-USDT', 1, 1_799),
    (10, 'BTC-USDT', -1, 150),
    (10, 'BTC-USDT', 0, 60),
    (10, 'BTC-USDT', 1, 150),
    (10, 'ETH-USDT', -1, 180),
    (10, 'ETH-USDT', 1, 179)
) as given (length_s, pair, sign, n_bars);
-- given: features.book_flow_bars
select
    *,
    40 as ofi,
    '2024-08-08 12:00Z' as bar_at,
    '2024-08-08 12:00Z' as known_at
from (
    values
    (1, 'BTC-USDT'),
    (1, 'ETH-USDT'),
    (10, 'BTC-USDT'),
    (10, 'ETH-USDT')
) as given (length_s, pair);
-- expect: length_s, pair, mz
values
(1, 'BTC-USDT', 6.745),
(1, 'ETH-USDT', null),
(10, 'BTC-USDT', 6.745),
(10, 'ETH-USDT', null);

-- case: beta is of the bars of the 60 minutes before, and the rest is held against theirs
-- given: features.book_flow_bars
select
    10 as length_s,
    timestamptz '2024-08-08 12:00:00Z' + n * interval 10 seconds as bar_at,
    timestamptz '2024-08-08 12:00:00Z' + n * interval 10 seconds as known_at,
    case when n % 2 = 0 then 5 else -5 end as ofi,
    -- Two bps a unit, and one more or less in turns; the last goes its own way.
    case
        when n = 24 then 15
        else 2 * case when n % 2 = 0 then 5 else -5 end + case when n % 4 < 2 then 1 else -1 end
    end as mid_change
from range(25) as given (n)
where n >= 4;
-- expect: bar_at, known_at, ofi, move_bps, n_fit, beta, explained_bps, residual_z
select
    timestamptz '2024-08-08 12:00:00Z' + n * interval 10 seconds as bar_at,
    timestamptz '2024-08-08 12:00:10Z' + n * interval 10 seconds as known_at,
    case when n % 2 = 0 then 5 else -5 end as ofi,
    case
        when n = 24 then 15
        else 2 * case when n % 2 = 0 then 5 else -5 end + case when n % 4 < 2 then 1 else -1 end
    end as move_bps,
    case when n = 24 then 20 else 0 end as n_fit,
    case when n = 24 then 2 end as beta,
    case when n = 24 then 10 end as explained_bps,
    case when n = 24 then round(5 / sqrt(20 / 19.0), 6) end as residual_z
from range(25) as given (n)
where n >= 4;

-- case: a bar of an hour ago is the oldest that beta is fitted on, and another length is none
-- given: features.book_flow_bars
select
    *,
    bar_at as known_at
from (
    select
        10 as length_s,
        timestamptz '2024-08-08 12:00:00Z' + n * interval 10 seconds as bar_at,
        1 + n % 3 as ofi,
        n % 2 as mid_change
    from range(362) as given (n)
    union all
    select
        1 as length_s,
        timestamptz '2024-08-08 12:50:00Z' as bar_at,
        900 as ofi,
        -900 as mid_change
) as given;
-- expect: max(n_fit), max(case when length_s = 1 then coalesce(beta, 0) end)
values (360, 0);

-- case: of moves that the flow explains wholly, or never, nothing is unusual
-- given: features.book_flow_bars
select
    10 as length_s,
    named.pair,
    timestamptz '2024-08-08 12:00:00Z' + given.n * interval 10 seconds as bar_at,
    timestamptz '2024-08-08 12:00:00Z' + given.n * interval 10 seconds as known_at,
    case named.pair when 'WHOLLY' then given.n % 5 - 2 else 0 end as ofi,
    case named.pair when 'STILL' then 0 else given.n % 5 - 2 end as mid_change
from range(30) as given (n)
cross join (values ('WHOLLY'), ('NO-FLOW'), ('STILL')) as named (pair);
-- expect: max(residual_z), max(beta)
values (null, 1);

-- case: a span that is cut has the same bars, also the one that ends as it begins
-- span: 2024-08-08T12:05:00Z 2024-08-08T12:05:11Z
-- given: features.book_flow_bars
select
    10 as length_s,
    timestamptz '2024-08-08 12:00:00Z' + n * interval 10 seconds as bar_at,
    timestamptz '2024-08-08 12:00:00Z' + n * interval 10 seconds as known_at,
    1 + n % 3 as ofi,
    n % 2 as mid_change
from range(362) as given (n);
-- expect: bar_at, known_at, n_fit
values
('2024-08-08 12:04:50Z', '2024-08-08 12:05:00Z', 29),
('2024-08-08 12:05:00Z', '2024-08-08 12:05:10Z', 30);
