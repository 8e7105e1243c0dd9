-- default: symbol = 'AAPL', bar = '1d', source = 'equity_bars_lean'

-- case: the newest return weighs most, and the mean is of 14 closes
-- given: curated.equity_bars
select
    session_date,
    timezone('UTC', session_date + interval 21 hours) as known_at,
    case when session_date = '2024-02-15' then 102 else 100 end as close_split
from curated.us_sessions
where session_date between '2024-01-16' and '2024-02-15';
-- expect: session_date, close, mean14, n_returns, sigma_d
select
    session_date,
    case when session_date = '2024-02-15' then 102 else 100 end,
    case
        when place = 23 then round((13 * 100 + 102) / 14.0, 9)
        when place >= 14 then 100
    end,
    place - 1,
    case
        when place = 23
            then round(ln(1.02) * sqrt((1 - 0.94) / (1 - power(0.94, 22))), 9)
        when place >= 21 then 0
    end
from (
    select
        session_date,
        row_number() over (order by session_date) as place
    from (
        values
        (date '2024-01-16'), (date '2024-01-17'), (date '2024-01-18'), (date '2024-01-19'),
        (date '2024-01-22'), (date '2024-01-23'), (date '2024-01-24'), (date '2024-01-25'),
        (date '2024-01-26'), (date '2024-01-29'), (date '2024-01-30'), (date '2024-01-31'),
        (date '2024-02-01'), (date '2024-02-02'), (date '2024-02-05'), (date '2024-02-06'),
        (date '2024-02-07'), (date '2024-02-08'), (date '2024-02-09'), (date '2024-02-12'),
        (date '2024-02-13'), (date '2024-02-14'), (date '2024-02-15')
    ) as days (session_date)
);
