-- default: underlying = 'AAPL', calendar = 'XNYS', session_date = '2024-03-01', spot = 100
-- default: known_at = '2024-03-01 21:30Z', atm_iv_error = 0.01, sum_near_iv = 1.2, n_near = 4
-- default: vega_traded_usd = 1_000, settles_at = '2024-03-21 20:00Z'

-- case: 20 days at 30 percent and 48 days at 25 percent are 27.2554 percent at 30 days
-- given: features.iv_points
select *
from (
    values
    (20, 0.30, '2024-03-21', '2024-03-21 20:00Z'),
    (48, 0.25, '2024-04-18', '2024-04-18 20:00Z')
) as given (dte, atm_iv, expiration, settles_at);
-- expect: underlying, session_date, known_at, withdrawn_at, round(iv30, 6), round(iv30_error, 6),
--     near_iv, n_near, near_dte, near_atm_iv, near_expiration, far_dte, far_atm_iv,
--     far_expiration, spot, vega_traded_usd, calendar, previous_date, closes_at
values (
    'AAPL', '2024-03-01', '2024-03-01 21:30Z', null, 0.272554, 0.009959, 0.3, 8, 20, 0.30,
    '2024-03-21', 48, 0.25, '2024-04-18', 100, 2_000, 'XNYS', '2024-02-29', '2024-03-01 21:00Z'
);

-- case: the nearest on each side count, and 30 days on the day need no other
-- given: features.iv_points
select *
from (
    values
    ('A', 5, 0.90, '2024-03-06 20:00Z'), ('A', 20, 0.30, '2024-03-21 20:00Z'),
    ('A', 25, null, '2024-03-26 20:00Z'), ('A', 48, 0.25, '2024-04-18 20:00Z'),
    ('A', 80, 0.10, '2024-05-20 20:00Z'),
    ('B', 30, 0.40, '2024-03-31 20:00Z'), ('B', 33, 0.10, '2024-04-03 20:00Z'),
    ('C', 30, 0.40, '2024-03-31 20:00Z')
) as given (underlying, dte, atm_iv, settles_at);
-- expect: underlying, near_dte, far_dte, round(iv30, 6), round(iv30_error, 6)
values
('A', 20, 48, 0.272554, 0.009959),
('B', 30, 33, 0.4, 0.01),
('C', 30, null, 0.4, 0.01);

-- case: one side alone is no 30 days, and yet a near term
-- given: features.iv_points
select *
from (
    values
    ('near', 20, 0.30), ('far', 48, 0.25), ('beyond two months', 70, 0.25)
) as given (underlying, dte, atm_iv);
-- expect: underlying, iv30, near_iv, vega_traded_usd
values ('near', null, 0.3, 1_000), ('far', null, 0.3, 1_000);

-- case: of morning and afternoon the one that settles nearer to 30 days counts
-- given: features.iv_points
select *
from (
    values
    (20, 0.10, '2024-03-21 13:30Z'), (20, 0.30, '2024-03-21 20:00Z'),
    (48, 0.25, '2024-04-18 13:30Z'), (48, 0.90, '2024-04-18 20:00Z')
) as given (dte, atm_iv, settles_at);
-- expect: round(iv30, 6)
values (0.272554);

-- case: without quotes of one of them no error is known
-- given: features.iv_points
select *
from (
    values
    (20, 0.30, 0.01, '2024-03-21 20:00Z'), (48, 0.25, null, '2024-04-18 20:00Z')
) as given (dte, atm_iv, atm_iv_error, settles_at);
-- expect: round(iv30, 6), iv30_error
values (0.272554, null);

-- case: each change of an expiration is a moment, and the others are as they stood
-- given: features.iv_points
select *
from (
    values
    (20, 0.30, '2024-03-21 20:00Z', '2024-03-01 15:00Z', '2024-03-01 21:30Z'),
    (20, 0.40, '2024-03-21 20:00Z', '2024-03-01 21:30Z', '2024-03-04 12:00Z'),
    (48, 0.25, '2024-04-18 20:00Z', '2024-03-01 15:00Z', null)
) as given (dte, atm_iv, settles_at, known_at, withdrawn_at);
-- expect: known_at, withdrawn_at, round(iv30, 6), near_iv
values
('2024-03-01 15:00Z', '2024-03-01 21:30Z', 0.272554, 0.3),
('2024-03-01 21:30Z', '2024-03-04 12:00Z', 0.322933, 0.3),
('2024-03-04 12:00Z', null, null, 0.3);

-- case: what comes later than the tenth session after is none of it
-- given: features.iv_points
select *
from (
    values
    (30, 0.30, '2024-03-15 20:00:00Z', '2024-03-15 20:00:01Z'),
    (30, 0.40, '2024-03-15 20:00:01Z', null)
) as given (dte, atm_iv, known_at, withdrawn_at);
-- expect: known_at, withdrawn_at, iv30
values ('2024-03-15 20:00:00Z', '2024-03-15 20:00:01Z', 0.3);

-- case: eleven sessions before the span hold what stood of a session that is corrected last
-- span: 2024-03-15T20:00Z 2024-03-16
-- given: features.iv_points
select *
from (
    values
    (20, 0.30, '2024-03-21 20:00Z', '2024-03-01 15:00Z'),
    (48, 0.25, '2024-04-18 20:00Z', '2024-03-15 20:00Z')
) as given (dte, atm_iv, settles_at, known_at);
-- expect: known_at, round(iv30, 6)
values ('2024-03-15 20:00Z', 0.272554);
