-- default: cusip = 'A', ticker = 'AAA', period_end = '2024-06-30', session_date = '2024-08-14'
-- default: known_at = '2024-08-14 20:00Z', is_settled = true, is_first_settled = true
-- default: n_compared = 9, prev_shares = 1_000, coverage_frac = 0.9

-- case: the rule book's labels, with a dead band
-- given: features.holder_sessions
select *
from (
    values
    ('A', 10_000, 150),
    ('B', 10_000, 210),
    ('C', 10_000, 5),
    ('D', 10_000, -210),
    ('E', 10_000, -11),
    ('F', 10_000, 10),
    ('G', 10_000, 200),
    ('H', 0, 200)
) as given (cusip, prev_shares, d_shares);
-- expect: cusip, net_change_pct, flow_label
values
('A', 1.5, 'inflow'),
('B', 2.1, 'strong_inflow'),
('C', 0.05, 'neutral'),
('D', -2.1, 'strong_outflow'),
('E', -0.11, 'outflow'),
('F', 0.1, 'neutral'),
('G', 2, 'inflow'),
('H', null, null);

-- case: kinds of managers apart, and what the evidence is worth after 45 days
-- given: features.holder_sessions
select *
from (
    values
    ('A', 0.9, true, 20, 1_000, 0, 500, 30, 0, 10),
    ('B', null, true, 20, 1_000, -5, 500, 30, 100, 10),
    ('C', 0.5, false, 20, 1_000, -5, 500, 30, 100, 10)
) as given (
    cusip, coverage_frac, is_settled, active_d_shares, active_prev_shares, index_d_shares,
    index_prev_shares, quant_d_shares, quant_prev_shares, net_flow_usd
);
-- expect: cusip, active_net_change_pct, index_net_change_pct, quant_net_change_pct,
--     is_preliminary, freshness, confidence
values
('A', 2, 0, null, false, 0.5, 0.45),
('B', 2, -1, 30, false, 0.5, 0.5),
('C', 2, -1, 30, true, 0.5, 0.25);

-- case: nobody that reported both quarters, no flow
-- given: features.holder_sessions
select 0 as n_compared;
-- expect: nothing

-- case: twenty quarters make a percentile of the size; what counts of each is when it was settled
-- given: features.holder_sessions
select
    given.cusip,
    cast(date '2024-06-30' - to_months(3 * numbers.n) as date) as period_end,
    cast(date '2024-08-14' - to_months(3 * numbers.n) as date) as session_date,
    timestamptz '2024-08-14 20:00Z' - to_months(3 * numbers.n) as known_at,
    case when numbers.n = 0 then given.newest when numbers.n % 2 = 0 then 10 else -20 end
        as d_shares,
    true as is_first_settled
from (
    values
    ('A', 21, 30),
    ('B', 21, -20),
    ('C', 20, 30)
) as given (cusip, n_quarters, newest)
inner join range(99) as numbers (n) on given.n_quarters > numbers.n
union all
select
    'A' as cusip,
    date '2024-03-31' as period_end,
    date '2024-05-20' as session_date,
    timestamptz '2024-05-20 20:00Z' as known_at,
    900 as d_shares,
    false as is_first_settled;
-- expect: cusip, period_end, d_shares, n_obs, net_change_pr
select
    given.cusip,
    cast(date '2024-06-30' - to_months(3 * numbers.n) as date) as period_end,
    case when numbers.n = 0 then given.newest when numbers.n % 2 = 0 then 10 else -20 end
        as d_shares,
    given.n_quarters - 1 - numbers.n as n_obs,
    case when numbers.n = 0 then given.pr end as net_change_pr
from (
    values
    ('A', 21, 30, 1),
    ('B', 21, -20, 0.75),
    ('C', 20, 30, null)
) as given (cusip, n_quarters, newest, pr)
inner join range(99) as numbers (n) on given.n_quarters > numbers.n
union all
select
    'A' as cusip,
    date '2024-03-31' as period_end,
    900 as d_shares,
    19 as n_obs,
    null as net_change_pr;

-- case: a score may shrink the percentile of any history, so it is told from one quarter on
-- given: features.holder_sessions
select *
from (
    values
    (date '2024-03-31', date '2024-05-15', '2024-05-15 20:00Z', 10),
    (date '2024-06-30', date '2024-08-14', '2024-08-14 20:00Z', -10)
) as given (period_end, session_date, known_at, d_shares);
-- expect: period_end, n_obs, net_change_pr, net_change_rank
values
('2024-03-31', 0, null, null),
('2024-06-30', 1, null, 0.5);
