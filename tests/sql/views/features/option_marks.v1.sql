-- default: session_date = '2024-03-01', underlying = 'AAPL', put_call = 'call'
-- default: known_date = '2024-03-01', known_at = '2024-03-01 14:31Z', n_trades = 1
-- default: package_volume = 0, near_volume = 0, near_premium_usd = 0, zero_dte_volume = 0
-- default: zero_dte_premium_usd = 0, premium_usd = 0

-- case: half hours add up to each mark that is over, and one that is not is not told
-- span: 2024-03-01 14:30Z 2024-03-01 16:00Z
-- given: features.option_half_hours
select *
from (
    values
    (-1, 1, 100), (0, 2, 200), (1, 4, 400), (2, 8, 800)
) as given (half_hour, volume, premium_usd);
-- expect: session_date, mark, known_at, underlying, put_call, term, volume, premium_usd
values
('2024-03-01', 1, '2024-03-01 15:00Z', 'AAPL', 'call', 'all', 3, 300),
('2024-03-01', 2, '2024-03-01 15:30Z', 'AAPL', 'call', 'all', 7, 700);

-- case: a mark is the moment itself, which is in the span that begins with it
-- span: 2024-03-01 16:00Z 2024-03-01 16:00:00.000001Z
-- given: features.option_half_hours
select
    0 as half_hour,
    2 as volume;
-- expect: mark, known_at, volume
values (3, '2024-03-01 16:00Z', 2);

-- case: a span between two marks has none
-- span: 2024-03-01 15:30:00.000001Z 2024-03-01 16:00Z
-- given: features.option_half_hours
select
    0 as half_hour,
    2 as volume;
-- expect: nothing

-- case: terms are told apart, and a term without volume is no row
-- span: 2024-03-01 14:30Z 2024-03-01 15:01Z
-- given: features.option_half_hours
select
    *,
    0 as half_hour
from (
    values
    ('call', 10, 100, 4, 40, 1, 10, 3),
    ('put', 20, 200, 0, 0, 0, 0, 5)
) as given (
    put_call, volume, premium_usd, near_volume, near_premium_usd, zero_dte_volume,
    zero_dte_premium_usd, package_volume
);
-- expect: put_call, term, volume, premium_usd, all_volume, package_volume
values
('call', 'all', 10, 100, 10, 3),
('call', 'near', 4, 40, 10, 3),
('call', '0dte', 1, 10, 10, 3),
('put', 'all', 20, 200, 20, 5);

-- case: what was taken back is gone from the mark after it, and what a second day brings counts
-- span: 2024-03-01 14:30Z 2024-03-01 15:31Z
-- given: features.option_half_hours
select *
from (
    values
    (0, 10, '2024-03-01'), (1, -10, '2024-03-01'), (0, 5, '2024-02-29')
) as given (half_hour, volume, known_date);
-- expect: mark, volume
values
(1, 15),
(2, 5);

-- case: a half session has no marks, and the whole ones before it go on counting
-- given: features.option_half_hours
select
    *,
    0 as half_hour,
    2 as volume
from (
    values
    ('2024-07-02', '2024-07-02 13:31Z'),
    ('2024-07-03', '2024-07-03 13:31Z'),
    ('2024-07-05', '2024-07-05 13:31Z')
) as given (session_date, known_at);
-- expect: session_date, mark, place - min(place) over ()
select
    sessions.session_date,
    marks.mark,
    sessions.nth
from (
    values
    ('2024-07-02', 0), ('2024-07-05', 1)
) as sessions (session_date, nth)
cross join range(1, 14) as marks (mark);
