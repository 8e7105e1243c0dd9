-- default: underlying = 'KILO', unsided_frac = 0.1, net_usd = 0

-- case: the highest percentile to the power of how many there are, and which way
-- span: 2024-03-01 2024-03-02
-- given: features.option_session_flow
select
    sessions.session_date,
    sessions.closes_at as known_at,
    sessions.sequence as place,
    case when sessions.session_date = '2024-03-01' then 95 else sessions.sequence % 100 end
        as call_volume,
    case when sessions.session_date = '2024-03-01' then 50 else sessions.sequence % 100 end
        as put_volume,
    case when sessions.session_date = '2024-03-01' then -75 else sessions.sequence % 100 end
        as net_usd
from curated.us_sessions as sessions
where
    sessions.session_date <= '2024-03-01'
    and not sessions.is_half_session
    and sessions.sequence > (
        select us.sequence - 101 from curated.us_sessions as us
        where us.session_date = '2024-03-01'
    );
-- expect: underlying, session_date, known_at, n_figures, n_obs >= 60, net_sign, is_few_sided,
--     abs(calls_pr - 0.955) < 0.02, unusual = round(100 * calls_pr ** 3, 6)
values ('KILO', '2024-03-01', '2024-03-01 21:00Z', 3, true, -1, false, true, true);

-- case: a session in which only others traded is a zero, and less than any volume
-- span: 2024-03-01 2024-03-02
-- given: features.option_session_flow
select
    given.underlying,
    sessions.session_date,
    sessions.closes_at as known_at,
    sessions.sequence as place,
    1 as call_volume,
    1 as put_volume,
    1 as net_usd
from curated.us_sessions as sessions
cross join (values ('KILO'), ('RARE')) as given (underlying)
where
    sessions.session_date between '2023-11-27' and '2024-03-01'
    and (given.underlying = 'KILO' or sessions.session_date in ('2023-11-27', '2024-03-01'));
-- expect: underlying, calls_pr, n_figures
values
('KILO', 0.5, 3),
('RARE', round(64.5 / 65, 9), 2);

-- case: below sixty sessions a figure is none, and below three figures there is nothing unusual
-- span: 2024-03-01 2024-03-02
-- given: features.option_session_flow
select
    sessions.session_date,
    sessions.closes_at as known_at,
    sessions.sequence as place,
    10 as call_volume,
    10 as put_volume
from curated.us_sessions as sessions
where sessions.session_date between '2023-12-07' and '2024-03-01';
-- expect: calls_pr, n_figures, unusual, n_obs
values (null, 0, null, null);

-- case: with half of the premium of no side it has no direction
-- span: 2024-03-01 2024-03-02
-- given: features.option_session_flow
select
    date '2024-03-01' as session_date,
    timestamptz '2024-03-01 21:00Z' as known_at,
    10 as call_volume,
    10 as put_volume,
    9_000 as net_usd,
    0.500001 as unsided_frac;
-- expect: net_sign, is_few_sided
values (null, true);
