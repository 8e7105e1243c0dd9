-- default: underlying = 'GME', symbol = 'GME', bar = '1d', put_call = 'call'
-- default: contract = 'GME240315C00015000', premium_usd = 200_000

-- case: a thousand contracts on 400,000 shares are a quarter (golden)
-- given: features.option_contract_days
select
    sessions.session_date,
    sessions.session_date as known_date,
    sessions.closes_at as known_at,
    200 as volume
from curated.us_sessions as sessions
where sessions.session_date between '2024-02-26' and '2024-03-01';
-- given: curated.equity_bars
select
    sessions.session_date,
    80_000 as volume,
    sessions.closes_at as known_at
from curated.us_sessions as sessions
where sessions.session_date between '2024-02-26' and '2024-03-01';
-- expect: underlying, week_date, known_at, closes_at, contracts, premium_usd, shares, os, n_obs
values (
    'GME', '2024-02-26', '2024-03-02 00:00Z', '2024-03-01 21:00Z', 1_000, 1_000_000, 400_000,
    0.25, 0
);

-- case: a week with a session that has no bar has no ratio, and what is told later does not count
-- given: features.option_contract_days
select
    *,
    '2024-02-29' as session_date
from (
    values
    ('2024-02-29', '2024-02-29 21:00Z', 200), ('2024-03-02', '2024-03-02 15:00Z', 900)
) as given (known_date, known_at, volume);
-- given: curated.equity_bars
select
    '2024-02-29' as session_date,
    80_000 as volume,
    '2024-02-29 21:15Z' as known_at;
-- expect: contracts, shares, os
values (200, null, null);

-- case: a week is held against its year, and the mean of 26 weeks
-- span: 2024-03-02 2024-03-03
-- given: features.option_contract_days
select
    sessions.session_date,
    sessions.session_date as known_date,
    sessions.closes_at as known_at,
    case when sessions.session_date >= '2024-02-26' then 300 else 100 end as volume
from curated.us_sessions as sessions
where sessions.session_date between '2023-08-28' and '2024-03-01';
-- given: curated.equity_bars
select
    sessions.session_date,
    80_000 as volume,
    sessions.closes_at as known_at
from curated.us_sessions as sessions
where sessions.session_date between '2023-08-28' and '2024-03-01';
-- expect: week_date, os, n_obs, d_os, os_pr
values ('2024-02-26', 0.375, 26, 2, 1);
