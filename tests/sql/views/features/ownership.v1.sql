-- default: cusip = 'A', ticker = 'AAA', period_end = '2024-06-30', session_date = '2024-08-15'
-- default: known_at = '2024-08-15 20:00Z', n_holders = 5, symbol = 'AAA'

-- case: the rule book's share of a company, and its concentration from five holders on
-- given: features.holder_sessions
select *
from (
    values
    ('A', 4, 60_000_000, 0.3, 30_000_000),
    ('B', 5, 60_000_000, 0.3, 30_000_000)
) as given (cusip, n_holders, shares_held, holder_hhi, hedge_shares);
-- given: curated.shares_outstanding
select
    '2024-07-20' as as_of_date,
    100_000_000 as shares,
    '2024-07-25 20:00Z' as known_at;
-- expect: cusip, inst_own_pct, shares_outstanding, holder_hhi, holder_eff_n, hf_own_pct
values
('A', 60, 100_000_000, null, null, 30),
('B', 60, 100_000_000, 0.3, 3.333333, 30);

-- case: only a count that was known, stood and is not too old counts, the newest of them
-- given: features.holder_sessions
select *
from (
    values
    ('A', 'AAA', 110),
    ('B', 'BBB', 50),
    ('C', null, 50)
) as given (cusip, ticker, shares_held);
-- given: curated.shares_outstanding
select *
from (
    values
    ('AAA', '2024-03-01', 50, '2024-03-05 20:00Z', null),
    ('AAA', '2024-06-01', 70, '2024-06-05 20:00Z', '2024-06-06 20:00Z'),
    ('AAA', '2024-06-01', 100, '2024-06-06 20:00Z', null),
    ('AAA', '2024-07-01', 70, '2024-08-15 20:01Z', null),
    ('BBB', '2023-05-20', 70, '2023-05-25 20:00Z', null)
) as given (symbol, as_of_date, shares, known_at, withdrawn_at);
-- expect: cusip, inst_own_pct
values
('A', 110),
('B', null),
('C', null);

-- case: breadth is new less sold out, of all that held it in either quarter
-- given: features.holder_sessions
select *
from (
    values
    ('A', 12, 4, 68),
    ('B', 0, 0, 0)
) as given (cusip, n_new, n_sold_out, n_prev_holders);
-- expect: cusip, d_breadth
values
('A', 0.1),
('B', null);

-- case: a percentile across securities that five hold or held, in the session that counts
-- param: min_securities = 4
-- given: features.holder_sessions
select *
from (
    values
    ('A', 0, 0, 100, true, '2024-08-15'),
    ('B', 10, 0, 90, true, '2024-08-15'),
    ('C', 20, 10, 80, true, '2024-08-15'),
    ('D', 20, 0, 80, true, '2024-08-15'),
    ('few', 3, 0, 1, true, '2024-08-15'),
    ('D', 30, 0, 80, false, '2024-08-16')
) as given (cusip, n_new, n_sold_out, n_prev_holders, is_first_settled, session_date);
-- expect: cusip, session_date, d_breadth_pr, n_securities
values
('A', '2024-08-15', 0.125, 4),
('B', '2024-08-15', 0.5, 4),
('C', '2024-08-15', 0.5, 4),
('D', '2024-08-15', 0.875, 4),
('few', '2024-08-15', null, null),
('D', '2024-08-16', null, null);

-- case: below twenty securities nothing is the widest of them
-- given: features.holder_sessions
select
    'A' as cusip,
    5 as n_new,
    0 as n_sold_out,
    5 as n_prev_holders,
    true as is_first_settled;
-- expect: d_breadth, d_breadth_pr, n_securities
values (0.5, null, 1);
