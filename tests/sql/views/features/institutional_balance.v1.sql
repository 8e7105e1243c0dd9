-- default: ticker = 'AAA', cusip = 'A', period_end = '2024-06-30', session_date = '2024-08-14'
-- default: known_at = '2024-08-14 20:00Z', is_preliminary = false, n_compared = 9
-- default: prev_shares = 1_000, net_change_pct = 1.5, net_change_rank = 0.5, n_obs = 12
-- default: form_type = '13F-HR', amendment_kind = 'ORIGINAL'

-- case: news of the newest quarter that counts, and not of one before it
-- span: 2024-05-20 2024-08-30
-- given: features.institutional_flow
select *
from (
    values
    ('2024-03-31', '2024-05-20 20:00Z', false, 1),
    ('2024-06-30', '2024-08-13 20:00Z', true, 7),
    ('2024-06-30', '2024-08-14 20:00Z', false, 2),
    ('2024-03-31', '2024-08-15 20:00Z', false, 3),
    ('2024-06-30', '2024-08-16 20:00Z', false, 4)
) as given (period_end, known_at, is_preliminary, net_change_pct);
-- expect: symbol, period_end, known_at, balance, balance_pr, n_obs, is_few_managers,
--     is_few_reports
values
('AAA', '2024-03-31', '2024-05-20 20:00Z', 1, 0.5, 12, false, false),
('AAA', '2024-06-30', '2024-08-14 20:00Z', 2, 0.5, 12, false, false),
('AAA', '2024-06-30', '2024-08-16 20:00Z', 4, 0.5, 12, false, false);

-- case: half of the quarter's reports had come by then, each counted by its first
-- span: 2024-08-01 2024-08-30
-- given: features.institutional_flow
select *
from (
    values
    ('2024-08-14', '2024-08-14 20:00Z'),
    ('2024-08-16', '2024-08-16 20:00Z')
) as given (session_date, known_at);
-- given: curated.filings
select
    *,
    date '2024-06-30' as period_end
from (
    values
    ('1', '13F-HR', 'ORIGINAL', '2024-08-02 12:00Z'),
    ('1', '13F-HR/A', 'RESTATEMENT', '2024-08-14 12:00Z'),
    ('2', '13F-HR', 'ORIGINAL', '2024-08-12 12:00Z'),
    ('3', '13F-HR', 'ORIGINAL', '2024-08-14 12:00Z'),
    ('4', '13F-HR', 'ORIGINAL', '2024-08-16 12:00Z'),
    ('5', '13F-HR', 'ORIGINAL', '2024-08-16 20:00Z'),
    ('6', '13F-HR/A', 'NEW HOLDINGS', '2024-08-01 12:00Z'),
    ('7', '13F-NT', 'ORIGINAL', '2024-08-01 12:00Z')
) as given (cik, form_type, amendment_kind, known_at);
-- expect: session_date, reported_at
values
('2024-08-14', '2024-08-12 12:00Z'),
('2024-08-16', '2024-08-14 12:00Z');

-- case: a change of one or two managers says so, and so does a quarter of which half is missing
-- span: 2024-08-01 2024-08-30
-- given: features.institutional_flow
select *
from (
    values
    ('TWO', 2, null), ('THREE', 3, 0.5), ('HALF', 9, 0.499)
) as given (ticker, n_compared, coverage_frac);
-- expect: symbol, is_few_managers, is_few_reports
values
('TWO', true, false),
('THREE', false, false),
('HALF', false, true);

-- case: of two securities with one ticker the one that was held more, and none without a ticker
-- span: 2024-08-01 2024-08-30
-- given: features.institutional_flow
select *
from (
    values
    ('A', 'AAA', 1_000, 1), ('B', 'AAA', 2_000, 2), ('C', null, 3_000, 3)
) as given (cusip, ticker, prev_shares, net_change_pct);
-- expect: symbol, cusip, balance
values ('AAA', 'B', 2);
