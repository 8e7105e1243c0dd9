-- default: underlying = 'AAPL', calendar = 'XNYS', expiration = '2024-03-31'
-- default: width = 0.2 * sqrt(30.0 / 365), drift = 0.07 * 30 / 365
-- default: height = 1 / (0.2 * sqrt(30.0 / 365) * sqrt(2 * pi()))

-- case: the rule book's strikes are 1,770,656 at 100, and a price from 100 to 91 crosses at 95.918
-- span: 2024-03-04 00:00Z 2024-03-05 00:00Z
-- given: curated.sessions
select *
from (
    values
    ('XNYS', '2024-03-01', 1, '2024-03-15 20:00Z'), ('XNYS', '2024-03-04', 2, '2024-03-18 20:00Z')
) as given (calendar, session_date, sequence, late_at);
-- given: features.gamma_terms
select
    told.*, given.strike_usd,
    given.put_call || given.strike_usd as contract,
    given.signed_units * 100 as signed_units
from (
    values
    (95, 'call', 1_000), (100, 'call', 5_000), (105, 'call', 3_000),
    (95, 'put', -4_000), (100, 'put', -2_500), (105, 'put', -500)
) as given (strike_usd, put_call, signed_units)
cross join (
    values
    ('2024-03-01', '2024-03-01 21:30Z', null, 100),
    ('2024-03-04', '2024-03-04 15:31Z', '2024-03-04 16:31Z', 91),
    ('2024-03-04', '2024-03-04 16:31Z', '2024-03-04 16:46Z', 103),
    ('2024-03-04', '2024-03-04 16:46Z', null, 92)
) as told (session_date, known_at, withdrawn_at, spot);
-- expect: underlying, session_date, known_at, spot, round(gex_usd_1pct), n_contracts,
--     evening_date, round(evening_gex_usd_1pct), n_obs, gex_pr, previous_spot,
--     round(crossed_flip, 2), sign_convention, calendar
values
(
    'AAPL', '2024-03-04', '2024-03-04 16:00Z', 91, -967_756, 6, '2024-03-01', 1_770_656, 0, null,
    100, 95.92, 'dealers long calls, short puts', 'XNYS'
),
(
    'AAPL', '2024-03-04', '2024-03-04 17:00Z', 92, -947_299, 6, '2024-03-01', 1_770_656, 0, null,
    91, null, 'dealers long calls, short puts', 'XNYS'
);

-- case: between two full hours nothing is told, and none is of a chain that is told after its hour
-- span: 2024-03-04 16:00:00.000001Z 2024-03-04 17:00Z
-- given: curated.sessions
select *
from (
    values ('XNYS', '2024-03-04', 1, '2024-03-18 20:00Z')
) as given (calendar, session_date, sequence, late_at);
-- given: features.gamma_terms
select
    *,
    '2024-03-04' as session_date,
    100 as strike_usd,
    1_000 as signed_units,
    100 as spot
from (values ('a', '2024-03-04 15:31Z'), ('b', '2024-03-04 16:31Z')) as given (contract, known_at);
-- expect: nothing

-- case: an evening is ranked by its size among 60 sessions before it, each as it stood
-- param: min_obs = 2
-- span: 2024-03-06 00:00Z 2024-03-07 00:00Z
-- given: curated.sessions
select *
from (
    values
    ('XNYS', '2024-02-29', 1, '2024-03-14 20:00Z'), ('XNYS', '2024-03-01', 2, '2024-03-15 20:00Z'),
    ('XNYS', '2024-03-04', 3, '2024-03-18 20:00Z'), ('XNYS', '2024-03-05', 4, '2024-03-19 20:00Z'),
    ('XNYS', '2024-03-06', 5, '2024-03-20 20:00Z')
) as given (calendar, session_date, sequence, late_at);
-- given: features.gamma_terms
select
    *,
    'a' as contract,
    100 as strike_usd,
    100 as spot
from (
    values
    ('2024-02-29', '2024-02-29 21:30Z', null, 9_000),
    ('2024-03-01', '2024-03-01 21:30Z', '2024-03-06 12:30Z', 1_000),
    ('2024-03-01', '2024-03-06 12:30Z', '2024-03-06 22:30Z', -6_000),
    ('2024-03-01', '2024-03-06 22:30Z', null, 1_000),
    ('2024-03-04', '2024-03-04 21:30Z', null, 2_000),
    ('2024-03-05', '2024-03-05 21:30Z', null, -5_000),
    ('2024-03-06', '2024-03-06 21:30Z', null, 1_000)
) as given (session_date, known_at, withdrawn_at, signed_units);
-- expect: session_date, known_at, evening_date, round(evening_gex_usd_1pct), n_obs,
--     round(gex_pr, 4)
values
('2024-03-01', '2024-03-06 13:00Z', '2024-02-29', 62_305, 0, null),
('2024-03-01', '2024-03-06 23:00Z', '2024-02-29', 62_305, 0, null),
('2024-03-06', '2024-03-06 22:00Z', '2024-03-05', -34_614, 3, 0.3333);

-- case: across a missing session, and where the price stays, it crosses nothing
-- span: 2024-03-06 00:00Z 2024-03-07 00:00Z
-- given: curated.sessions
select *
from (
    values
    ('XNYS', '2024-03-04', 3, '2024-03-18 20:00Z'), ('XNYS', '2024-03-05', 4, '2024-03-19 20:00Z'),
    ('XNYS', '2024-03-06', 5, '2024-03-20 20:00Z')
) as given (calendar, session_date, sequence, late_at);
-- given: features.gamma_terms
select
    given.underlying, given.session_date, given.spot, strikes.strike_usd, strikes.signed_units,
    given.session_date || ' 21:30Z' as known_at,
    cast(strikes.strike_usd as text) as contract
from (
    values
    ('GAP', '2024-03-04', 120), ('GAP', '2024-03-06', 80),
    ('STAYS', '2024-03-05', 100), ('STAYS', '2024-03-06', 100)
) as given (underlying, session_date, spot)
cross join (values (90, -1_000), (110, 1_000)) as strikes (strike_usd, signed_units);
-- expect: underlying, evening_date, previous_spot, crossed_flip
values ('GAP', null, null, null), ('STAYS', '2024-03-05', 100, null);
