-- default: watchlist = 'desk', symbol = 'AAPL', is_active = true, session_date = '2024-03-01'
-- default: bar = '1m', price = 106, sigma_d = 0.02, chg_day_pct = 0, chg_15m_pct = 0, z_15m = 0
-- default: previous_date = '2024-02-29'

-- case: a list that sets nothing allows 5 % a day and 3 deviations of 15 minutes; two bars confirm,
--     under 0.7 times it is over
-- given: curated.watchlists
select timestamptz '2024-02-29 12:00Z' as known_at;
-- given: features.watch_changes
select
    *,
    starts_at + interval 1 minute as known_at
from (
    values
    (timestamptz '2024-03-01 15:00Z', 6, 3.06), ('2024-03-01 15:01Z', 5, 1),
    ('2024-03-01 15:02Z', 3.5, -3), ('2024-03-01 15:03Z', 3.49, -3), ('2024-03-01 15:07Z', -9, -3)
) as given (starts_at, chg_day_pct, z_15m);
-- expect: horizon, way, starts_at, times, mark, is_by_sigma
values
('1d', 1, timestamptz '2024-03-01 15:00Z', 1.2, null, false),
('1d', 1, timestamptz '2024-03-01 15:01Z', 1, 1, false),
('1d', 1, timestamptz '2024-03-01 15:02Z', 0.7, null, false),
('1d', 1, timestamptz '2024-03-01 15:03Z', 0.698, 0, false),
('1d', 1, timestamptz '2024-03-01 15:07Z', -1.8, 0, false),
('1d', -1, timestamptz '2024-03-01 15:00Z', -1.2, 0, false),
('1d', -1, timestamptz '2024-03-01 15:01Z', -1, 0, false),
('1d', -1, timestamptz '2024-03-01 15:02Z', -0.7, 0, false),
('1d', -1, timestamptz '2024-03-01 15:03Z', -0.698, 0, false),
('1d', -1, timestamptz '2024-03-01 15:07Z', 1.8, null, false),
('15m', 1, timestamptz '2024-03-01 15:00Z', 1.02, null, true),
('15m', 1, timestamptz '2024-03-01 15:01Z', 0.333333333, 0, true),
('15m', 1, timestamptz '2024-03-01 15:02Z', -1, 0, true),
('15m', 1, timestamptz '2024-03-01 15:03Z', -1, 0, true),
('15m', 1, timestamptz '2024-03-01 15:07Z', -1, 0, true),
('15m', -1, timestamptz '2024-03-01 15:00Z', -1.02, 0, true),
('15m', -1, timestamptz '2024-03-01 15:01Z', -0.333333333, 0, true),
('15m', -1, timestamptz '2024-03-01 15:02Z', 1, null, true),
('15m', -1, timestamptz '2024-03-01 15:03Z', 1, 1, true),
('15m', -1, timestamptz '2024-03-01 15:07Z', 1, null, true);

-- case: a bar is held against the list of its time: not before it is on it, nor after, nor aside
-- given: curated.watchlists
select
    *,
    'up' as direction
from (
    values
    ('late', 5, true, '2024-03-01 15:03Z', null),
    ('gone', 5, true, '2024-02-29 12:00Z', '2024-03-01 15:02Z'),
    ('aside', 5, false, '2024-02-29 12:00Z', null),
    ('wider', 3, true, '2024-02-29 12:00Z', '2024-03-01 15:02Z'),
    ('wider', 6, true, '2024-03-01 15:02Z', null)
) as given (symbol, threshold_pct, is_active, known_at, withdrawn_at);
-- given: features.watch_changes
select
    stocks.symbol,
    6 as chg_day_pct,
    bars.starts_at,
    bars.starts_at + interval 1 minute as known_at
from (values ('late'), ('gone'), ('aside'), ('wider'), ('nobody')) as stocks (symbol)
cross join (
    values (timestamptz '2024-03-01 15:00Z'), ('2024-03-01 15:01Z'), ('2024-03-01 15:02Z')
) as bars (starts_at);
-- expect: symbol, starts_at, times, mark
values
('late', timestamptz '2024-03-01 15:02Z', 1.2, null),
('gone', timestamptz '2024-03-01 15:00Z', 1.2, null),
('wider', timestamptz '2024-03-01 15:00Z', 2, null),
('wider', timestamptz '2024-03-01 15:01Z', 1, 1), ('wider', timestamptz '2024-03-01 15:02Z', 1, 1);

-- case: each horizon has its own change, and both thresholds where both are set
-- given: curated.watchlists
select
    horizon,
    horizon as watchlist,
    'up' as direction,
    2 as threshold_pct,
    2 as threshold_sigma,
    timestamptz '2024-02-29 12:00Z' as known_at
from (values ('5m'), ('15m'), ('60m'), ('1d'), ('14d')) as lists (horizon);
-- given: features.watch_changes
select
    2 as chg_5m_pct, 4 as chg_15m_pct, 6 as chg_60m_pct, 8 as chg_day_pct, 10 as chg_14d_pct,
    12 as z_5m, 10 as z_15m, 8 as z_60m, 6 as z_day, 4 as z_14d,
    timestamptz '2024-03-01 15:00Z' as starts_at,
    timestamptz '2024-03-01 15:01Z' as known_at;
-- expect: horizon, chg_pct, z, times, is_by_sigma
values
('5m', 2, 12, 6, true), ('15m', 4, 10, 5, true), ('60m', 6, 8, 4, true),
('1d', 8, 6, 4, false), ('14d', 10, 4, 5, false);

-- case: of 14 days the last close that said anything says whether it was over before
-- given: curated.watchlists
select
    symbol,
    '14d' as horizon,
    5 as threshold_pct,
    timestamptz '2024-02-20 12:00Z' as known_at
from (values ('up'), ('between'), ('ended')) as stocks (symbol);
-- given: features.watch_levels
select
    stocks.symbol, sessions.session_date,
    100 as mean14,
    timezone('UTC', sessions.session_date + interval 1275 minutes) as known_at,
    case
        when sessions.session_date = '2024-02-28' then 106
        when sessions.session_date < '2024-02-29' then 100
        when stocks.symbol = 'up' then 106
        when stocks.symbol = 'between' then 104
        else 103
    end as close
from (values ('up'), ('between'), ('ended')) as stocks (symbol)
cross join (
    values (date '2024-02-26'), (date '2024-02-27'), (date '2024-02-28'), (date '2024-02-29')
) as sessions (session_date);
-- given: features.watch_changes
select
    symbol,
    '1d' as bar,
    6 as chg_14d_pct,
    timestamptz '2024-03-01 14:30Z' as starts_at,
    timestamptz '2024-03-01 21:15Z' as known_at
from (values ('up'), ('between'), ('ended')) as stocks (symbol);
-- expect: symbol, way, mark, is_over_before
values
('up', 1, 1, true), ('between', 1, 1, true), ('ended', 1, 1, false),
('up', -1, 0, false), ('between', -1, 0, false), ('ended', -1, 0, false);
