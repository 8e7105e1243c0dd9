-- default: cusip = 'A', ticker = 'AAA', issuer = 'A INC', period_end = '2024-06-30'
-- default: share_type = 'SH', d_frac_scale = 0.1, is_active = false
-- default: portfolio_frac = 0.1, prev_portfolio_frac = 0.1, coverage_frac = 0.5

-- case: positions add up as they become known, and versions take each other's place
-- given: features.holder_positions
select *
from (
    values
    ('1', '2024-07-02 12:00Z', null, 40, null, 400, null),
    ('2', '2024-07-02 20:00Z', '2024-07-05 12:00Z', 30, 0, 300, 300),
    ('2', '2024-07-05 12:00Z', null, 20, 0, 200, 200),
    ('3', '2024-07-02 20:01Z', null, 0, 50, 0, -500),
    ('4', '2024-07-05 12:00Z', null, 60, 50, 600, 100)
) as given (
    cik, known_at, withdrawn_at, shares, prev_shares, value_usd, trade_effect_usd
);
-- given: features.manager_reports
select *
from (
    values
    ('1', '2024-07-02 12:00Z', null),
    ('2', '2024-07-02 20:00Z', '2024-07-05 12:00Z'),
    ('2', '2024-07-05 12:00Z', null),
    ('3', '2024-07-02 20:01Z', null),
    ('4', '2024-07-05 12:00Z', null)
) as given (cik, known_at, withdrawn_at);
-- given: features.report_coverage
select *
from (
    values
    ('2024-07-02', '2024-07-02 20:00Z', false, false),
    ('2024-07-03', '2024-07-03 17:00Z', false, false),
    ('2024-07-05', '2024-07-05 20:00Z', true, true)
) as given (session_date, known_at, is_settled, is_first_settled);
-- given: curated.us_sessions
select session_date, sequence, closes_at from curated.us_sessions;
-- expect: session_date, known_at, n_holders, shares_held, value_usd, holder_hhi, n_compared,
--     n_prev_holders, n_new, n_sold_out, prev_shares, d_shares, net_flow_usd, is_settled,
--     is_first_settled
values
(
    '2024-07-02', '2024-07-02 20:00Z', 2, 70, 700, 0.510204082, 1, 0, 1, 0, 0, 30, 300, false,
    false
),
(
    '2024-07-03', '2024-07-03 17:00Z', 2, 70, 700, 0.510204082, 2, 1, 1, 1, 50, -20, -200, false,
    false
),
(
    '2024-07-05', '2024-07-05 20:00Z', 3, 120, 1_200, 0.388888889, 3, 2, 1, 1, 100, -20, -200,
    true, true
);

-- case: the rule book's concentration: parts of 0.4, 0.3, 0.2 and 0.1 have 0.3
-- given: features.holder_positions
select
    *,
    '2024-07-02 12:00Z' as known_at
from (
    values
    ('1', 400),
    ('2', 300),
    ('3', 200),
    ('4', 100)
) as given (cik, shares);
-- given: features.manager_reports
select
    *,
    '2024-07-02 12:00Z' as known_at
from (values ('1'), ('2'), ('3'), ('4')) as given (cik);
-- given: curated.us_sessions
select session_date, sequence, closes_at from curated.us_sessions;
-- expect: n_holders, shares_held, holder_hhi
values (4, 1_000, 0.3);

-- case: kinds of managers are told apart; puts, calls and principal are no shares held
-- given: features.holder_positions
select
    *,
    '2024-07-02 12:00Z' as known_at
from (
    values
    ('index', null, 'SH', 110, 100, 0.1, 0.1),
    ('quant', null, 'SH', 120, 100, 0.1, 0.1),
    ('active', null, 'SH', 130, 100, 0.3, 0.1),
    ('hedge', null, 'SH', 140, 100, 0.15, 0.1),
    ('none', null, 'SH', 150, 100, 0.9, 0.1),
    ('active', 'put', 'SH', 7, 0, 0.9, 0),
    ('active', 'call', 'SH', 8, 0, 0.9, 0),
    ('active', null, 'PRN', 9, 0, 0.9, 0)
) as given (cik, put_call, share_type, shares, prev_shares, portfolio_frac, prev_portfolio_frac);
-- given: features.manager_reports
select
    *,
    '2024-07-02 12:00Z' as known_at
from (
    values
    ('index', 'index', false),
    ('quant', 'quant', false),
    ('active', 'active', true),
    ('hedge', 'hedge', true),
    ('none', null, false)
) as given (cik, manager_type, is_active);
-- given: curated.us_sessions
select session_date, sequence, closes_at from curated.us_sessions;
-- expect: shares_held, put_shares, call_shares, d_shares, index_prev_shares, index_d_shares,
--     quant_prev_shares, quant_d_shares, active_prev_shares, active_d_shares, n_active,
--     d_weight_sum, hedge_shares, n_hedge_holders, is_settled, is_first_settled
values (650, 7, 8, 150, 100, 10, 100, 20, 200, 70, 2, 2.5, 140, 1, true, false);

-- case: a security without news has a row where the quarter begins to count, and none before it
-- given: features.holder_positions
select *
from (
    values
    ('A', '1', '2024-07-02 12:00Z', 40),
    ('B', '2', '2024-07-08 12:00Z', 30)
) as given (cusip, cik, known_at, shares);
-- given: features.manager_reports
select *
from (
    values
    ('1', '2024-07-02 12:00Z'),
    ('2', '2024-07-08 12:00Z')
) as given (cik, known_at);
-- given: features.report_coverage
select
    '2024-07-05' as session_date,
    '2024-07-05 20:00Z' as known_at,
    true as is_settled,
    true as is_first_settled;
-- given: curated.us_sessions
select session_date, sequence, closes_at from curated.us_sessions;
-- expect: cusip, ticker, session_date, shares_held, is_first_settled
values
('A', 'AAA', '2024-07-02', 40, false),
('A', 'AAA', '2024-07-05', 40, true),
('B', 'AAA', '2024-07-08', 30, false);

-- case: a session that is not over is not told
-- span: 2024-07-01 2024-07-02T20:00Z
-- given: features.holder_positions
select
    '1' as cik,
    '2024-07-02 12:00Z' as known_at,
    40 as shares;
-- given: features.manager_reports
select
    '1' as cik,
    '2024-07-02 12:00Z' as known_at;
-- given: curated.us_sessions
select session_date, sequence, closes_at from curated.us_sessions;
-- expect: nothing
