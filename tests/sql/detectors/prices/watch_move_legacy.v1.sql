-- default: watchlist = 'desk', symbol = 'AAPL', is_active = true, session_date = '2024-03-01'
-- default: bar = '1m', price = 106, sigma_d = 0.02

-- case: 14 closes of 100 and a price of 106 are 6 %, over a threshold of 5, told once
-- given: curated.watchlists
select
    5 as threshold_pct,
    10 as quantity,
    timestamptz '2024-02-29 12:00Z' as known_at;
-- given: features.watch_changes
select
    *,
    starts_at + interval 1 minute as known_at
from (
    values
    (timestamptz '2024-03-01 14:32Z', 4), ('2024-03-01 14:33Z', 6), ('2024-03-01 14:34Z', 7),
    ('2024-03-01 14:35Z', 0), ('2024-03-01 14:36Z', 6)
) as given (starts_at, chg_14d_pct);
-- expect: entity, fired_at, direction, score, notional_usd, headline, alert_key
values (
    'AAPL', timestamptz '2024-03-01 14:34Z', 'bull', 28, 1_060,
    'AAPL: 6.00 % over the mean of 14 closes; desk asks for 5.00 %',
    'prices.watch_move_legacy|AAPL|desk up|2024-03-01'
);

-- case: without a per cent, for another horizon or way, or before it is listed nothing is told
-- given: curated.watchlists
select *
from (
    values
    ('none', null, null, null, '2024-02-29 12:00Z'),
    ('minutes', 5, '15m', null, '2024-02-29 12:00Z'),
    ('down', 5, null, 'down', '2024-02-29 12:00Z'),
    ('high', 6.1, null, null, '2024-02-29 12:00Z'),
    ('later', 5, null, null, '2024-03-01 15:00:01Z')
) as given (symbol, threshold_pct, horizon, direction, known_at);
-- given: features.watch_changes
select
    stocks.symbol,
    6 as chg_14d_pct,
    timestamptz '2024-03-01 14:59Z' as starts_at,
    timestamptz '2024-03-01 15:00Z' as known_at
from (values ('none'), ('minutes'), ('down'), ('high'), ('later')) as stocks (symbol);
-- expect: nothing

-- case: a price that stays away is told every day anew, and one odd price is one too (noisy)
-- given: curated.watchlists
select
    5 as threshold_pct,
    timestamptz '2024-02-28 12:00Z' as known_at;
-- given: features.watch_changes
select
    session_date,
    '1d' as bar,
    -9 as chg_14d_pct,
    timezone('UTC', session_date + interval 870 minutes) as starts_at,
    timezone('UTC', session_date + interval 1275 minutes) as known_at
from curated.us_sessions
where session_date between '2024-02-29' and '2024-03-01';
-- expect: fired_at, direction
values
(timestamptz '2024-02-29 21:15Z', 'bear'), (timestamptz '2024-03-01 21:15Z', 'bear');
