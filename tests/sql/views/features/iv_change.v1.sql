-- default: underlying = 'AAPL', calendar = 'XNYS', iv30 = 0.3, previous_iv30 = 0.25
-- default: iv30_error = 0.01, near_iv = 0.35, vega_traded_usd = 1_000
-- default: far_expiration = '2024-04-12', previous_far_expiration = '2024-04-05'

-- case: without a market the change itself is held against its own quarter
-- span: 2024-03-04 2024-03-05
-- given: features.iv_session_change
select
    session_date,
    sequence,
    closes_at,
    closes_at as known_at,
    opens_at as previous_known_at,
    case when session_date = '2024-03-04' then 0.18 else 0.10 + 0.02 * (sequence % 2 * 2 - 1) end
        as d_iv,
    case when session_date = '2024-03-04' then 0.6 else 0.4 end as iv30
from curated.us_sessions
where session_date between '2024-02-02' and '2024-03-04';
-- expect: underlying, session_date, known_at, withdrawn_at, closes_at, iv30, previous_iv30,
--     iv30_error, d_iv, market, market_d_iv, beta, residual, n_changes, middle, mad, max_residual,
--     jump_z, iv_ratio, near_iv, vega_traded_usd, far_expiration, previous_far_expiration,
--     previous_known_at, calendar
values (
    'AAPL', '2024-03-04', '2024-03-04 21:00Z', null, '2024-03-04 21:00Z', 0.6, 0.25, 0.01, 0.18,
    null, null, null, 0.18, 20, 0.1, 0.02, 0.12, 2.698, 1.5, 0.35, 1_000, '2024-04-12',
    '2024-04-05', '2024-03-04 14:30Z', 'XNYS'
);

-- case: nineteen changes are no history, and without deviation there is no z
-- span: 2024-03-04 2024-03-05
-- given: features.iv_session_change
select
    given.underlying,
    sessions.session_date,
    sessions.sequence,
    sessions.closes_at as known_at,
    case when sessions.session_date = '2024-03-04' then 0.18 else given.usual end
    * (sessions.sequence % 2 * 2 - 1) as d_iv
from curated.us_sessions as sessions
cross join (
    values
    ('nineteen', '2024-02-05', 0.02), ('twenty', '2024-02-02', 0.02), ('still', '2024-02-02', 0.0)
) as given (underlying, since, usual)
where sessions.session_date between cast(given.since as date) and '2024-03-04';
-- expect: underlying, n_changes, jump_z is null
values ('nineteen', 19, true), ('twenty', 20, false), ('still', 20, true);

-- case: twice the market's change and a bit of its own is a bit of its own
-- span: 2024-03-04 2024-03-05
-- given: features.iv_session_change
select
    given.underlying,
    sessions.session_date,
    sessions.sequence,
    sessions.closes_at as known_at,
    (0.01 * (sessions.sequence % 4) - 0.015) * case given.underlying when 'AAPL' then 2 else 1 end
    + case
        when given.underlying = 'SPX' then 0
        when sessions.session_date = '2024-03-04' then 0.05
        else 0
    end as d_iv
from curated.us_sessions as sessions
cross join (values ('AAPL'), ('SPX')) as given (underlying)
where sessions.session_date between '2024-01-02' and '2024-03-04';
-- expect: underlying, market, round(beta, 6), round(residual, 6), round(middle, 6), n_changes
values ('AAPL', 'SPX', 2, 0.05, 0, 42), ('SPX', null, null, 0.015, 0, 42);

-- case: SPY is the market where SPX has no change of that day, or no twenty in common
-- span: 2024-03-04 2024-03-05
-- given: features.iv_session_change
select
    given.underlying,
    sessions.session_date,
    sessions.sequence,
    sessions.closes_at as known_at,
    0.01 * (sessions.sequence % 4) * given.times as d_iv
from curated.us_sessions as sessions
cross join (
    values ('AAPL', 2, '2024-01-02'), ('SPX', 1, '2024-02-15'), ('SPY', 1, '2024-01-02')
) as given (underlying, times, since)
where sessions.session_date between cast(given.since as date) and '2024-03-04';
-- expect: underlying, market, round(beta, 6)
values ('AAPL', 'SPY', 2), ('SPX', null, null), ('SPY', null, null);

-- case: a market that becomes known later is none yet
-- span: 2024-03-04 2024-03-05
-- given: features.iv_session_change
select
    given.underlying,
    sessions.session_date,
    sessions.sequence,
    sessions.closes_at + case
        when given.underlying = 'SPX' and sessions.session_date = '2024-03-04'
            then interval 1 minute
        else interval 0 minutes
    end as known_at,
    0.01 * (sessions.sequence % 4) as d_iv
from curated.us_sessions as sessions
cross join (values ('AAPL'), ('SPX')) as given (underlying)
where sessions.session_date between '2024-01-02' and '2024-03-04';
-- expect: underlying, market
values ('AAPL', null), ('SPX', null);

-- case: of coins no stock index is the market
-- span: 2024-03-04 2024-03-05
-- given: features.iv_session_change
select
    given.underlying, given.calendar,
    sessions.session_date,
    sessions.sequence,
    sessions.closes_at as known_at,
    0.01 * (sessions.sequence % 4) as d_iv
from curated.us_sessions as sessions
cross join (values ('deribit:BTC-USD', '24/7'), ('SPX', 'XNYS')) as given (underlying, calendar)
where sessions.session_date between '2024-01-02' and '2024-03-04';
-- expect: underlying, market
values ('deribit:BTC-USD', null), ('SPX', null);

-- case: the quarter is what stood when the row became known
-- param: min_changes = 2
-- span: 2024-03-05 2024-03-07
-- given: features.iv_session_change
select
    given.d_iv, given.known_at, given.withdrawn_at,
    sessions.session_date, sessions.sequence
from (
    values
    ('2024-03-01', 0.10, '2024-03-01 21:30Z', null),
    ('2024-03-04', 0.20, '2024-03-04 21:30Z', '2024-03-06 12:00Z'),
    ('2024-03-04', 0.30, '2024-03-06 12:00Z', null),
    ('2024-03-05', 0.50, '2024-03-05 21:30Z', null),
    ('2024-03-06', 0.50, '2024-03-06 21:30Z', null)
) as given (session_date, d_iv, known_at, withdrawn_at)
inner join curated.us_sessions as sessions on given.session_date = sessions.session_date;
-- expect: session_date, known_at, n_changes, middle, max_residual
values
('2024-03-04', '2024-03-06 12:00Z', 1, 0.1, 0.1),
('2024-03-05', '2024-03-05 21:30Z', 2, 0.15, 0.2),
('2024-03-06', '2024-03-06 21:30Z', 3, 0.3, 0.5);

-- case: seventy-one sessions before the span hold the quarter of a row that is ten sessions late
-- span: 2024-03-18T20:00Z 2024-03-19
-- given: features.iv_session_change
select
    session_date,
    sequence,
    case
        when session_date = '2024-03-04' then timestamptz '2024-03-18 20:00Z'
        else closes_at + interval 30 minutes
    end as known_at,
    0.01 * (sequence % 4) as d_iv
from curated.us_sessions
where session_date between '2023-09-01' and '2024-03-04';
-- expect: session_date, n_changes
values ('2024-03-04', 60);
