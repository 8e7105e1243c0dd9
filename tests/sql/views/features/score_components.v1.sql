-- default: symbol = 'AAA', is_few_sided = false, has_odd_price = false
-- default: is_few_managers = false, is_few_reports = false

-- case: a year of zeros and something at last is the top percentile, shrunk by its history
-- span: 2024-03-01 2024-03-03
-- given: features.off_exchange_balance
select
    sessions.sequence as place,
    sessions.closes_at + interval 5 hours as known_at,
    sessions.closes_at + interval 255 minutes as told_at,
    case when sessions.session_date = '2024-03-01' then -0.25 else 0 end as balance
from curated.us_sessions as sessions
where sessions.session_date between '2022-01-03' and '2024-03-01';
-- expect: symbol, session_date, known_at, component, x, pr, n_obs, k, s, weight, component_at,
--     age_days, halflife_days, freshness, has_flags, flags
values
(
    'AAA', '2024-02-29', '2024-03-01 02:00Z', 'dp', 0, 0.5, 252, 20, 0, 0.25,
    '2024-03-01 01:15Z', 0, 1, 1, false, []
),
(
    'AAA', '2024-03-01', '2024-03-02 02:00Z', 'dp', -0.25, 1, 252, 20, round(-252 / 272, 9), 0.25,
    '2024-03-02 01:15Z', 0, 1, 1, false, []
),
(
    'AAA', '2024-02-29', '2024-03-01 02:00Z', 'inst', null, null, 0, 4, null, 0.25, null, null, 45,
    null, false, []
),
(
    'AAA', '2024-03-01', '2024-03-02 02:00Z', 'inst', null, null, 0, 4, null, 0.25, null, null, 45,
    null, false, []
),
(
    'AAA', '2024-02-29', '2024-03-01 02:00Z', 'insider', null, null, 0, 20, null, 0.1, null, null,
    30, null, false, []
),
(
    'AAA', '2024-03-01', '2024-03-02 02:00Z', 'insider', null, null, 0, 20, null, 0.1, null, null,
    30, null, false, []
),
(
    'AAA', '2024-02-29', '2024-03-01 02:00Z', 'blocks', null, null, 0, 20, null, 0.25, null, null,
    1, null, false, []
),
(
    'AAA', '2024-03-01', '2024-03-02 02:00Z', 'blocks', null, null, 0, 20, null, 0.25, null, null,
    1, null, false, []
),
(
    'AAA', '2024-02-29', '2024-03-01 02:00Z', 'unusual', null, null, 0, 20, null, 0.15, null, null,
    1, null, false, []
),
(
    'AAA', '2024-03-01', '2024-03-02 02:00Z', 'unusual', null, null, 0, 20, null, 0.15, null, null,
    1, null, false, []
),
(
    'AAA', '2024-02-29', '2024-03-01 02:00Z', 'flow', null, null, 0, 20, null, null, null, null, 1,
    null, false, []
),
(
    'AAA', '2024-03-01', '2024-03-02 02:00Z', 'flow', null, null, 0, 20, null, null, null, null, 1,
    null, false, []
);

-- case: a figure of the other sign is as strong the other way, and its size alone is ranked
-- span: 2024-03-02 2024-03-03
-- given: features.block_balance
select
    given.symbol,
    sessions.sequence as place,
    sessions.closes_at + interval 5 hours as known_at,
    sessions.closes_at + interval 255 minutes as told_at,
    case when sessions.session_date = '2024-03-01' then given.newest else sessions.sequence % 4 end
    * case when sessions.sequence % 3 = 0 then -1 else 1 end as balance
from curated.us_sessions as sessions
cross join (values ('UP', 2), ('DOWN', -2)) as given (symbol, newest)
where sessions.session_date between '2024-02-01' and '2024-03-01';
-- expect: symbol, component, x, pr, n_obs, s
select
    given.symbol,
    kinds.component,
    case when kinds.component = 'blocks' then given.x end as x,
    case when kinds.component = 'blocks' then 0.625 end as pr,
    case when kinds.component = 'blocks' then 20 else 0 end as n_obs,
    case when kinds.component = 'blocks' then sign(given.x) * 0.3125 end as s
from (values ('UP', 2), ('DOWN', -2)) as given (symbol, x)
cross join (
    values ('dp'), ('inst'), ('insider'), ('blocks'), ('unusual'), ('flow')
) as kinds (component);

-- case: below twenty sessions of history, or with a flag, a component is missing and says why
-- span: 2024-03-02 2024-03-03
-- given: features.off_exchange_balance
select
    given.symbol,
    sessions.sequence as place,
    sessions.closes_at + interval 5 hours as known_at,
    sessions.closes_at + interval 255 minutes as told_at,
    1 as balance,
    given.symbol = 'FLAG' as is_few_sided
from curated.us_sessions as sessions
inner join (values ('SHORT', '2024-02-02'), ('FLAG', '2024-02-01')) as given (symbol, since)
    on cast(given.since as date) <= sessions.session_date
where sessions.session_date <= '2024-03-01';
-- given: features.insider_balance
select
    'FLAG' as symbol,
    sessions.sequence as place,
    sessions.closes_at + interval 5 hours as known_at,
    timestamptz '2024-01-31 22:00Z' as newest_at,
    -1 as balance,
    true as has_odd_price
from curated.us_sessions as sessions
where sessions.session_date between '2024-02-01' and '2024-03-01';
-- given: features.institutional_balance
select
    'FLAG' as symbol,
    date '2023-12-31' as period_end,
    timestamptz '2024-02-20 21:00Z' as known_at,
    timestamptz '2024-02-14 21:00Z' as reported_at,
    3 as balance,
    0.75 as balance_pr,
    12 as n_obs,
    true as is_few_managers,
    true as is_few_reports;
-- expect: symbol, component, x, pr, n_obs, s, has_flags, flags
values
('SHORT', 'dp', 1, 0.5, 19, null, false, []),
('SHORT', 'inst', null, null, 0, null, false, []),
('SHORT', 'insider', null, null, 0, null, false, []),
('SHORT', 'blocks', null, null, 0, null, false, []),
('SHORT', 'unusual', null, null, 0, null, false, []),
('SHORT', 'flow', null, null, 0, null, false, []),
('FLAG', 'dp', 1, 0.5, 20, null, true, ['few_sided']),
('FLAG', 'inst', 3, 0.75, 12, null, true, ['few_managers', 'few_reports']),
('FLAG', 'insider', -1, 0.5, 20, null, true, ['odd_price']),
('FLAG', 'blocks', null, null, 0, null, false, []),
('FLAG', 'unusual', null, null, 0, null, false, []),
('FLAG', 'flow', null, null, 0, null, false, []);

-- case: quarters and insiders age by days, and what is old stays as long as it says anything
-- span: 2024-03-02 2024-03-03
-- given: features.institutional_balance
select *
from (
    values
    ('QTR', '2023-12-31', '2024-02-14 21:00Z', '2024-01-16 21:00Z', 2, 0.9, 12),
    ('QTR', '2023-12-31', '2024-03-02 02:01Z', '2024-02-20 21:00Z', -2, 0.9, 12),
    ('THREE', '2023-12-31', '2024-02-14 21:00Z', '2024-01-16 21:00Z', 2, 0.9, 3),
    ('OLD', '2023-08-13', '2023-11-14 21:00Z', '2023-11-14 21:00Z', 2, 0.9, 12)
) as given (symbol, period_end, known_at, reported_at, balance, balance_pr, n_obs);
-- given: features.insider_balance
select
    'QTR' as symbol,
    sessions.sequence as place,
    sessions.closes_at + interval 5 hours as known_at,
    timestamptz '2024-02-01 01:00Z' as newest_at,
    -sessions.sequence as balance
from curated.us_sessions as sessions
where sessions.session_date between '2024-02-01' and '2024-03-01';
-- given: features.option_session_unusual
select
    'QTR' as underlying,
    sessions.sequence as place,
    sessions.closes_at as known_at,
    100 as n_obs,
    given.unusual,
    given.net_sign
from (values (60, -1, '2024-02-28'), (90, 1, '2024-02-23')) as given (unusual, net_sign, day)
inner join curated.us_sessions as sessions on cast(given.day as date) = sessions.session_date;
-- expect: symbol, component, x, s, component_at, age_days, freshness
values
('QTR', 'inst', 2, 0.675, timestamptz '2024-02-14 21:00Z', 45, 0.5),
('QTR', 'insider', -8606, -0.5, '2024-02-01 01:00Z', 30, 0.5),
('QTR', 'unusual', -0.6, -0.5, '2024-02-28 21:00Z', 2, 0.25),
('QTR', 'dp', null, null, null, null, null),
('QTR', 'blocks', null, null, null, null, null),
('QTR', 'flow', null, null, null, null, null),
('THREE', 'inst', 2, null, '2024-02-14 21:00Z', 45, 0.5),
('THREE', 'insider', null, null, null, null, null),
('THREE', 'unusual', null, null, null, null, null),
('THREE', 'dp', null, null, null, null, null),
('THREE', 'blocks', null, null, null, null, null),
('THREE', 'flow', null, null, null, null, null),
('OLD', 'inst', null, null, null, null, null),
('OLD', 'insider', null, null, null, null, null),
('OLD', 'unusual', null, null, null, null, null),
('OLD', 'dp', null, null, null, null, null),
('OLD', 'blocks', null, null, null, null, null),
('OLD', 'flow', null, null, null, null, null);

-- case: a stock is there for 252 sessions after anything was told of it, and no longer
-- span: 2024-03-02 2024-03-03
-- given: features.off_exchange_balance
select
    given.symbol,
    sessions.sequence as place,
    sessions.closes_at + interval 5 hours as known_at,
    sessions.closes_at + interval 255 minutes as told_at,
    1 as balance
from (values ('LAST', 251), ('GONE', 253)) as given (symbol, n_back)
inner join curated.us_sessions as sessions
    on sessions.sequence = (
        select us.sequence from curated.us_sessions as us
        where us.session_date = '2024-03-01'
    ) - given.n_back;
-- expect: symbol, component, s
select
    'LAST' as symbol,
    kinds.component,
    null as s
from (
    values ('dp'), ('inst'), ('insider'), ('blocks'), ('unusual'), ('flow')
) as kinds (component);

-- case: a figure of five sessions ago is none of this one, and before it is told there is no row
-- span: 2024-02-29 2024-03-02T02:00Z
-- given: features.option_session_flow
select
    'KILO' as underlying,
    sessions.sequence as place,
    sessions.closes_at as known_at,
    0.5 as balance
from curated.us_sessions as sessions
where sessions.session_date between '2023-12-01' and '2024-02-23';
-- expect: session_date, component, s, age_days
select
    given.session_date,
    kinds.component,
    case when kinds.component = 'flow' then given.s end as s,
    case when kinds.component = 'flow' then given.age_days end as age_days
from (
    values ('2024-02-28', round(0.5 * 56 / 76, 9), 3), ('2024-02-29', round(0.5 * 56 / 76, 9), 4)
) as given (session_date, s, age_days)
cross join (
    values ('dp'), ('inst'), ('insider'), ('blocks'), ('unusual'), ('flow')
) as kinds (component);
