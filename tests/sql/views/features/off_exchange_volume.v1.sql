-- default: symbol = 'GME', basis = 'totals', closes_at = '2024-03-01 21:00Z', split_ratio = 1

-- case: volume and value are held against 30 sessions, and the logs of 60
-- span: 2024-03-02 2024-03-03
-- given: features.off_exchange_sessions
select
    sessions.session_date,
    sessions.closes_at + interval 5 hours as known_at,
    sessions.sequence as place,
    case
        when sessions.session_date = '2024-03-01' then 300
        when sessions.sequence % 4 = 0 then 125
        when sessions.sequence % 4 = 1 then 80
        else 100
    end as offex_volume,
    case when sessions.session_date = '2024-03-01' then 5_000 else 1_000 end as offex_value_usd
from curated.us_sessions as sessions
where sessions.session_date between '2023-11-01' and '2024-03-01';
-- expect: session_date, n_obs, median60, max60, round(mz60, 4), value_ratio30,
--     round(volume_ratio30, 1)
values (
    '2024-03-01', 60, 100, 125,
    round(0.6745 * ln(301 / 101) / (ln(101 / 81) / 2), 4), 5, 3
);

-- case: below ten sessions there is no ratio, and below twenty no z
-- given: features.off_exchange_sessions
select
    given.symbol,
    1_000 + numbers.nth as place,
    '2024-01-01' as session_date,
    timestamptz '2024-01-01' + to_days(numbers.nth) as known_at,
    100 + numbers.nth as offex_volume
from (
    values
    ('NINE', 9), ('NINETEEN', 19)
) as given (symbol, n)
inner join range(0, 20) as numbers (nth) on given.n >= numbers.nth;
-- expect: symbol, n_obs, volume_ratio30 is null, mz60 is null
select
    given.symbol,
    numbers.nth,
    numbers.nth < 10 as is_short,
    true as is_without_z
from (
    values
    ('NINE', 9), ('NINETEEN', 19)
) as given (symbol, n)
inner join range(0, 20) as numbers (nth) on given.n >= numbers.nth;

-- case: the trend is the mean of five sessions over that of twenty, the session's own among them
-- span: 2024-01-20 2024-01-21
-- given: features.off_exchange_sessions
select
    given.symbol,
    1_000 + numbers.nth as place,
    '2024-01-01' as session_date,
    timestamptz '2024-01-01' + to_days(numbers.nth) as known_at,
    case when numbers.nth >= 15 then given.newest else 100 end as offex_volume
from (
    values
    ('RISING', 120), ('STEADY', 110), ('FALLING', 80)
) as given (symbol, newest)
cross join range(0, 20) as numbers (nth);
-- expect: symbol, trend_ratio, trend, n_obs
select *
from (
    values
    ('RISING', round(120 / 105, 6), 'rising', 19),
    ('STEADY', round(110 / 102.5, 6), 'steady', 19),
    ('FALLING', round(80 / 95, 6), 'falling', 19)
) as told (symbol, trend_ratio, trend, n_obs);

-- case: shares before a split count as what they became
-- span: 2024-01-12 2024-01-13
-- given: features.off_exchange_sessions
select
    1_000 + numbers.nth as place,
    '2024-01-01' as session_date,
    timestamptz '2024-01-01' + to_days(numbers.nth) as known_at,
    case when numbers.nth < 6 then 100 else 1_000 end as offex_volume,
    case when numbers.nth < 6 then 10 else 1 end as split_ratio
from range(0, 12) as numbers (nth);
-- expect: volume_ratio30, n_obs
values (1, 11);
