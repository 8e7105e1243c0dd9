-- default: underlying = 'AAPL', term = 'all', session_date = '2024-03-01', place = 1_000, mark = 2
-- default: known_at = '2024-03-01 15:30Z', premium_usd = 0, package_volume = 0

-- case: 700 calls and 100 puts are a share of 0.8333 beside a usual half, as in the rule book
-- given: features.option_marks
select *
from (
    values
    ('call', 700, 3_000, 50),
    ('put', 100, 1_000, 10)
) as given (put_call, volume, premium_usd, package_volume);
-- given: features.option_sessions
select
    given.put_call,
    1_000 - numbers.nth as place,
    '2024-02-01' as known_at,
    [1, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 50] as volumes
from (values ('call'), ('put')) as given (put_call)
cross join range(1, 21) as numbers (nth);
-- expect: session_date, mark, known_at, underlying, term, call_volume, put_volume, package_volume,
--     call_premium_usd, put_premium_usd, pcr, cpi, n_obs, pi0, call_share, c_vs_top_put,
--     p_vs_top_call, premium_ratio, premium_cpi
values (
    '2024-03-01', 2, '2024-03-01 15:30Z', 'AAPL', 'all', 700, 100, 60, 3_000, 1_000,
    round(1 / 7, 9), 0.75, 20, 0.5, round(5 / 6, 9), 14, 2, 3, 0.5
);

-- case: the z is of logits, each mixed with its own usual share, over 20 sessions
-- given: features.option_marks
select *
from (
    values
    ('call', 700), ('put', 100)
) as given (put_call, volume);
-- given: features.option_sessions
select
    given.put_call,
    1_000 - numbers.nth as place,
    '2024-02-01' as known_at,
    [
        0,
        case when (numbers.nth % 2 = 0) = (given.put_call = 'call') then 300 else 200 end
    ] as volumes
from (values ('call'), ('put')) as given (put_call)
cross join range(1, 41) as numbers (nth);
-- expect: n_obs, pi0, call_share, round(imb_z, 4)
values (
    20, 0.5, round(5 / 6, 9), round(ln(5) / (ln(350 / 250) * sqrt(20 / 19)), 4)
);

-- case: below 20 sessions with volume there is no z, and below 10 no usual share
-- given: features.option_marks
select
    *,
    'call' as put_call,
    500 as volume
from (
    values
    ('nineteen'), ('nine')
) as given (underlying);
-- given: features.option_sessions
select
    given.underlying,
    sides.put_call,
    1_000 - numbers.nth as place,
    '2024-02-01' as known_at,
    [0, 200 + numbers.nth] as volumes
from (values ('nineteen', 29), ('nine', 9)) as given (underlying, n)
cross join (values ('call'), ('put')) as sides (put_call)
inner join range(1, 30) as numbers (nth)
    on given.n >= numbers.nth and not (given.n = 29 and numbers.nth = 5);
-- expect: underlying, n_obs, pi0, pcr, cpi, call_share is null, imb_z
values
('nineteen', 19, 0.5, 0, 1, false, null),
('nine', 9, null, 0, 1, true, null);

-- case: without calls there is no ratio, and what expires that day is not asked
-- given: features.option_marks
select
    *,
    'put' as put_call
from (
    values
    ('all', 500), ('near', 400), ('0dte', 300)
) as given (term, volume);
-- expect: term, call_volume, put_volume, pcr, cpi, premium_ratio
values
('all', 0, 500, null, -1, null),
('near', 0, 400, null, -1, null);
