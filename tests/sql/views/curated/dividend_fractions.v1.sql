-- default: symbol = 'AAPL', security_id = 'AAPL', action = 'dividend', amount_usd = 1
-- default: bar = '1d', adjusted = 'none'

-- case: each dividend takes its part off the last close before it, in the prices of that day
-- given: curated.corporate_actions
select *
from (
    values
    ('2014-05-08', 'dividend', 2, null, '2014-05-08 04:00Z'),
    ('2014-06-09', 'split', null, 7, '2014-06-09 04:00Z'),
    ('2014-08-07', 'dividend', 1, null, '2014-08-07 04:00Z')
) as given (ex_date, action, amount_usd, ratio, known_at);
-- given: curated.traded_bars
select
    *,
    timezone('UTC', session_date + interval '13 hours 30 minutes') as starts_at,
    timezone('UTC', session_date + interval '20 hours 15 minutes') as known_at
from (
    values
    (date '2014-05-06', '1d', 300), (date '2014-05-07', '1d', 400), (date '2014-05-07', '1m', 9),
    (date '2014-05-08', '1d', 9), (date '2014-08-06', '1d', 50)
) as given (session_date, bar, close);
-- expect: security_id, from_date, to_date, kept_frac, close_date
values
('AAPL', '0001-01-01', '2014-05-08', 0.9751, '2014-05-07'),
('AAPL', '2014-05-08', '2014-08-07', 0.98, '2014-08-06');

-- case: without a close before it, or one that it would take whole, nothing can be said before it
-- given: curated.corporate_actions
select *
from (
    values
    ('2014-05-08', 2, '2014-05-08 04:00Z'),
    ('2014-08-07', 60, '2014-08-07 04:00Z'),
    ('2014-11-06', 1, '2014-11-06 05:00Z')
) as given (ex_date, amount_usd, known_at);
-- given: curated.traded_bars
select
    *,
    timezone('UTC', session_date + interval '13 hours 30 minutes') as starts_at,
    timezone('UTC', session_date + interval '20 hours 15 minutes') as known_at
from (
    values (date '2014-08-06', 50), (date '2014-11-05', 100)
) as given (session_date, close);
-- expect: from_date, to_date, kept_frac, close_date
values
('0001-01-01', '2014-05-08', null, '2014-08-06'),
('2014-05-08', '2014-08-07', null, '2014-08-06'),
('2014-08-07', '2014-11-06', 0.99, '2014-11-05');

-- case: a close of over a week before is no measure of it
-- given: curated.corporate_actions
select *
from (
    values ('AAPL', '2014-05-08', '2014-05-08 04:00Z'), ('IBM', '2014-05-08', '2014-05-08 04:00Z')
) as given (security_id, ex_date, known_at);
-- given: curated.traded_bars
select
    *,
    timezone('UTC', session_date + interval '13 hours 30 minutes') as starts_at,
    timezone('UTC', session_date + interval '20 hours 15 minutes') as known_at,
    100 as close
from (
    values ('AAPL', date '2014-04-30'), ('IBM', date '2014-05-01')
) as given (security_id, session_date);
-- expect: security_id, kept_frac
values ('AAPL', null), ('IBM', 0.99);

-- case: a dividend that is announced and not in force takes nothing off
-- span: 2014-05-01 2014-05-08 04:00Z
-- given: curated.corporate_actions
select
    '2014-05-08' as ex_date,
    '2014-04-23 20:30Z' as known_at;
-- given: curated.traded_bars
select
    date '2014-05-07' as session_date,
    '2014-05-07 13:30Z' as starts_at,
    '2014-05-07 20:15Z' as known_at,
    400 as close;
-- expect: nothing
