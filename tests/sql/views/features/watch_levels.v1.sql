-- default: watchlist = 'desk', is_active = true, symbol = 'AAPL', bar = '1d', source = 'lean'
-- default: venue = 'binance', pair = 'BTC-USDT'

-- case: the newest return weighs most, the mean is of 14 closes, and nobody else's are asked
-- given: curated.watchlists
select timestamptz '2024-02-01 00:00Z' as known_at;
-- given: curated.equity_bars
select
    stocks.symbol, sessions.session_date,
    timezone('UTC', sessions.session_date + interval 21 hours) as known_at,
    case when sessions.session_date = '2024-02-15' then 102 else 100 end as close_split
from curated.us_sessions as sessions
cross join (values ('AAPL'), ('MSFT')) as stocks (symbol)
where sessions.session_date between '2024-01-16' and '2024-02-15';
-- expect: symbol, session_date, close, mean14, n_returns, sigma_d
select
    'AAPL' as symbol,
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

-- case: a dividend is taken off where that can be done
-- span: 2024-02-15 2024-02-16
-- given: curated.watchlists
select timestamptz '2024-02-01 00:00Z' as known_at;
-- given: curated.equity_bars
select
    session_date,
    timezone('UTC', session_date + interval 21 hours) as known_at,
    case when session_date < '2024-02-15' then 100 else 90 end as close_split,
    90 as close_full
from curated.us_sessions
where session_date between '2023-12-20' and '2024-02-15';
-- expect: count(*), min(session_date), max(close), max(mean14_full), max(sigma_d)
values (1, date '2024-02-15', 90, 90, 0);

-- case: a pair's close is the last price of a UTC day that is over
-- span: 2024-03-01 2024-03-03
-- given: curated.watchlists
select
    'binance:BTC-USDT' as symbol,
    timestamptz '2024-02-01 00:00Z' as known_at;
-- given: features.crypto_hours
select
    *,
    hour_at + interval 59 minutes as known_at,
    cast(timezone('UTC', hour_at) as date) as known_date
from (
    values
    ('BTC-USDT', timestamptz '2024-03-01 05:00Z', 60_000),
    ('BTC-USDT', '2024-03-01 23:00Z', 61_000),
    ('BTC-USDT', '2024-03-02 01:00Z', 62_000),
    ('ETH-USDT', '2024-03-01 01:00Z', 3_000)
) as given (pair, hour_at, last_price);
-- expect: symbol, session_date, known_at, close, close_full
values (
    'binance:BTC-USDT', date '2024-03-01', timestamptz '2024-03-02 00:00Z', 61_000, 61_000
);
