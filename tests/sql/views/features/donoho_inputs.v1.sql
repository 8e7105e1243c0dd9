-- default: underlying = 'AAPL', put_call = 'call', half_hour = 5, volume = 0, bar = '1d'
-- default: symbol = 'AAPL', near_volume = 0, near_premium_usd = 0, expiration = '2024-03-15'
-- default: known_date = '2024-03-01', starts_at = '2024-03-01 14:30Z', open = 100, high = 1_000
-- default: low = 1

-- case: calls of a day beside 20 days, in one contract, beside the highest puts and the stock
-- span: 2024-03-01 21:00Z 2024-03-01 21:31Z
-- given: features.option_half_hours
select
    numbered.session_date,
    sides.put_call,
    sides.half_hour,
    timezone('UTC', numbered.session_date + interval 18 hours) as known_at,
    case
        when numbered.session_date = '2024-03-01' then 1_300
        when sides.put_call = 'put' then 100 + numbered.nth
        when numbered.nth % 2 = 0 then 900
        else 1_100
    end as near_volume,
    50_000 as near_premium_usd
from (
    select
        session_date,
        row_number() over (order by session_date desc) - 1 as nth
    from curated.us_sessions
    where session_date <= '2024-03-01' and not is_half_session
) as numbered
cross join (values ('call', 5), ('put', 5), ('call', 13)) as sides (put_call, half_hour)
where numbered.nth <= 25;
-- given: features.option_contract_days
select
    *,
    '2024-03-01' as session_date,
    '2024-03-01 20:59Z' as known_at
from (
    values
    ('a', 'call', '2024-03-15', 520), ('b', 'call', '2024-05-01', 500),
    ('far', 'call', '2024-05-02', 9_999), ('put', 'put', '2024-03-15', 9_999)
) as given (contract, put_call, expiration, close_volume);
-- given: curated.equity_bars
select
    *,
    100 as volume
from (
    values
    ('2024-03-01', '2024-03-01 21:15Z', '2024-03-01 21:40Z', 106, '1d'),
    ('2024-03-01', '2024-03-01 21:40Z', null, 999, '1d'),
    ('2024-03-01', '2024-03-01 21:15Z', null, 999, '1m'),
    ('2024-02-29', '2024-02-29 21:15Z', null, 999, '1d'),
    ('2024-02-28', '2024-02-28 21:15Z', '2024-02-29 11:00Z', 90, '1d'),
    ('2024-02-28', '2024-02-29 11:00Z', null, 100, '1d')
) as given (session_date, known_at, withdrawn_at, close_split, bar);
-- given: raw.news_counts
select *
from (
    values
    (date '2024-03-01', 4, '2024-03-01 20:00Z'), (date '2024-03-01', 9, '2024-03-01 23:00Z'),
    (date '2024-02-29', 2, '2024-02-29 23:00Z'), (date '2024-01-31', 3, '2024-01-31 23:00Z'),
    (date '2024-01-30', 70, '2024-01-30 23:00Z')
) as given (day, n_articles, known_at);
-- expect: session_date, known_at, underlying, near_call_volume, near_put_volume,
--     near_call_premium_usd, near_call_mean20, round(near_call_z20, 6), top_series_pct,
--     c_vs_high_put, return2_pct, call_put_ratio, n_articles, n_articles_30d
values (
    '2024-03-01', '2024-03-01 21:30Z', 'AAPL', 1_300, 1_300, 50_000, 1_000,
    round(300 / sqrt(20 * 10_000 / 19.0), 6), 40, round(1_300 / 119.0, 9), 6, 1, 4, 5
);

-- case: below 20 sessions of history there is no mean, and without bars and news neither of them
-- given: features.option_half_hours
select
    session_date,
    timezone('UTC', session_date + interval 18 hours) as known_at,
    100 as near_volume
from curated.us_sessions
where session_date between '2024-02-26' and '2024-03-01';
-- expect: session_date, near_call_volume, near_put_volume, near_call_mean20, near_call_z20,
--     c_vs_high_put, return2_pct, call_put_ratio, n_articles
values
('2024-02-26', 100, 0, null, null, null, null, null, null),
('2024-02-27', 100, 0, null, null, null, null, null, null),
('2024-02-28', 100, 0, null, null, null, null, null, null),
('2024-02-29', 100, 0, null, null, null, null, null, null),
('2024-03-01', 100, 0, null, null, null, null, null, null);

-- case: what was not known half an hour after the close is not asked, nor a half session
-- given: features.option_half_hours
select
    *,
    100 as near_volume
from (
    values
    ('2024-07-02', '2024-07-02 15:00Z'), ('2024-07-03', '2024-07-03 15:00Z')
) as given (session_date, known_at);
-- given: curated.equity_bars
select
    *,
    100 as volume
from (
    values
    ('2024-07-02', '2024-07-02 20:30Z', 106), ('2024-06-28', '2024-06-28 20:15Z', 100)
) as given (session_date, known_at, close_split);
-- expect: session_date, known_at, return2_pct
values ('2024-07-02', '2024-07-02 20:30Z', null);

-- case: at another time of day nothing is read
-- span: 2024-03-01 14:30Z 2024-03-01 20:30Z
-- given: features.option_half_hours
select
    '2024-03-01' as session_date,
    '2024-03-01 15:00Z' as known_at,
    100 as near_volume;
-- expect: nothing
