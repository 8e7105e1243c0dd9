-- default: cik = '0001234567', manager = 'Line LLC', form_type = '13F-HR'
-- default: report_type = '13F HOLDINGS REPORT', amendment_kind = 'ORIGINAL'
-- default: cusip = '037833100', issuer = 'APPLE INC', share_type = 'SH', line = 1
-- default: action = 'split'

-- case: original, new holdings, restatement, new holdings: each moment has the rule book's table
-- given: curated.filings
select
    given.*,
    quarter_ends.*
from (
    values
    ('first', 'ORIGINAL', '2024-05-10 20:00Z', '2024-08-01 20:00Z'),
    ('added', 'NEW HOLDINGS', '2024-06-20 20:00Z', '2024-08-01 20:00Z'),
    ('restated', 'RESTATEMENT', '2024-08-01 20:00Z', null),
    ('added more', 'NEW HOLDINGS', '2024-09-01 20:00Z', null)
) as given (accession_no, amendment_kind, known_at, withdrawn_at)
cross join (values (date '2024-03-31')) as quarter_ends (period_end);
-- given: curated.holdings
select
    given.*,
    quarter_ends.*
from (
    values
    ('A', 100, '2024-05-10 20:00Z', '2024-08-01 20:00Z'),
    ('B', 50, '2024-05-10 20:00Z', '2024-08-01 20:00Z'),
    ('C', 30, '2024-06-20 20:00Z', '2024-08-01 20:00Z'),
    ('A', 90, '2024-08-01 20:00Z', null),
    ('B', 50, '2024-08-01 20:00Z', null),
    ('C', 30, '2024-08-01 20:00Z', null),
    ('D', 10, '2024-09-01 20:00Z', null)
) as given (cusip, shares, known_at, withdrawn_at)
cross join (values (date '2024-03-31')) as quarter_ends (period_end);
-- expect: cusip, shares, known_at, withdrawn_at, prev_shares
values
('A', 100, '2024-05-10 20:00Z', '2024-06-20 20:00Z', null),
('B', 50, '2024-05-10 20:00Z', '2024-06-20 20:00Z', null),
('A', 100, '2024-06-20 20:00Z', '2024-08-01 20:00Z', null),
('B', 50, '2024-06-20 20:00Z', '2024-08-01 20:00Z', null),
('C', 30, '2024-06-20 20:00Z', '2024-08-01 20:00Z', null),
('A', 90, '2024-08-01 20:00Z', '2024-09-01 20:00Z', null),
('B', 50, '2024-08-01 20:00Z', '2024-09-01 20:00Z', null),
('C', 30, '2024-08-01 20:00Z', '2024-09-01 20:00Z', null),
('A', 90, '2024-09-01 20:00Z', null, null),
('B', 50, '2024-09-01 20:00Z', null, null),
('C', 30, '2024-09-01 20:00Z', null, null),
('D', 10, '2024-09-01 20:00Z', null, null);

-- case: what was held before is there from when both quarters are known, and gone with the older
-- given: curated.filings
select *
from (
    values
    ('june', '2024-06-30', '2024-08-10 20:00Z', null),
    ('march', '2024-03-31', '2024-09-01 20:00Z', '2024-10-01 20:00Z')
) as given (accession_no, period_end, known_at, withdrawn_at);
-- given: curated.holdings
select *
from (
    values
    ('2024-06-30', '2024-08-10 20:00Z', null, 100, 1_000),
    ('2024-03-31', '2024-09-01 20:00Z', '2024-10-01 20:00Z', 80, 400)
) as given (period_end, known_at, withdrawn_at, shares, value_usd);
-- expect: period_end, shares, prev_shares, d_shares, known_at, withdrawn_at, value_usd,
--     prev_value_usd, trade_effect_usd, portfolio_frac, prev_portfolio_frac, mean_price_usd
values
(
    '2024-06-30', 100, null, null, '2024-08-10 20:00Z', '2024-09-01 20:00Z', 1_000,
    null, null, 1, null, null
),
(
    '2024-06-30', 100, 80, 20, '2024-09-01 20:00Z', '2024-10-01 20:00Z', 1_000,
    400, 150, 1, 1, 7.5
),
(
    '2024-06-30', 100, null, null, '2024-10-01 20:00Z', null, 1_000, null, null, 1, null, null
),
(
    '2024-03-31', 80, null, null, '2024-09-01 20:00Z', '2024-10-01 20:00Z', 400,
    null, null, 1, null, null
);

-- case: splits of the quarter alone count, by the ticker of its end, and once they are known
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
    ('2024-03-31', '2024-05-10 20:00Z', 'TWICE0000', 'TWO', 'SH', 30),
    ('2024-06-30', '2024-08-10 20:00Z', 'TWICE0000', 'TWO', 'SH', 90),
    ('2024-03-31', '2024-05-10 20:00Z', 'BEFORE000', 'BEF', 'SH', 30),
    ('2024-06-30', '2024-08-10 20:00Z', 'BEFORE000', 'BEF', 'SH', 30),
    ('2024-03-31', '2024-05-10 20:00Z', 'AFTER0000', 'AFT', 'SH', 30),
    ('2024-06-30', '2024-08-10 20:00Z', 'AFTER0000', 'AFT', 'SH', 30),
    ('2024-03-31', '2024-05-10 20:00Z', 'LATER0000', 'LAT', 'SH', 30),
    ('2024-06-30', '2024-08-10 20:00Z', 'LATER0000', 'LAT', 'SH', 60),
    ('2024-03-31', '2024-05-10 20:00Z', 'MOVED0000', 'OLD', 'SH', 30),
    ('2024-06-30', '2024-08-10 20:00Z', 'MOVED0000', 'NEW', 'SH', 45),
    ('2024-03-31', '2024-05-10 20:00Z', 'BOND00000', 'TWO', 'PRN', 30),
    ('2024-06-30', '2024-08-10 20:00Z', 'BOND00000', 'TWO', 'PRN', 30)
) as given (period_end, known_at, cusip, ticker, share_type, shares);
-- given: curated.corporate_actions
select *
from (
    values
    ('TWO', 'TWO', '2024-04-01', 6, '2024-04-01 04:00Z', null),
    ('TWO', 'TWO', '2024-06-28', 0.5, '2024-06-28 04:00Z', null),
    ('TWO', 'TWO', '2024-06-29', 9, '2024-06-28 04:00Z', '2024-07-01 04:00Z'),
    ('BEF', 'BEF', '2024-03-31', 2, '2024-03-31 04:00Z', null),
    ('AFT', 'AFT', '2024-07-01', 2, '2024-07-01 04:00Z', null),
    ('LAT', 'LAT', '2024-06-10', 2, '2024-08-11 04:00Z', null),
    ('OLD', 'old 1', '2024-05-10', 1.5, '2024-05-10 04:00Z', null)
) as given (symbol, security_id, ex_date, ratio, known_at, withdrawn_at);
-- given: curated.tickers
select *
from (
    values
    ('old 1', 'OLD', '2000-01-01', '2024-06-01', '2024-06-01 04:00Z'),
    ('old 1', 'NEW', '2024-06-01', null, '2024-06-01 04:00Z')
) as given (security_id, ticker, valid_from, valid_to, known_at);
-- expect: period_end, cusip, prev_shares, shares, split_ratio
values
('2024-06-30', 'TWICE0000', 90, 90, 3),
('2024-06-30', 'BEFORE000', 30, 30, 1),
('2024-06-30', 'AFTER0000', 30, 30, 1),
('2024-06-30', 'LATER0000', 30, 60, 1),
('2024-06-30', 'MOVED0000', 45, 45, 1.5),
('2024-06-30', 'BOND00000', 30, 30, 1),
('2024-03-31', 'TWICE0000', null, 30, 1),
('2024-03-31', 'BEFORE000', null, 30, 2),
('2024-03-31', 'AFTER0000', null, 30, 1),
('2024-03-31', 'LATER0000', null, 30, 1),
('2024-03-31', 'MOVED0000', null, 30, 1),
('2024-03-31', 'BOND00000', null, 30, 1);

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
-- expect: period_end, cusip, prev_shares, shares, prev_value_usd, value_usd, trade_effect_usd,
--     portfolio_frac, prev_portfolio_frac, previous_period_end
select *
from (
    values
    ('2024-06-30', 'BOUGHT000', 100, 150, 1_000, 3_000, 750, 0.15, 0.05, '2024-03-31'),
    ('2024-06-30', 'SOLD00000', 200, 100, 4_000, 1_000, -1_500, 0.05, 0.2, '2024-03-31'),
    ('2024-06-30', 'CLOSED000', 50, 0, 5_000, 0, -5_000, 0, 0.25, '2024-03-31'),
    ('2024-06-30', 'OPENED000', 0, 30, 0, 6_000, 6_000, 0.3, 0, '2024-03-31'),
    ('2024-06-30', 'KEPT00000', 1_000, 1_005, 10_000, 10_000, 49.875622, 0.5, 0.5, '2024-03-31'),
    ('2024-06-30', 'MOVED0000', 1_000, 1_006, 0, 0, 0, 0, 0, '2024-03-31'),
    ('2024-03-31', 'BOUGHT000', null, 100, null, 1_000, null, 0.05, null, '2023-12-31'),
    ('2024-03-31', 'SOLD00000', null, 200, null, 4_000, null, 0.2, null, '2023-12-31'),
    ('2024-03-31', 'CLOSED000', null, 50, null, 5_000, null, 0.25, null, '2023-12-31'),
    ('2024-03-31', 'KEPT00000', null, 1_000, null, 10_000, null, 0.5, null, '2023-12-31'),
    ('2024-03-31', 'MOVED0000', null, 1_000, null, 0, null, 0, null, '2023-12-31')
) as expected;

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
-- expect: period_end, put_call, share_type, prev_shares, shares
values
('2024-06-30', null, 'SH', 100, 150),
('2024-06-30', 'put', 'SH', 0, 10),
('2024-06-30', 'call', 'SH', 0, 20),
('2024-06-30', null, 'PRN', 1_000, 0),
('2024-03-31', null, 'SH', null, 100),
('2024-03-31', null, 'PRN', null, 1_000);

-- case: it says both filings, what the security is called now, and whether a part is elsewhere
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
-- expect: period_end, ticker, issuer, known_at, withdrawn_at, is_partial, accession_no,
--     previous_accession_no, period_ended_at
values
(
    '2024-06-30', 'AAPL', 'APPLE INC', '2024-08-10 20:00Z', '2024-09-01 20:00Z', false, 'june',
    null, '2024-07-01 04:00Z'
),
(
    '2024-06-30', 'AAPL', 'APPLE INC', '2024-09-01 20:00Z', null, true, 'june', 'march',
    '2024-07-01 04:00Z'
),
(
    '2024-03-31', 'APPL', 'Apple', '2024-09-01 20:00Z', null, true, 'march', null,
    '2024-04-01 04:00Z'
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
-- expect: accession_no, prev_shares, shares
values
('skips', null, 100),
('a quarter', null, 100),
('report', null, 100),
('base', null, 100);

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
-- expect: period_end, previous_period_end, prev_shares, shares, known_at, portfolio_frac
values
('2023-12-31', '2023-09-30', 100, 0, '2024-02-10 20:00Z', null),
('2023-09-30', '2023-06-30', null, 100, '2023-11-10 20:00Z', null);

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
-- expect: period_end, prev_shares, shares, known_at, withdrawn_at, previous_accession_no
values
('2024-06-30', 100, 150, '2024-08-10 20:00Z', '2024-08-20 20:00Z', 'march'),
('2024-06-30', 100, 160, '2024-08-20 20:00Z', '2024-09-01 20:00Z', 'march'),
('2024-06-30', 160, 160, '2024-09-01 20:00Z', null, 'restated'),
('2024-03-31', null, 100, '2024-05-10 20:00Z', '2024-09-01 20:00Z', null),
('2024-03-31', null, 160, '2024-09-01 20:00Z', null, null);

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
-- expect: prev_shares, shares, known_at, withdrawn_at
values
(null, 100, '2024-05-10 20:00Z', null),
(100, 1_000, '2024-08-10 20:00Z', '2024-08-11 20:00Z'),
(100, 100, '2024-08-11 20:00Z', null);
