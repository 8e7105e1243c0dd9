-- default: cik = '0001234567', manager = 'Line LLC', form_type = '13F-HR'
-- default: report_type = '13F HOLDINGS REPORT', amendment_kind = 'ORIGINAL'
-- default: cusip = '037833100', issuer = 'APPLE INC', share_type = 'SH', line = 1

-- case: what is bought, sold, opened, closed and kept, with the price's part and the trade's
-- given: curated.filings
select *
from (
    values
    ('march', '2024-03-31', '2024-05-10 20:00Z', '2024-04-01 04:00Z'),
    ('june', '2024-06-30', '2024-08-10 20:00Z', '2024-07-01 04:00Z')
) as given (accession_no, period_end, known_at, period_ended_at);
-- given: curated.holdings
select *
from (
    values
    ('march', '2024-03-31', '2024-05-10 20:00Z', 'BOUGHT000', 100, 1_000),
    ('june', '2024-06-30', '2024-08-10 20:00Z', 'BOUGHT000', 150, 3_000),
    ('march', '2024-03-31', '2024-05-10 20:00Z', 'SOLD00000', 200, 4_000),
    ('june', '2024-06-30', '2024-08-10 20:00Z', 'SOLD00000', 100, 1_000),
    ('march', '2024-03-31', '2024-05-10 20:00Z', 'CLOSED000', 50, 5_000),
    ('june', '2024-06-30', '2024-08-10 20:00Z', 'OPENED000', 30, 6_000),
    ('march', '2024-03-31', '2024-05-10 20:00Z', 'KEPT00000', 1_000, 10_000),
    ('june', '2024-06-30', '2024-08-10 20:00Z', 'KEPT00000', 1_005, 10_000),
    ('march', '2024-03-31', '2024-05-10 20:00Z', 'MOVED0000', 1_000, 0),
    ('june', '2024-06-30', '2024-08-10 20:00Z', 'MOVED0000', 1_006, 0)
) as given (accession_no, period_end, known_at, cusip, shares, value_usd);
-- expect: cusip, s0, s1, change, change_frac, value0_usd, value1_usd, value_change_usd,
--     trade_effect_usd, price_effect_usd, portfolio_frac, previous_portfolio_frac
values
('BOUGHT000', 100, 150, 'increased', 0.5, 1_000, 3_000, 2_000, 750, 1_250, 0.15, 0.05),
('SOLD00000', 200, 100, 'decreased', -0.5, 4_000, 1_000, -3_000, -1_500, -1_500, 0.05, 0.2),
('CLOSED000', 50, 0, 'sold_out', -1, 5_000, 0, -5_000, -5_000, 0, 0, 0.25),
('OPENED000', 0, 30, 'new', null, 0, 6_000, 6_000, 6_000, 0, 0.3, 0),
(
    'KEPT00000', 1_000, 1_005, 'unchanged', 0.005, 10_000, 10_000, 0,
    49.875622, -49.875622, 0.5, 0.5
),
('MOVED0000', 1_000, 1_006, 'increased', 0.006, 0, 0, 0, 0, 0, 0, 0);

-- case: rows of one security add up; puts, calls and principal are securities of their own
-- given: curated.filings
select *
from (
    values
    ('march', '2024-03-31', '2024-05-10 20:00Z', '2024-04-01 04:00Z'),
    ('june', '2024-06-30', '2024-08-10 20:00Z', '2024-07-01 04:00Z')
) as given (accession_no, period_end, known_at, period_ended_at);
-- given: curated.holdings
select *
from (
    values
    ('march', '2024-03-31', '2024-05-10 20:00Z', 1, null, 'SH', 100),
    ('june', '2024-06-30', '2024-08-10 20:00Z', 1, null, 'SH', 70),
    ('june', '2024-06-30', '2024-08-10 20:00Z', 2, null, 'SH', 80),
    ('june', '2024-06-30', '2024-08-10 20:00Z', 3, 'put', 'SH', 10),
    ('june', '2024-06-30', '2024-08-10 20:00Z', 4, 'call', 'SH', 20),
    ('march', '2024-03-31', '2024-05-10 20:00Z', 2, null, 'PRN', 1_000)
) as given (accession_no, period_end, known_at, line, put_call, share_type, shares);
-- expect: put_call, share_type, s0, s1, change
values
(null, 'SH', 100, 150, 'increased'),
('put', 'SH', 0, 10, 'new'),
('call', 'SH', 0, 20, 'new'),
(null, 'PRN', 1_000, 0, 'sold_out');

-- case: a change is known with the later table, and says both filings and what it is called
-- given: curated.filings
select *
from (
    values
    ('june', '2024-06-30', '2024-08-10 20:00Z', '2024-07-01 04:00Z', '13F HOLDINGS REPORT'),
    ('march', '2024-03-31', '2024-09-01 20:00Z', '2024-04-01 04:00Z', '13F COMBINATION REPORT')
) as given (accession_no, period_end, known_at, period_ended_at, report_type);
-- given: curated.holdings
select *
from (
    values
    ('june', '2024-06-30', '2024-08-10 20:00Z', 'AAPL', 'APPLE INC', 100),
    ('march', '2024-03-31', '2024-09-01 20:00Z', 'APPL', 'Apple', 100)
) as given (accession_no, period_end, known_at, ticker, issuer, shares);
-- expect: cik, manager, period_end, previous_period_end, ticker, issuer, known_at, withdrawn_at,
--     change, is_partial, accession_no, previous_accession_no, period_ended_at
values (
    '0001234567', 'Line LLC', '2024-06-30', '2024-03-31', 'AAPL', 'APPLE INC',
    '2024-09-01 20:00Z', null, 'unchanged', true, 'june', 'march', '2024-07-01 04:00Z'
);

-- case: only the quarter before counts, only if reported, and only true quarter ends
-- given: curated.filings
select
    given.*,
    filed.*
from (
    values
    ('skips', '1', '2024-03-31', '13F-HR', 'ORIGINAL'),
    ('a quarter', '1', '2024-09-30', '13F-HR', 'ORIGINAL'),
    ('notice', '2', '2024-03-31', '13F-NT', 'ORIGINAL'),
    ('report', '2', '2024-06-30', '13F-HR', 'ORIGINAL'),
    ('no base', '3', '2024-03-31', '13F-HR/A', 'NEW HOLDINGS'),
    ('base', '3', '2024-06-30', '13F-HR', 'ORIGINAL'),
    ('odd day', '4', '2024-03-29', '13F-HR', 'ORIGINAL'),
    ('another', '4', '2024-06-29', '13F-HR', 'ORIGINAL')
) as given (accession_no, cik, period_end, form_type, amendment_kind)
cross join (values ('2024-11-10 20:00Z')) as filed (known_at);
-- given: curated.holdings
select
    given.*,
    filed.*
from (
    values
    ('skips', '1', '2024-03-31'),
    ('a quarter', '1', '2024-09-30'),
    ('report', '2', '2024-06-30'),
    ('no base', '3', '2024-03-31'),
    ('base', '3', '2024-06-30'),
    ('odd day', '4', '2024-03-29'),
    ('another', '4', '2024-06-29')
) as given (accession_no, cik, period_end)
cross join (values ('2024-11-10 20:00Z', 100)) as filed (known_at, shares);
-- expect: nothing

-- case: who reports an empty table has sold everything
-- given: curated.filings
select *
from (
    values
    ('september', '2023-09-30', '2023-11-10 20:00Z'),
    ('december', '2023-12-31', '2024-02-10 20:00Z')
) as given (accession_no, period_end, known_at);
-- given: curated.holdings
select
    'september' as accession_no,
    '2023-09-30' as period_end,
    '2023-11-10 20:00Z' as known_at,
    100 as shares;
-- expect: period_end, previous_period_end, s0, s1, change, known_at, portfolio_frac
values ('2023-12-31', '2023-09-30', 100, 0, 'sold_out', '2024-02-10 20:00Z', null);

-- case: new holdings and restatements of either quarter make new versions
-- given: curated.filings
select *
from (
    values
    ('march', '2024-03-31', 'ORIGINAL', '2024-05-10 20:00Z', '2024-09-01 20:00Z'),
    ('june', '2024-06-30', 'ORIGINAL', '2024-08-10 20:00Z', null),
    ('added', '2024-06-30', 'NEW HOLDINGS', '2024-08-20 20:00Z', null),
    ('restated', '2024-03-31', 'RESTATEMENT', '2024-09-01 20:00Z', null)
) as given (accession_no, period_end, amendment_kind, known_at, withdrawn_at);
-- given: curated.holdings
select *
from (
    values
    ('march', '2024-03-31', 'ORIGINAL', '2024-05-10 20:00Z', '2024-09-01 20:00Z', 100),
    ('june', '2024-06-30', 'ORIGINAL', '2024-08-10 20:00Z', null, 150),
    ('added', '2024-06-30', 'NEW HOLDINGS', '2024-08-20 20:00Z', null, 10),
    ('restated', '2024-03-31', 'RESTATEMENT', '2024-09-01 20:00Z', null, 160)
) as given (accession_no, period_end, amendment_kind, known_at, withdrawn_at, shares);
-- expect: s0, s1, change, known_at, withdrawn_at, previous_accession_no
values
(100, 150, 'increased', '2024-08-10 20:00Z', '2024-08-20 20:00Z', 'march'),
(100, 160, 'increased', '2024-08-20 20:00Z', '2024-09-01 20:00Z', 'march'),
(160, 160, 'unchanged', '2024-09-01 20:00Z', null, 'restated');

-- case: a line that is corrected by itself makes a new version
-- given: curated.filings
select *
from (
    values
    ('march', '2024-03-31', '2024-05-10 20:00Z'),
    ('june', '2024-06-30', '2024-08-10 20:00Z')
) as given (accession_no, period_end, known_at);
-- given: curated.holdings
select *
from (
    values
    ('march', '2024-03-31', '2024-05-10 20:00Z', null, 100),
    ('june', '2024-06-30', '2024-08-10 20:00Z', '2024-08-11 20:00Z', 1_000),
    ('june', '2024-06-30', '2024-08-11 20:00Z', null, 100)
) as given (accession_no, period_end, known_at, withdrawn_at, shares);
-- expect: s1, change, known_at, withdrawn_at
values
(1_000, 'increased', '2024-08-10 20:00Z', '2024-08-11 20:00Z'),
(100, 'unchanged', '2024-08-11 20:00Z', null);

-- case: without shares on either side there is no price
-- given: curated.filings
select *
from (
    values
    ('march', '2024-03-31', '2024-05-10 20:00Z'),
    ('june', '2024-06-30', '2024-08-10 20:00Z')
) as given (accession_no, period_end, known_at);
-- given: curated.holdings
select
    *,
    0 as shares,
    0 as value_usd
from (
    values
    ('march', '2024-03-31', '2024-05-10 20:00Z'),
    ('june', '2024-06-30', '2024-08-10 20:00Z')
) as given (accession_no, period_end, known_at);
-- expect: change, change_frac, trade_effect_usd, price_effect_usd, portfolio_frac
values ('unchanged', null, null, null, null);

-- case: a bound that is a parameter moves
-- param: max_unchanged_frac = 0.1
-- given: curated.filings
select *
from (
    values
    ('march', '2024-03-31', '2024-05-10 20:00Z'),
    ('june', '2024-06-30', '2024-08-10 20:00Z')
) as given (accession_no, period_end, known_at);
-- given: curated.holdings
select *
from (
    values
    ('march', '2024-03-31', '2024-05-10 20:00Z', 'A00000000', 100),
    ('june', '2024-06-30', '2024-08-10 20:00Z', 'A00000000', 90),
    ('march', '2024-03-31', '2024-05-10 20:00Z', 'B00000000', 100),
    ('june', '2024-06-30', '2024-08-10 20:00Z', 'B00000000', 89)
) as given (accession_no, period_end, known_at, cusip, shares);
-- expect: cusip, change
values
('A00000000', 'unchanged'),
('B00000000', 'decreased');
