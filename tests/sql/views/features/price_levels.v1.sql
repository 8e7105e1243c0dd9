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
    sessions.session_date,
    case when sessions.place = 23 then 102 else 100 end as price,
    case
        when sessions.place = 23 then round((13 * 100 + 102) / 14.0, 9)
        when sessions.place >= 14 then 100
    end as mean14,
    sessions.place - 1 as n_returns,
    case
        when sessions.place = 23
            then round(ln(1.02) * sqrt((1 - 0.94) / (1 - power(0.94, 22))), 9)
        when sessions.place >= 21 then 0
    end as sigma_d
from (
    select
        us_sessions.session_date,
        row_number() over (order by us_sessions.session_date) as place
    from curated.us_sessions
    where us_sessions.session_date between '2024-01-16' and '2024-02-15'
) as sessions;
