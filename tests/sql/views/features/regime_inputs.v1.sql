-- default: symbol = 'SPY', security_id = 'SPY', bar = '1d', source = 'test', adjusted = 'none'

-- case: a percent up and a percent down each day is 15.9 percent a year, and the fund is the market
-- given: curated.told_bars
select
    session_date,
    session_date as shares_date,
    closes_at + interval 15 minutes as known_at,
    100 * exp(0.01 * (row_number() over (order by sequence) % 2)) as close
from curated.us_sessions
where session_date between date '2024-01-02' and date '2024-04-01';
-- expect: entity, basis, case when session_date = '2024-04-01' then rv20 end,
--     case when session_date = '2024-04-01' then vol_ratio end,
--     case when session_date = '2024-04-01' then n_returns end, mean_correlation
select
    entities.entity, entities.basis,
    case when sessions.n = 62 then 0.158745079 end as rv20,
    case when sessions.n = 62 then 1 end as vol_ratio,
    case when sessions.n = 62 then 60 end as n_returns,
    null as mean_correlation
from (values ('SPY', 'own'), ('market', 'symbol')) as entities (entity, basis)
cross join range(1, 63) as sessions (n);

-- case: told five hours after the close, in the shares of that evening, and as it stood then
-- given: curated.told_bars
select
    *,
    symbol as security_id,
    session_date as shares_date
from (
    values
    ('SPLIT', date '2024-02-29', 100, '2024-02-29 21:15Z', null),
    ('SPLIT', date '2024-03-01', 25, '2024-03-01 21:15Z', null),
    ('LATE', date '2024-02-29', 100, '2024-02-29 21:15Z', null),
    ('LATE', date '2024-03-01', 50, '2024-03-01 21:15Z', null),
    ('MENDED', date '2024-02-29', 100, '2024-02-29 21:15Z', null),
    ('MENDED', date '2024-03-01', 300, '2024-03-01 21:15Z', '2024-03-01 23:00Z'),
    ('MENDED', date '2024-03-01', 100, '2024-03-01 23:00Z', '2024-03-02 23:00Z'),
    ('MENDED', date '2024-03-01', 200, '2024-03-02 23:00Z', null)
) as given (symbol, session_date, close, known_at, withdrawn_at);
-- given: curated.corporate_actions
select
    *,
    symbol as security_id,
    'split' as action
from (
    values
    ('SPLIT', date '2024-03-01', 4, '2024-02-01 12:00Z'),
    ('LATE', date '2024-03-01', 2, '2024-03-05 12:00Z')
) as given (symbol, ex_date, ratio, known_at);
-- expect: entity, session_date, known_at, return_log, rv20, n_returns
values
('SPLIT', date '2024-02-29', timestamptz '2024-03-01 02:00Z', null, null, 0),
('SPLIT', date '2024-03-01', timestamptz '2024-03-02 02:00Z', 0, null, 1),
('LATE', date '2024-02-29', timestamptz '2024-03-01 02:00Z', null, null, 0),
('LATE', date '2024-03-01', timestamptz '2024-03-02 02:00Z', -0.693147181, null, 1),
('MENDED', date '2024-02-29', timestamptz '2024-03-01 02:00Z', null, null, 0),
('MENDED', date '2024-03-01', timestamptz '2024-03-02 02:00Z', 0, null, 1);

-- case: closes that were divided by a split already are not divided again
-- given: curated.told_bars
select
    *,
    'AAPL' as symbol,
    'AAPL' as security_id
from (
    values
    (date '2024-02-29', date '2024-06-28', 'split', 25, '2024-02-29 21:15Z'),
    (date '2024-03-01', date '2024-06-28', 'split', 26, '2024-03-01 21:15Z'),
    (date '2024-03-04', date '2024-03-04', 'none', 27, '2024-03-04 21:15Z'),
    (date '2024-03-05', date '2024-03-05', 'all', 20, '2024-03-05 21:15Z')
) as given (session_date, shares_date, adjusted, close, known_at);
-- given: curated.corporate_actions
select
    'AAPL' as symbol,
    'AAPL' as security_id,
    'split' as action,
    date '2024-03-15' as ex_date,
    2 as ratio,
    timestamptz '2024-02-01 12:00Z' as known_at;
-- expect: session_date, return_log
values
(date '2024-02-29', null),
(date '2024-03-01', round(ln(26 / 25.0), 9)),
(date '2024-03-04', round(ln(27 / 52.0), 9)),
(date '2024-03-05', null);

-- case: a return over three sessions counts as three
-- given: curated.told_bars
select
    session_date,
    session_date as shares_date,
    closes_at + interval 15 minutes as known_at,
    100 * exp(0.01 * (row_number() over (order by sequence) % 2)) as close
from curated.us_sessions
where
    session_date between date '2024-01-02' and date '2024-03-01'
    and session_date not in (date '2024-02-27', date '2024-02-28');
-- expect: entity, case when session_date = '2024-03-01' then return_log end,
--     case when session_date = '2024-03-01' then rv20 end,
--     case when session_date = '2024-03-01' then return_20d_frac end
select
    entities.entity,
    case when sessions.n = 40 then -0.01 end as return_log,
    case when sessions.n = 40 then 0.150598805 end as rv20,
    case when sessions.n = 40 then 0 end as return_20d_frac
from (values ('SPY'), ('market')) as entities (entity)
cross join range(1, 41) as sessions (n);

-- case: what is longer than five sessions ago is no return
-- given: curated.told_bars
select
    *,
    session_date as shares_date,
    'A' as symbol,
    'A' as security_id
from (
    values
    (date '2024-02-20', 100, '2024-02-20 22:00Z'),
    (date '2024-02-27', 101, '2024-02-27 22:00Z'),
    (date '2024-03-06', 102, '2024-03-06 22:00Z')
) as given (session_date, close, known_at);
-- expect: session_date, return_log
values
(date '2024-02-20', null),
(date '2024-02-27', 0.009950331),
(date '2024-03-06', null);

-- case: without the fund the market is the median of all stocks; as one they are correlated by 1
-- param: min_stocks = 3
-- given: curated.told_bars
select
    'S' || stocks.n as symbol,
    'S' || stocks.n as security_id,
    sess.session_date,
    sess.session_date as shares_date,
    sess.closes_at + interval 15 minutes as known_at,
    100 * exp(
        0.01 * stocks.n * (row_number() over (partition by stocks.n order by sess.sequence) % 2)
    ) as close
from curated.us_sessions as sess
cross join range(1, 4) as stocks (n)
where sess.session_date between date '2024-01-30' and date '2024-03-01';
-- expect: case when session_date = '2024-03-01' then entity end,
--     case when session_date = '2024-03-01' then basis end,
--     case when session_date = '2024-03-01' then round(return_log, 9) end,
--     case when session_date = '2024-03-01' then rv20 end,
--     case when session_date = '2024-03-01' then mean_correlation end,
--     case when session_date = '2024-03-01' then n_stocks end
select
    entity, basis, return_log, rv20, mean_correlation, n_stocks
from (
    values
    ('S1', 'own', 0.01, 0.158745079, null, null),
    ('S2', 'own', 0.02, 0.317490157, null, null),
    ('S3', 'own', 0.03, 0.476235236, null, null),
    ('market', 'median', 0.02, 0.317490157, 1, 3)
) as last_session (entity, basis, return_log, rv20, mean_correlation, n_stocks)
union all
select
    null as entity,
    null as basis,
    null as return_log,
    null as rv20,
    null as mean_correlation,
    null as n_stocks
from range(87);

-- case: of two stocks too few for a market nothing is said of it
-- given: curated.told_bars
select
    *,
    symbol as security_id,
    session_date as shares_date,
    session_date + interval 22 hours as known_at
from (
    values
    ('A', date '2024-02-29', 100), ('A', date '2024-03-01', 101),
    ('B', date '2024-02-29', 100), ('B', date '2024-03-01', 101)
) as given (symbol, session_date, close);
-- expect: entity, session_date
values
('A', date '2024-02-29'),
('A', date '2024-03-01'),
('B', date '2024-02-29'),
('B', date '2024-03-01');
