-- default: underlying = 'AAPL', put_call = 'call', term = 'all', premium_usd = 1_000_000
-- default: session_date = '2024-03-01', place = 1_000, mark = 2, known_at = '2024-03-01 15:30Z'
-- default: package_volume = 250, all_volume = 1_000

-- case: volume is held against the logs of the same mark in 60 sessions, their median and spread
-- given: features.option_marks
select 180 as volume;
-- given: features.option_sessions
select
    1_000 - nth as place,
    '2024-02-01' as known_at,
    [7, case when nth % 2 = 0 then 100 when nth % 4 = 1 then 80 else 125 end] as volumes
from range(1, 61) as given (nth);
-- expect: session_date, mark, known_at, underlying, put_call, term, volume, premium_usd,
--     package_frac, n_obs, mean20, ratio20, median60, max60, round(mz60, 6)
values (
    '2024-03-01', 2, '2024-03-01 15:30Z', 'AAPL', 'call', 'all', 180, 1_000_000, 0.25, 60, 101.25,
    round(180 / 101.25, 9), 100, 125, round(0.6745 * ln(181 / 101) / (ln(101 / 81) / 2), 6)
);

-- case: the z of Donoho is of the 20 sessions before, of volume as it is
-- given: features.option_marks
select 130 as volume;
-- given: features.option_sessions
select
    1_000 - nth as place,
    '2024-02-01' as known_at,
    [0, case when nth > 20 then 5_000 when nth % 2 = 0 then 90 else 110 end] as volumes
from range(1, 31) as given (nth);
-- expect: mean20, ratio20, round(z20, 6), n_obs
values (100, 1.3, round(30 / sqrt(20 * 100 / 19.0), 6), 30);

-- case: below 20 sessions there is no z, and below 10 no mean
-- given: features.option_marks
select
    *,
    130 as volume
from (
    values
    ('nineteen'), ('nine'), ('new')
) as given (underlying);
-- given: features.option_sessions
select
    given.underlying,
    1_000 - numbers.nth as place,
    '2024-02-01' as known_at,
    [0, 100 + numbers.nth] as volumes
from (
    values
    ('nineteen', 19), ('nine', 9)
) as given (underlying, n)
inner join range(1, 20) as numbers (nth) on given.n >= numbers.nth;
-- expect: underlying, n_obs, mean20, z20, median60, max60, mz60
values
('nineteen', 19, 110, null, null, null, null),
('nine', 9, null, null, null, null, null),
('new', 0, null, null, null, null, null);

-- case: a session without trades is a zero, but none before the first and none the store lacks
-- param: min_obs = 1
-- param: min_mean_obs = 1
-- given: features.option_marks
select 12 as volume;
-- given: features.option_sessions
select
    *,
    '2024-02-01' as known_at
from (
    values
    ('AAPL', 'call', 996, [0, 30]),
    ('AAPL', 'put', 996, [0, 99]),
    ('AAPL', 'call', 998, [0, 6]),
    ('MSFT', 'call', 995, [0, 99]),
    ('MSFT', 'call', 997, [0, 99])
) as given (underlying, put_call, place, volumes);
-- expect: underlying, n_obs, mean20, median60, max60
values ('AAPL', 3, 12, 6, 30);

-- case: of 0-DTE the sessions are those in which the underlying had such trades, calls or puts
-- param: min_obs = 1
-- param: min_mean_obs = 1
-- given: features.option_marks
select
    *,
    '0dte' as term
from (
    values
    ('call', 12), ('put', 11)
) as given (put_call, volume);
-- given: features.option_sessions
select
    *,
    '2024-02-01' as known_at
from (
    values
    ('all', 'call', 991, [0, 500]),
    ('0dte', 'call', 990, [0, 30]),
    ('0dte', 'call', 995, [0, 6]),
    ('0dte', 'put', 995, [0, 3])
) as given (term, put_call, place, volumes);
-- expect: put_call, n_obs, mean20, max60
values
('call', 2, 18, 30),
('put', 2, 1.5, 3);

-- case: near volume has its own past, and begins with the underlying's first session of any term
-- param: min_obs = 1
-- param: min_mean_obs = 1
-- given: features.option_marks
select
    'near' as term,
    12 as volume;
-- given: features.option_sessions
select
    *,
    '2024-02-01' as known_at
from (
    values
    ('all', 998, [0, 50]), ('all', 999, [0, 70]), ('near', 999, [0, 8])
) as given (term, place, volumes);
-- expect: n_obs, mean20, max60
values (2, 4, 8);

-- case: the 60 sessions lie within 66, and those of 0-DTE within a year
-- param: min_obs = 1
-- given: features.option_marks
select
    *,
    20 as volume
from (
    values
    ('all'), ('0dte')
) as given (term);
-- given: features.option_sessions
select
    *,
    '2023-02-01' as known_at,
    [0, 5] as volumes
from (
    values
    ('all', 933), ('all', 934), ('all', 935), ('0dte', 747), ('0dte', 748), ('0dte', 749)
) as given (term, place);
-- expect: term, n_obs
values
('all', 2),
('0dte', 2);

-- case: more than 60 sessions are not looked at
-- given: features.option_marks
select 20 as volume;
-- given: features.option_sessions
select
    1_000 - nth as place,
    '2024-02-01' as known_at,
    [0, case when nth = 61 then 9_999 else nth end] as volumes
from range(1, 62) as given (nth);
-- expect: n_obs, max60, median60
values (60, 60, 30.5);

-- case: where half of the sessions are equal there is no spread, and no z
-- given: features.option_marks
select 20 as volume;
-- given: features.option_sessions
select
    1_000 - nth as place,
    '2024-02-01' as known_at,
    [0, 15] as volumes
from range(1, 31) as given (nth);
-- expect: n_obs, median60, mz60, z20
values (30, 15, null, null);

-- case: fewer than ten contracts are not told
-- given: features.option_marks
select *
from (
    values
    ('nine', 9), ('ten', 10)
) as given (underlying, volume);
-- expect: underlying
values ('ten');
