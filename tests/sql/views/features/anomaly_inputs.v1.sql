-- default: symbol = 'AAPL', security_id = 'AAPL', bar = '1d', source = 'test', action = 'dividend'
-- default: underlying = 'AAPL', calendar = 'XNYS', root = 'AAPL', basis = 'totals'

-- case: a figure is told by its distance from the median of its past in their usual distances
-- param: min_obs = 4
-- given: features.off_exchange_sessions
select
    *,
    session_date + interval 26 hours as known_at
from (
    values
    (date '2024-02-26', 0.40, 0.5), (date '2024-02-27', 0.42, 0.5),
    (date '2024-02-28', 0.44, 0.5), (date '2024-02-29', 0.50, 0.5),
    (date '2024-03-01', 0.52, 0.9), (date '2024-03-04', 0.99, null)
) as given (session_date, offex_ratio, short_sale_frac);
-- expect: entity, session_date, known_at, n_figures, offex_ratio_z, short_sale_z, return_z
values
-- Median 0.43, distances 0.03, 0.01, 0.01, 0.07: 0.6745 * 0.09 / 0.02; equal ones have no scale.
('AAPL', date '2024-03-01', timestamptz '2024-03-02 02:00Z', 1, 3.03525, null, null),
-- Median 0.44, distances 0.04, 0.02, 0, 0.06, 0.08: 0.6745 * 0.55 / 0.04
('AAPL', date '2024-03-04', timestamptz '2024-03-05 02:00Z', 1, 9.274375, null, null);

-- case: of the tape where it tells of a session, and beyond twenty a z says no more
-- param: min_obs = 2
-- given: features.off_exchange_sessions
select
    *,
    session_date + interval 26 hours as known_at
from (
    values
    (date '2024-02-28', 'totals', 0.1), (date '2024-02-28', 'prints', 0.40),
    (date '2024-02-29', 'prints', 0.42), (date '2024-03-01', 'prints', 0.9)
) as given (session_date, basis, offex_ratio);
-- expect: session_date, offex_ratio_z
values (date '2024-03-01', 20);

-- case: a return has the dividend in it, and the split that was known that evening
-- param: min_obs = 2
-- given: curated.traded_bars
select
    *,
    100 as volume,
    session_date + interval 22 hours as known_at
from (
    values
    (date '2024-02-27', 100), (date '2024-02-28', 101), (date '2024-02-29', 100),
    (date '2024-03-01', 49.5), (date '2024-03-04', 45)
) as given (session_date, close);
-- given: curated.corporate_actions
select *
from (
    values
    ('split', date '2024-03-01', 2, null, timestamptz '2024-02-01 12:00Z', null),
    ('dividend', date '2024-03-04', null, 4.5, timestamptz '2024-02-01 12:00Z', null),
    ('split', date '2024-03-04', 9, null, timestamptz '2024-03-05 03:00Z', null)
) as given (action, ex_date, ratio, amount_usd, known_at, withdrawn_at);
-- expect: session_date, return_z
values
-- Two sessions have no return before them, and a row for what was traded.
(date '2024-02-29', null),
-- ln(1.01) and -ln(1.01) before it: their middle is nothing, and 0.00995 their usual distance.
(date '2024-03-01', -0.681279),
(date '2024-03-04', 20);

-- case: of an option's figures one is of what was open that morning, by the root's underlying
-- param: min_obs = 2
-- given: features.option_session_flow
select
    *,
    100 as premium_usd,
    session_date + interval 21 hours as known_at
from (
    values
    (date '2024-02-28', 99, 0, 10), (date '2024-02-29', 199, 99, 20),
    (date '2024-03-01', 399, 0, 90)
) as given (session_date, call_volume, put_volume, net_usd);
-- given: features.oi_session_change
select
    *,
    'AAPLW' as root,
    timestamptz '2024-02-01 12:00Z' as known_at,
    next_date - interval 1 day as oi_date
from (
    values
    (date '2024-02-28', 'a', 60, 10, 50), (date '2024-02-28', 'b', 39, 10, 50),
    (date '2024-02-29', 'a', 99, 10, 100), (date '2024-03-01', 'a', 99, 50, 100)
) as given (next_date, contract, open_interest, d_oi, previous_open_interest);
-- given: curated.option_roots
select
    'AAPLW' as root,
    date '2020-01-01' as valid_from,
    timestamptz '2020-01-01 00:00Z' as known_at;
-- expect: entity, session_date, n_figures, calls_z, puts_z, net_premium_z, vol_oi_z, d_oi_z
values ('AAPL', date '2024-03-01', 5, 2.0235, -0.6745, 10.1175, 1.032938, 4.7215);

-- case: what is told or corrected later than that evening enters nothing
-- param: min_obs = 2
-- given: features.iv_session_change
select *
from (
    values
    (date '2024-02-28', 0.01, timestamptz '2024-02-28 21:30Z', null),
    (date '2024-02-29', 0.03, timestamptz '2024-02-29 21:30Z', timestamptz '2024-03-01 01:00Z'),
    (date '2024-02-29', 0.02, timestamptz '2024-03-01 01:00Z', timestamptz '2024-03-01 02:01Z'),
    (date '2024-02-29', 0.09, timestamptz '2024-03-01 02:01Z', null),
    (date '2024-03-01', 0.03, timestamptz '2024-03-01 21:30Z', null),
    (date '2024-03-04', 0.03, timestamptz '2024-03-05 02:01Z', null)
) as given (session_date, d_iv, known_at, withdrawn_at);
-- expect: session_date, d_iv_z
values (date '2024-03-01', 2.0235);

-- case: a half session is told nothing of, and is in nobody's past
-- param: min_obs = 2
-- given: features.off_exchange_sessions
select
    *,
    session_date + interval 26 hours as known_at
from (
    values
    (date '2024-07-01', 0.40), (date '2024-07-02', 0.42), (date '2024-07-03', 0.9),
    (date '2024-07-05', 0.44)
) as given (session_date, offex_ratio);
-- expect: session_date, offex_ratio_z
values (date '2024-07-05', 2.0235);

-- case: a short past tells nothing
-- given: features.off_exchange_sessions
select
    session_date,
    sequence / 1_000 as offex_ratio,
    closes_at + interval 5 hours as known_at
from raw.sessions
where calendar = 'XNYS' and session_date between '2024-01-02' and '2024-01-30';
-- expect: nothing
