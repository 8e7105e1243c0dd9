-- default: feed = 'given'
-- default: accession_no = 'first', cik = '0001234567', manager = 'Line LLC', form_type = '13F-HR'
-- default: report_type = '13F HOLDINGS REPORT', period_end = '2024-03-31'
-- default: filed_date = '2024-05-10', amendment_kind = 'ORIGINAL', value_total = 1_000
-- default: n_entries = 2, line = 1, cusip = '037833100', issuer = 'A', class_title = 'COM'
-- default: share_type = 'SH', shares = 10, value_reported = 1_000

-- case: a filing says its unit, its totals and the moment at which its quarter ended
-- given: raw.filings
select
    '2024-05-10 20:00Z' as known_at,
    '2024-05-10 20:00Z' as accepted_at,
    1_200 as value_total;
-- given: curated.told_holdings
select
    given.*,
    filed.*
from (
    values
    (1, 700),
    (2, 500)
) as given (line, value_reported)
cross join (values ('2024-05-10 20:00Z')) as filed (known_at);
-- expect: cik, manager, period_end, accession_no, filed_at, form_type, report_type,
--     amendment_kind, amendment_no, filed_date, accepted_at, value_unit, unit_rule, value_usd,
--     table_usd, n_entries, n_holdings, value_total, known_at, withdrawn_at, period_ended_at
values (
    '0001234567', 'Line LLC', '2024-03-31', 'first', '2024-05-10 20:00Z', '13F-HR',
    '13F HOLDINGS REPORT', 'ORIGINAL', null, '2024-05-10', '2024-05-10 20:00Z', 'usd', 'date',
    1_200, 1_200, 2, 2, 1_200, '2024-05-10 20:00Z', null, '2024-04-01 04:00Z'
);

-- case: half of the shares below a dollar mean thousands, one less does not
-- given: raw.filings
select
    given.*,
    filed.*
from (
    values
    ('half', '1'),
    ('one less', '2'),
    ('worth nothing', '3')
) as given (accession_no, cik)
cross join (values ('2024-05-10 20:00Z')) as filed (known_at);
-- given: curated.told_holdings
select
    given.*,
    filed.*
from (
    values
    ('half', 1, 10, 9),
    ('half', 2, 10, 10),
    ('one less', 1, 10, 9),
    ('one less', 2, 10, 10),
    ('one less', 3, 10, 10),
    ('worth nothing', 1, 10, 0)
) as given (accession_no, line, shares, value_reported)
cross join (values ('2024-05-10 20:00Z')) as filed (known_at);
-- expect: accession_no, value_unit, unit_rule, value_usd, table_usd
values
('half', 'thousand', 'implied_price', 1_000_000, 19_000),
('one less', 'usd', 'date', 1_000, 29),
('worth nothing', 'thousand', 'implied_price', 1_000_000, 0);

-- case: options, principal and rows without shares say nothing of the unit
-- given: raw.filings
select '2024-05-10 20:00Z' as known_at;
-- given: curated.told_holdings
select
    given.*,
    filed.*
from (
    values
    (1, 'SH', 'put', 10, 1),
    (2, 'PRN', null, 10, 1),
    (3, 'SH', null, 0, 1)
) as given (line, share_type, put_call, shares, value_reported)
cross join (values ('2024-05-10 20:00Z')) as filed (known_at);
-- expect: value_unit, unit_rule, n_holdings
values ('usd', 'date', 3);

-- case: the filing date decides where prices don't, whatever the quarter
-- given: raw.filings
select
    accession_no, filed_date,
    '2022-09-30' as period_end,
    '2023-01-03 20:00Z' as known_at,
    'cik of ' || accession_no as cik
from (
    values
    ('eve', '2023-01-02'),
    ('day', '2023-01-03')
) as given (accession_no, filed_date);
-- given: curated.told_holdings
select
    given.*,
    filed.*
from (
    values
    ('eve'),
    ('day')
) as given (accession_no)
cross join (values ('2023-01-03 20:00Z', 1_000)) as filed (known_at, shares);
-- expect: accession_no, value_unit, unit_rule, value_usd
values
('eve', 'thousand', 'date', 1_000_000),
('day', 'usd', 'date', 1_000);

-- case: bounds that are parameters move
-- param: max_price = 5
-- param: min_cheap_frac = 0.3
-- given: raw.filings
select '2024-05-10 20:00Z' as known_at;
-- given: curated.told_holdings
select
    given.*,
    filed.*
from (
    values
    (1, 49),
    (2, 50),
    (3, 50)
) as given (line, value_reported)
cross join (values ('2024-05-10 20:00Z')) as filed (known_at);
-- expect: value_unit
values ('thousand');

-- case: a later original and a restatement withdraw what stood, new holdings only add
-- given: raw.filings
select *
from (
    values
    ('first', '13F-HR', 'ORIGINAL', null, '2024-05-10 20:00Z'),
    ('second', '13F-HR', 'ORIGINAL', null, '2024-05-13 20:00Z'),
    ('added', '13F-HR/A', 'NEW HOLDINGS', 1, '2024-06-20 20:00Z'),
    ('restated', '13F-HR/A', 'RESTATEMENT', 2, '2024-08-01 20:00Z'),
    ('added more', '13F-HR/A', 'NEW HOLDINGS', 3, '2024-09-01 20:00Z')
) as given (accession_no, form_type, amendment_kind, amendment_no, known_at);
-- expect: accession_no, known_at, withdrawn_at
values
('first', '2024-05-10 20:00Z', '2024-05-13 20:00Z'),
('second', '2024-05-13 20:00Z', '2024-08-01 20:00Z'),
('added', '2024-06-20 20:00Z', '2024-08-01 20:00Z'),
('restated', '2024-08-01 20:00Z', null),
('added more', '2024-09-01 20:00Z', null);

-- case: other managers, other quarters and notices withdraw nothing
-- given: raw.filings
select *
from (
    values
    ('first', '1', '2024-03-31', '13F-HR', '2024-05-10 20:00Z'),
    ('other', '2', '2024-03-31', '13F-HR', '2024-05-13 20:00Z'),
    ('later', '1', '2024-06-30', '13F-HR', '2024-08-13 20:00Z'),
    ('notice', '1', '2024-03-31', '13F-NT', '2024-05-14 20:00Z'),
    ('again', '1', '2024-03-31', '13F-NT/A', '2024-05-15 20:00Z')
) as given (accession_no, cik, period_end, form_type, known_at);
-- expect: accession_no, withdrawn_at
values
('first', null),
('other', null),
('later', null),
('notice', '2024-05-15 20:00Z'),
('again', null);

-- case: of two accepted in one second the higher number, then the higher id, is the report
-- given: raw.filings
select
    *,
    '2024-05-10 20:00Z' as known_at,
    '2024-05-10 20:00Z' as accepted_at
from (
    values
    ('b', 'RESTATEMENT', 1),
    ('a', 'RESTATEMENT', 2),
    ('c', 'ORIGINAL', null),
    ('d', 'ORIGINAL', null)
) as given (accession_no, amendment_kind, amendment_no);
-- expect: accession_no, withdrawn_at
values ('a', null);

-- case: a report that became known after the one that replaces it never stood
-- given: raw.filings
select *
from (
    values
    ('first', '2024-05-10 20:00Z', '2024-08-02 04:00Z', 'ORIGINAL'),
    ('restated', '2024-08-01 20:00Z', '2024-08-01 20:00Z', 'RESTATEMENT')
) as given (accession_no, accepted_at, known_at, amendment_kind);
-- expect: accession_no, withdrawn_at
values ('restated', null);

-- case: a corrected row is a version of its own, and its table is read as it stood
-- given: raw.filings
select *
from (
    values
    ('Lime LLC', '2024-05-10 20:00Z'),
    ('Line LLC', '2024-05-20 20:00Z')
) as given (manager, known_at);
-- given: curated.told_holdings
select *
from (
    values
    (1, 100, '2024-05-10 20:00Z', '2024-05-20 20:00Z'),
    (1, 9, '2024-05-20 20:00Z', null),
    (2, 100, '2024-05-10 20:00Z', '2024-05-20 20:00Z')
) as given (line, value_reported, known_at, corrected_at);
-- expect: manager, filed_at, known_at, withdrawn_at, value_unit, table_usd, n_holdings
values
('Lime LLC', '2024-05-10 20:00Z', '2024-05-10 20:00Z', '2024-05-20 20:00Z', 'usd', 200, 2),
('Line LLC', '2024-05-10 20:00Z', '2024-05-20 20:00Z', null, 'thousand', 9_000, 1);

-- case: a filing that is gone is withdrawn
-- given: raw.filings
select *
from (
    values
    ('2024-05-10 20:00Z', false),
    ('2024-05-20 20:00Z', true)
) as given (known_at, is_gone);
-- expect: known_at, withdrawn_at
values ('2024-05-10 20:00Z', '2024-05-20 20:00Z');

-- case: a notice has no table and no total
-- given: raw.filings
select
    '13F-NT' as form_type,
    null as n_entries,
    null as value_total,
    '2024-05-10 20:00Z' as known_at;
-- expect: value_usd, table_usd, n_holdings, unit_rule
values (null, 0, 0, 'date');

-- case: what is known after the span is not seen, nor what it withdraws
-- span: 2024-05-01 2024-08-01
-- given: raw.filings
select *
from (
    values
    ('first', 'ORIGINAL', '2024-05-10 20:00Z'),
    ('restated', 'RESTATEMENT', '2024-08-01 00:00Z')
) as given (accession_no, amendment_kind, known_at);
-- expect: accession_no, withdrawn_at
values ('first', null);

-- case: before 2023 shares of over five thousand dollars, told in thousands, mean dollars
-- given: raw.filings
select
    '2022-12-31' as period_end, '2022-12-31' as filed_date, '2022-12-31 20:00Z' as known_at,
    accession_no, 'cik of ' || accession_no as cik
from (values ('dear'), ('one less')) as given (accession_no);
-- given: curated.told_holdings
select given.*, '2022-12-31 20:00Z' as known_at
from (
    values
    ('dear', 1, 10, 50),
    ('dear', 2, 10, 49),
    ('one less', 1, 10, 50),
    ('one less', 2, 10, 49),
    ('one less', 3, 10, 49)
) as given (accession_no, line, shares, value_reported);
-- expect: accession_no, value_unit, unit_rule, dated_unit, table_usd
values
('dear', 'usd', 'implied_price', 'thousand', 99),
('one less', 'thousand', 'date', 'thousand', 148_000);

-- case: three others' prices decide, against the date and against its own prices
-- given: raw.filings
select
    accession_no, cik, known_at, cast(known_at as date) as filed_date
from (
    values
    ('1', '1', '2024-05-01 20:00Z'),
    ('2', '2', '2024-05-02 20:00Z'),
    ('3', '3', '2024-05-03 20:00Z'),
    ('berkshire in thousands', '4', '2024-05-04 20:00Z'),
    ('pennies in dollars', '5', '2024-05-05 20:00Z'),
    ('fewer peers', '6', '2024-05-02 21:00Z')
) as given (accession_no, cik, known_at);
-- given: curated.told_holdings
select
    accession_no, cusip, shares, value_reported, line,
    cast(day as timestamptz) + interval 20 hours as known_at
from (
    values
    ('1', 1, '084670108', 1, 600_000, '2024-05-01 00:00Z'),
    ('1', 2, '00PENNY01', 1_000, 300, '2024-05-01 00:00Z'),
    ('1', 3, '037833100', 1, 170, '2024-05-01 00:00Z'),
    ('2', 1, '084670108', 2, 1_200_000, '2024-05-02 00:00Z'),
    ('2', 2, '00PENNY01', 1_000, 310, '2024-05-02 00:00Z'),
    ('2', 3, '037833100', 1, 170, '2024-05-02 00:00Z'),
    ('3', 1, '084670108', 3, 1_800_000, '2024-05-03 00:00Z'),
    ('3', 2, '00PENNY01', 1_000, 320, '2024-05-03 00:00Z'),
    ('3', 3, '037833100', 1, 170, '2024-05-03 00:00Z'),
    ('berkshire in thousands', 1, '084670108', 10, 6_000, '2024-05-04 00:00Z'),
    ('pennies in dollars', 1, '00PENNY01', 9_000, 3_000, '2024-05-05 00:00Z'),
    ('fewer peers', 1, '084670108', 10, 6_000, '2024-05-02 01:00Z')
) as given (accession_no, line, cusip, shares, value_reported, day);
-- expect: accession_no, value_unit, unit_rule, table_usd
values
('1', 'usd', 'date', 600_470),
('2', 'usd', 'date', 1_200_480),
('3', 'usd', 'date', 1_800_490),
('berkshire in thousands', 'thousand', 'peers', 6_000_000),
('pennies in dollars', 'usd', 'peers', 3_000),
('fewer peers', 'usd', 'date', 6_000);

-- case: a restatement in another unit is judged by itself, and what it restates stays as it was
-- given: raw.filings
select *
from (
    values
    ('first', 'ORIGINAL', '2024-05-10 20:00Z'),
    ('restated', 'RESTATEMENT', '2024-06-10 20:00Z')
) as given (accession_no, amendment_kind, known_at);
-- given: curated.told_holdings
select *
from (
    values
    ('first', 1_700, '2024-05-10 20:00Z'),
    ('restated', 2, '2024-06-10 20:00Z')
) as given (accession_no, value_reported, known_at);
-- expect: accession_no, value_unit, unit_rule, table_usd, withdrawn_at
values
('first', 'usd', 'date', 1_700, '2024-06-10 20:00Z'),
('restated', 'thousand', 'implied_price', 2_000, null);

-- case: of two feeds that tell one filing the better one counts, from the day on which it tells it
-- given: raw.filings
select *
from (
    values
    ('sec_13f', 'by XML', '2024-05-10 20:00Z'),
    ('sec_13f_datasets', 'by the data set', '2024-05-11 04:00Z')
) as given (source, manager, known_at);
-- given: curated.told_holdings
select *
from (
    values
    ('sec_13f', 1_700, '2024-05-10 20:00Z'),
    ('sec_13f_datasets', 1_700, '2024-05-11 04:00Z')
) as given (feed, value_reported, known_at);
-- expect: manager, feed, n_holdings, known_at, withdrawn_at
values ('by XML', 'sec_13f', 1, '2024-05-10 20:00Z', null);
