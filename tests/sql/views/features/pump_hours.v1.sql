-- default: venue = 'binance', pair = 'PPT-USDT', channel = 'trades', reason = 'gap', n_trades = 1

-- case: the half day and the month before an hour, the hour itself left out
-- span: 2024-08-31T12:00:00Z 2024-08-31T13:00:00Z
-- given: curated.dollar_coins
select 'USDT' as coin;
-- given: features.crypto_hours
select
    hour_at,
    hour_at + interval 50 minutes as known_at,
    hour_at + interval 7 seconds as first_known_at,
    cast(hour_at as date) as known_date,
    case when hour_at >= '2024-08-31 00:00Z' then 2 else 1 end as last_price,
    case hour_at
        when '2024-08-01 11:00Z' then 100 when '2024-08-10 05:00Z' then 50
        when '2024-08-31 12:00Z' then 900 else 10
    end as volume,
    100 as notional
from
    range(
        timestamptz '2024-07-30 00:00Z', timestamptz '2024-08-31 13:00Z', interval 1 hour
    ) as given (hour_at)
where hour_at not between '2024-08-31 01:00Z' and '2024-08-31 05:00Z';
-- expect: venue, pair, hour_at, known_at, price12, n_hours12, volume12, max_volume, n_hours,
--     n_days, usd_rate, daily_usd, gap_hours
values
(
    'binance', 'PPT-USDT', '2024-08-31 12:00Z', '2024-08-31 12:00:07Z', 2, 7, 70 / 12, 50, 715, 30,
    1, round(71_500 / 30, 2), 0
);

-- case: what is quoted in coins is weighed at the venue's last whole hour, a day old at most
-- given: curated.dollar_coins
select 'USDT' as coin;
-- given: features.quote_rates
select
    *,
    hour_at + interval 1 hour as known_at
from (
    values
    ('binance', 'BTC', timestamptz '2024-08-01 10:00Z', 60_000),
    ('kraken', 'BTC', timestamptz '2024-08-01 10:00Z', 62_000)
) as given (venue, coin, hour_at, usd_rate);
-- given: features.crypto_hours
select
    *,
    cast(hour_at as date) as known_date,
    hour_at as known_at,
    hour_at as first_known_at,
    10 as volume
from (
    values
    ('BTC-USDT', timestamptz '2024-08-01 10:00Z', 60_000, 6, 9),
    ('PPT-BTC', timestamptz '2024-08-01 10:00Z', 0.001, 2, 1),
    ('PPT-BTC', timestamptz '2024-08-01 11:00Z', 0.001, 2, 1),
    ('PPT-BTC', timestamptz '2024-08-02 10:00Z', 0.001, 2, 1),
    ('PPT-BTC', timestamptz '2024-08-02 11:00Z', 0.001, 2, 1)
) as given (pair, hour_at, last_price, notional, n_trades);
-- expect: pair, hour_at, usd_rate, daily_usd
values
('BTC-USDT', '2024-08-01 10:00Z', 1, null),
('PPT-BTC', '2024-08-01 10:00Z', null, null),
('PPT-BTC', '2024-08-01 11:00Z', 60_000, 120_000),
('PPT-BTC', '2024-08-02 10:00Z', 60_000, 240_000),
('PPT-BTC', '2024-08-02 11:00Z', null, null);

-- case: hours in which trades are missing are told, once that is known
-- given: features.crypto_hours
select
    pair,
    '2024-08-01' as known_date,
    timestamptz '2024-08-01 12:00Z' as hour_at,
    timestamptz '2024-08-01 12:00Z' as known_at,
    timestamptz '2024-08-01 12:00Z' as first_known_at,
    1 as last_price,
    1 as volume,
    1 as notional
from (
    values
    ('A-USDT'), ('B-USDT'), ('C-USDT')
) as given (pair);
-- given: ops.feed_gaps
select *
from (
    values
    ('A-USDT', 'trades', '2024-07-31 23:00Z', '2024-08-01 00:30Z', '2024-08-01 00:30Z'),
    ('A-USDT', 'trades', '2024-08-01 11:00Z', '2024-08-01 12:30Z', '2024-08-01 11:30Z'),
    ('B-USDT', 'trades', '2024-08-01 03:00Z', '2024-08-01 04:00Z', '2024-08-01 13:00Z'),
    ('B-USDT', 'book', '2024-08-01 03:00Z', '2024-08-01 04:00Z', '2024-08-01 04:00Z'),
    ('all', 'trades', '2024-08-01 08:00Z', null, '2024-08-01 08:00Z')
) as given (pair, channel, began_at, ended_at, known_at);
-- expect: pair, gap_hours
values
('A-USDT', 5.5),
('B-USDT', 4),
('C-USDT', 4);
