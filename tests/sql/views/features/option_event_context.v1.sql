-- default: entity = 'AAPL', event_id = 'a', known_at = '2024-01-02 12:00Z'

-- case: told after the close it is of that session, and the next one is the first to react
-- span: 2024-02-01 00:00Z 2024-02-08 00:00Z
-- given: curated.earnings
select '2024-02-01 21:30Z' as reports_at;
-- expect: underlying, session_date, known_at, days_to_earnings, days_since_earnings,
--     is_earnings_day, is_pre_earnings, is_post_earnings, is_capped, tags
values
('AAPL', '2024-02-01', '2024-02-01 14:30Z', 0, null, true, false, false, true, 'earnings_day'),
('AAPL', '2024-02-02', '2024-02-02 14:30Z', null, 0, false, false, true, false, 'post_earnings'),
('AAPL', '2024-02-05', '2024-02-05 14:30Z', null, 1, false, false, true, false, 'post_earnings'),
('AAPL', '2024-02-06', '2024-02-06 14:30Z', null, 2, false, false, true, false, 'post_earnings');

-- case: told before the open that session reacts itself, and the one before is a day away
-- span: 2024-01-31 00:00Z 2024-02-02 00:00Z
-- given: curated.earnings
select '2024-02-01 12:00Z' as reports_at;
-- expect: session_date, days_to_earnings, days_since_earnings, tags
values
('2024-01-31', 1, null, 'pre_earnings'),
('2024-02-01', null, 0, 'post_earnings');

-- case: a week and two are told apart, and a quarter ahead it is nobody's business
-- span: 2023-10-01 00:00Z 2024-02-02 00:00Z
-- param: max_sessions_ahead = 15
-- given: curated.earnings
select
    '2023-10-02 12:00Z' as known_at,
    '2024-02-01 21:30Z' as reports_at;
-- expect: days_to_earnings, is_pre_earnings, is_far_pre_earnings, is_capped, tags
select
    nth as days_to_earnings,
    nth between 1 and 7 as is_pre_earnings,
    nth between 8 and 14 as is_far_pre_earnings,
    nth <= 7 as is_capped,
    case
        when nth = 0 then 'earnings_day'
        when nth <= 7 then 'pre_earnings'
        when nth <= 14 then 'far_pre_earnings'
    end as tags
from range(16) as given (nth);

-- case: a date is as it was known before the open, and one that was taken back is none
-- span: 2024-01-29 00:00Z 2024-02-02 00:00Z
-- given: curated.earnings
select *
from (
    values
    ('a', '2024-01-02 12:00Z', '2024-01-30 14:30:00.000001Z', '2024-02-01 21:30Z'),
    ('a', '2024-01-30 14:30:00.000001Z', '2024-01-31 20:00Z', '2024-02-05 21:30Z'),
    ('late', '2024-02-01 15:00Z', null, '2024-02-01 21:30Z')
) as given (event_id, known_at, withdrawn_at, reports_at);
-- expect: session_date, days_to_earnings
values
('2024-01-29', 3),
('2024-01-30', 2),
('2024-01-31', 3);

-- case: between two reports both are near
-- span: 2024-02-02 00:00Z 2024-02-03 00:00Z
-- given: curated.earnings
select *
from (
    values
    ('a', '2024-02-01 21:30Z'), ('b', '2024-02-06 12:00Z')
) as given (event_id, reports_at);
-- expect: session_date, days_to_earnings, days_since_earnings, tags
values ('2024-02-02', 2, 0, 'pre_earnings post_earnings');

-- case: a report on a Saturday is met by Monday
-- span: 2024-02-02 00:00Z 2024-02-06 00:00Z
-- given: curated.earnings
select '2024-02-03 15:00Z' as reports_at;
-- expect: underlying, session_date, days_to_earnings, days_since_earnings
values
('AAPL', '2024-02-02', 1, null),
('AAPL', '2024-02-05', null, 0);

-- case: two sessions each side of an ex-date are near it, and nothing is said of a report
-- span: 2024-02-05 00:00Z 2024-02-15 00:00Z
-- given: curated.dividends
select
    'AAPL' as symbol,
    '2024-02-09' as ex_date,
    '2024-02-01 21:30Z' as known_at;
-- expect: underlying, session_date, days_to_earnings, is_ex_div, is_capped, tags
values
('AAPL', '2024-02-07', null, true, false, 'ex_div'),
('AAPL', '2024-02-08', null, true, false, 'ex_div'),
('AAPL', '2024-02-09', null, true, false, 'ex_div'),
('AAPL', '2024-02-12', null, true, false, 'ex_div'),
('AAPL', '2024-02-13', null, true, false, 'ex_div');

-- case: a dividend counts from when it was declared until it was taken back, beside a report too
-- span: 2024-02-01 00:00Z 2024-02-06 00:00Z
-- given: curated.dividends
select *
from (
    values
    ('AAPL', '2024-02-05', '2024-02-02 12:00Z', null),
    ('MSFT', '2024-02-05', '2024-01-02 12:00Z', '2024-02-02 14:30Z')
) as given (symbol, ex_date, known_at, withdrawn_at);
-- given: curated.earnings
select '2024-02-01 21:30Z' as reports_at;
-- expect: underlying, session_date, is_ex_div, tags
values
('AAPL', '2024-02-01', false, 'earnings_day'),
('AAPL', '2024-02-02', true, 'post_earnings ex_div'),
('AAPL', '2024-02-05', true, 'post_earnings ex_div'),
('MSFT', '2024-02-01', true, 'ex_div');
