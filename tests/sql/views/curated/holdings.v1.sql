-- default: feed = 'given'
-- default: cik = '0001234567', manager = 'Line LLC', period_end = '2024-03-31'
-- default: amendment_kind = 'ORIGINAL', filed_date = '2024-05-10', value_unit = 'usd'
-- default: accession_no = 'first', line = 1, issuer = 'APPLE INC', class_title = 'COM'
-- default: cusip = '037833100', share_type = 'SH', shares = 100, value_reported = 17_000
-- default: discretion = 'SOLE', ticker = 'AAPL', valid_from = '2000-01-01'

-- case: a holding is a row of its filing, in dollars
-- given: curated.filings
select
    '2024-05-10 20:00Z' as filed_at,
    '2024-05-10 20:00Z' as known_at,
    'thousand' as value_unit;
-- given: curated.told_holdings
select
    'put' as put_call,
    '1,2' as other_managers,
    '2024-05-10 20:00Z' as known_at;
-- given: curated.securities
select '2024-01-01 00:00Z' as known_at;
-- expect: cik, manager, period_end, accession_no, filed_at, amendment_kind, cusip, ticker, issuer,
--     put_call, shares, value_usd, known_at, withdrawn_at, share_type, line, class_title,
--     value_unit, discretion, other_managers
values (
    '0001234567', 'Line LLC', '2024-03-31', 'first', '2024-05-10 20:00Z', 'ORIGINAL', '037833100',
    'AAPL', 'APPLE INC', 'put', 100, 17_000_000, '2024-05-10 20:00Z', null, 'SH', 1, 'COM',
    'thousand', 'SOLE', '1,2'
);

-- case: original, new holdings, restatement, new holdings: what stands is the rule book's
-- given: curated.filings
select *
from (
    values
    ('first', 'ORIGINAL', '2024-05-10 20:00Z', '2024-08-01 20:00Z'),
    ('added', 'NEW HOLDINGS', '2024-06-20 20:00Z', '2024-08-01 20:00Z'),
    ('restated', 'RESTATEMENT', '2024-08-01 20:00Z', null),
    ('added more', 'NEW HOLDINGS', '2024-09-01 20:00Z', null)
) as given (accession_no, amendment_kind, known_at, withdrawn_at);
-- given: curated.told_holdings
select *
from (
    values
    ('first', 1, 'A', 100, '2024-05-10 20:00Z'),
    ('first', 2, 'B', 50, '2024-05-10 20:00Z'),
    ('added', 1, 'C', 30, '2024-06-20 20:00Z'),
    ('restated', 1, 'A', 90, '2024-08-01 20:00Z'),
    ('restated', 2, 'B', 50, '2024-08-01 20:00Z'),
    ('restated', 3, 'C', 30, '2024-08-01 20:00Z'),
    ('added more', 1, 'D', 10, '2024-09-01 20:00Z')
) as given (accession_no, line, issuer, shares, known_at);
-- expect: issuer, shares, known_at, withdrawn_at
values
('A', 100, '2024-05-10 20:00Z', '2024-08-01 20:00Z'),
('B', 50, '2024-05-10 20:00Z', '2024-08-01 20:00Z'),
('C', 30, '2024-06-20 20:00Z', '2024-08-01 20:00Z'),
('A', 90, '2024-08-01 20:00Z', null),
('B', 50, '2024-08-01 20:00Z', null),
('C', 30, '2024-08-01 20:00Z', null),
('D', 10, '2024-09-01 20:00Z', null);

-- case: a corrected line and a corrected filing make versions that don't overlap
-- given: curated.filings
select *
from (
    values
    ('Lime LLC', '2024-05-10 20:00Z', '2024-05-30 20:00Z'),
    ('Line LLC', '2024-05-30 20:00Z', null)
) as given (manager, known_at, withdrawn_at);
-- given: curated.told_holdings
select *
from (
    values
    (100, '2024-05-10 20:00Z', '2024-05-20 20:00Z'),
    (110, '2024-05-20 20:00Z', '2024-06-10 20:00Z')
) as given (shares, known_at, corrected_at);
-- expect: manager, shares, known_at, withdrawn_at
values
('Lime LLC', 100, '2024-05-10 20:00Z', '2024-05-20 20:00Z'),
('Lime LLC', 110, '2024-05-20 20:00Z', '2024-05-30 20:00Z'),
('Line LLC', 110, '2024-05-30 20:00Z', '2024-06-10 20:00Z');

-- case: a table without its filing is not there yet
-- given: curated.told_holdings
select '2024-05-10 20:00Z' as known_at;
-- expect: nothing

-- case: the ticker is that of the quarter's end, else of the filing's day, else unknown
-- given: curated.filings
select '2024-05-10 20:00Z' as known_at;
-- given: curated.told_holdings
select
    *,
    row_number() over (order by cusip) as line,
    '2024-05-10 20:00Z' as known_at
from (
    values
    ('RENAMED00'),
    ('BETWEEN00'),
    ('ENDED0000'),
    ('LATER0000'),
    ('BRIEF0000'),
    ('LEARNT000'),
    ('FORGOTTEN')
) as given (cusip);
-- given: curated.securities
select *
from (
    values
    ('RENAMED00', 'FB', '2012-05-18', '2024-04-15', '2012-05-18 00:00Z', null),
    ('RENAMED00', 'META', '2024-04-15', null, '2024-04-15 00:00Z', null),
    ('BETWEEN00', 'NEW', '2024-04-15', null, '2024-04-15 00:00Z', null),
    ('ENDED0000', 'OLD', '2000-01-01', '2024-03-31', '2000-01-01 00:00Z', null),
    ('BRIEF0000', 'GONE', '2024-04-10', '2024-04-20', '2024-04-10 00:00Z', null),
    ('LATER0000', 'LATE', '2024-05-11', null, '2000-01-01 00:00Z', null),
    ('LEARNT000', 'KNOWN', '2000-01-01', null, '2024-05-10 20:01Z', null),
    ('FORGOTTEN', 'WRONG', '2000-01-01', null, '2000-01-01 00:00Z', '2024-05-01 00:00Z')
) as given (cusip, ticker, valid_from, valid_to, known_at, withdrawn_at);
-- expect: cusip, ticker
values
('RENAMED00', 'FB'),
('BETWEEN00', 'NEW'),
('ENDED0000', null),
('LATER0000', null),
('BRIEF0000', null),
('LEARNT000', null),
('FORGOTTEN', null);

-- case: two tickers at once make no second row; the newer one is taken
-- given: curated.filings
select '2024-05-10 20:00Z' as known_at;
-- given: curated.told_holdings
select '2024-05-10 20:00Z' as known_at;
-- given: curated.securities
select
    given.*,
    filed.*
from (
    values
    ('AAPL', '2000-01-01'),
    ('APPL', '2010-01-01')
) as given (ticker, valid_from)
cross join (values ('2010-01-01 00:00Z')) as filed (known_at);
-- expect: ticker, shares
values ('APPL', 100);

-- case: a row whose CUSIP fits no security is set aside, and its neighbour is not
-- given: curated.filings
select
    '2024-05-10 20:00Z' as filed_at,
    '2024-05-10 20:00Z' as known_at;
-- given: curated.told_holdings
select
    given.*,
    '2024-05-10 20:00Z' as known_at
from (values (1, '037833100'), (2, '037833101')) as given (line, cusip);
-- given: curated.unfit_cusips
select
    '037833101' as cusip,
    '2024-01-01 00:00Z' as known_at;
-- expect: line, cusip, shares
values (1, '037833100', 100);
