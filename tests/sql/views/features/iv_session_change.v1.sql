-- default: underlying = 'AAPL', calendar = 'XNYS', near_iv = 0.3, vega_traded_usd = 1_000
-- default: session_date = '2024-03-04', previous_date = '2024-03-01', iv30_error = 0.01

-- case: a change is the logarithm of today's volatility over that of the session before
-- given: features.iv30
select *
from (
    values
    ('2024-03-01', '2024-02-29', 0.20, '2024-04-05', '2024-03-01 21:30Z', null),
    ('2024-03-04', '2024-03-01', 0.25, '2024-04-12', '2024-03-04 21:30Z', '2024-03-05 12:00Z')
) as given (session_date, previous_date, iv30, far_expiration, known_at, withdrawn_at);
-- expect: underlying, session_date, iv30, previous_iv30, round(d_iv, 6), iv30_error, near_iv,
--     vega_traded_usd, far_expiration, previous_far_expiration, previous_known_at, known_at,
--     withdrawn_at
values (
    'AAPL', '2024-03-04', 0.25, 0.20, 0.223144, 0.01, 0.3, 1_000, '2024-04-12', '2024-04-05',
    '2024-03-01 21:30Z', '2024-03-04 21:30Z', '2024-03-05 12:00Z'
);

-- case: there is none across a missing session, nor of a session without a volatility
-- given: features.iv30
select *
from (
    values
    ('A', '2024-02-29', '2024-02-28', 0.20, '2024-02-29 21:30Z'),
    ('A', '2024-03-04', '2024-03-01', 0.25, '2024-03-04 21:30Z'),
    ('B', '2024-03-01', '2024-02-29', null, '2024-03-01 21:30Z'),
    ('B', '2024-03-04', '2024-03-01', 0.25, '2024-03-04 21:30Z'),
    ('B', '2024-03-05', '2024-03-04', null, '2024-03-05 21:30Z')
) as given (underlying, session_date, previous_date, iv30, known_at);
-- expect: nothing

-- case: during the day each snapshot is held against yesterday's last, and a correction is one more
-- given: features.iv30
select *
from (
    values
    ('2024-03-01', '2024-02-29', 0.19, '2024-03-01 15:00Z', '2024-03-01 21:30Z'),
    ('2024-03-01', '2024-02-29', 0.20, '2024-03-01 21:30Z', '2024-03-04 18:00Z'),
    ('2024-03-01', '2024-02-29', 0.22, '2024-03-04 18:00Z', null),
    ('2024-03-04', '2024-03-01', 0.21, '2024-03-04 15:00Z', '2024-03-04 21:30Z'),
    ('2024-03-04', '2024-03-01', 0.25, '2024-03-04 21:30Z', null)
) as given (session_date, previous_date, iv30, known_at, withdrawn_at);
-- expect: known_at, withdrawn_at, iv30, previous_iv30
values
('2024-03-04 15:00Z', '2024-03-04 18:00Z', 0.21, 0.20),
('2024-03-04 18:00Z', '2024-03-04 21:30Z', 0.21, 0.22),
('2024-03-04 21:30Z', null, 0.25, 0.22);

-- case: twelve sessions before the span hold the one before a session that is corrected last
-- span: 2024-03-18T20:00Z 2024-03-19
-- given: features.iv30
select *
from (
    values
    ('2024-03-01', '2024-02-29', 0.20, '2024-03-01 15:00Z'),
    ('2024-03-04', '2024-03-01', 0.25, '2024-03-18 20:00Z')
) as given (session_date, previous_date, iv30, known_at);
-- expect: session_date, previous_iv30
values ('2024-03-04', 0.20);
