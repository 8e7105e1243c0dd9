-- default: accession_no = 'form', is_derivative = false, line = 1, title = 'Common Stock'
-- default: trans_date = '2024-02-05', trans_code = 'P', shares = 1_000, price = 10
-- default: is_acquired = true, shares_after = 5_000, is_direct = true, source = 'sec_ownership'
-- default: cik = '0001600001', owner_cik = '0001500001', form_type = '4', is_amendment = false
-- default: filed_date = '2024-02-06', is_10b5_1_footnote = false

-- case: a file with two joint filers and one purchase of 1,000 counts 1,000
-- given: raw.insider_transactions
select '2024-02-06 22:00Z' as known_at;
-- given: curated.insider_filings
select '2024-02-06 22:00Z' as known_at, 2 as n_owners;
-- expect: owner_cik, shares, value_usd, insider_class, side, n_owners, filing_lag_days, known_at,
--     withdrawn_at
values (
    '0001500001', 1_000, 10_000, 'open_market_buy', 1, 2, 1, '2024-02-06 22:00Z', null
);

-- case: each code has a class, and the side is what was acquired or disposed of
-- given: raw.insider_transactions
select
    given.*,
    other.*
from (
    values
    (1, 'P', true),
    (2, 'S', false),
    (3, 'A', true),
    (4, 'M', true),
    (5, 'F', false),
    (6, 'G', false),
    (7, 'D', false),
    (8, 'C', true),
    (9, 'X', true),
    (10, 'I', false),
    (11, 'J', null),
    (12, 'W', true),
    (13, 'S', true)
) as given (line, trans_code, is_acquired)
cross join (values ('2024-02-06 22:00Z')) as other (known_at);
-- given: curated.insider_filings
select '2024-02-06 22:00Z' as known_at;
-- expect: line, insider_class, side, is_exercise_sale
values
(1, 'open_market_buy', 1, false),
(2, 'open_market_sell', -1, true),
(3, 'compensation', 1, false),
(4, 'exercise', 1, false),
(5, 'tax', -1, false),
(6, 'gift', -1, false),
(7, 'issuer', -1, false),
(8, 'derivative', 1, false),
(9, 'derivative', 1, false),
(10, 'other', -1, false),
(11, 'other', null, false),
(12, 'other', 1, false),
(13, 'open_market_sell', 1, true);

-- case: without a price above 0 there is no value, and without an exercise that day a sale is one
-- given: raw.insider_transactions
select
    given.*,
    other.*
from (
    values
    (1, 'S', 0, 1_000, '2024-02-05'),
    (2, 'S', null, 1_000, '2024-02-05'),
    (3, 'S', 10.5, null, '2024-02-05'),
    (4, 'M', 2, 1_000, '2024-02-04')
) as given (line, trans_code, price, shares, trans_date)
cross join (values ('2024-02-06 22:00Z')) as other (known_at);
-- given: curated.insider_filings
select '2024-02-06 22:00Z' as known_at;
-- expect: line, value_usd, is_exercise_sale
values
(1, null, false),
(2, null, false),
(3, null, false),
(4, 2_000, false);

-- case: the box wins over footnotes, which count before there was a box
-- given: raw.insider_transactions
select *
from (
    values
    ('box', '2024-02-06 22:00Z'),
    ('no', '2024-02-06 22:00Z'),
    ('unknown', '2024-02-06 22:00Z'),
    ('old', '2023-03-31 22:00Z'),
    ('silent', '2023-03-31 22:00Z')
) as given (accession_no, known_at);
-- given: curated.insider_filings
select *
from (
    values
    ('box', '2024-02-06 22:00Z', '2024-02-06', true, false, '0001600001'),
    ('no', '2024-02-06 22:00Z', '2024-02-06', false, true, '0001600002'),
    ('unknown', '2024-02-06 22:00Z', '2024-02-06', null, true, '0001600003'),
    ('old', '2023-03-31 22:00Z', '2023-03-31', null, true, '0001600004'),
    ('silent', '2023-03-31 22:00Z', '2023-03-31', null, false, '0001600005')
) as given (accession_no, known_at, filed_date, is_10b5_1, is_10b5_1_footnote, cik);
-- expect: accession_no, is_10b5_1
values
('box', true),
('no', false),
('unknown', null),
('old', true),
('silent', null);

-- case: a fund's partner tells the fund's trade again; two directors who bought alike are two
-- given: raw.insider_transactions
select *
from (
    values
    ('fund', 1, true, 5_000, '2024-02-06 22:00Z'),
    ('partner', 1, false, 5_000, '2024-02-06 22:05Z'),
    ('director', 1, true, 5_000, '2024-02-06 22:10Z'),
    ('another', 1, false, 7_000, '2024-02-06 22:20Z')
) as given (accession_no, line, is_direct, shares_after, known_at);
-- given: curated.insider_filings
select *
from (
    values
    ('fund', '0001500001', '2024-02-06 22:00Z'),
    ('partner', '0001500002', '2024-02-06 22:05Z'),
    ('director', '0001500003', '2024-02-06 22:10Z'),
    ('another', '0001500004', '2024-02-06 22:20Z')
) as given (accession_no, owner_cik, known_at);
-- expect: accession_no
values
('fund'),
('director'),
('another');

-- case: equal rows of one form are as many transactions
-- given: raw.insider_transactions
select *
from (
    values
    (1, '2024-02-06 22:00Z'),
    (2, '2024-02-06 22:00Z')
) as given (line, known_at);
-- given: curated.insider_filings
select '2024-02-06 22:00Z' as known_at;
-- expect: line, shares
values
(1, 1_000),
(2, 1_000);

-- case: an amendment stands for what it tells again, from when it is known, and the rest stays
-- given: raw.insider_transactions
select *
from (
    values
    ('first', 1, 'P', 1_000, '2024-02-06 22:00Z'),
    ('first', 2, 'P', 2_000, '2024-02-06 22:00Z'),
    ('first', 3, 'G', 50, '2024-02-06 22:00Z'),
    ('mended', 1, 'P', 900, '2024-02-20 22:00Z'),
    ('mended', 2, 'P', 2_000, '2024-02-20 22:00Z'),
    ('again', 1, 'P', 2_900, '2024-03-01 22:00Z')
) as given (accession_no, line, trans_code, shares, known_at);
-- given: curated.insider_filings
select *
from (
    values
    ('first', false, '2024-02-06 22:00Z'),
    ('mended', true, '2024-02-20 22:00Z'),
    ('again', true, '2024-03-01 22:00Z')
) as given (accession_no, is_amendment, known_at);
-- expect: accession_no, trans_code, shares, known_at, withdrawn_at
values
('first', 'P', 1_000, '2024-02-06 22:00Z', '2024-02-20 22:00Z'),
('first', 'P', 2_000, '2024-02-06 22:00Z', '2024-02-20 22:00Z'),
('first', 'G', 50, '2024-02-06 22:00Z', null),
('mended', 'P', 900, '2024-02-20 22:00Z', '2024-03-01 22:00Z'),
('mended', 'P', 2_000, '2024-02-20 22:00Z', '2024-03-01 22:00Z'),
('again', 'P', 2_900, '2024-03-01 22:00Z', null);

-- case: as of the day before it was known an amendment does not exist
-- span: 2024-01-01 2024-02-20 22:00Z
-- given: raw.insider_transactions
select *
from (
    values
    ('first', 1_000, '2024-02-06 22:00Z'),
    ('mended', 900, '2024-02-20 22:00Z')
) as given (accession_no, shares, known_at);
-- given: curated.insider_filings
select *
from (
    values
    ('first', false, '2024-02-06 22:00Z'),
    ('mended', true, '2024-02-20 22:00Z')
) as given (accession_no, is_amendment, known_at);
-- expect: accession_no, shares, withdrawn_at
values ('first', 1_000, null);

-- case: of a form and its amendment that become known at once the amendment stands
-- given: raw.insider_transactions
select *
from (
    values
    ('first', 1_000, '2024-02-07 05:00Z'),
    ('mended', 900, '2024-02-07 05:00Z')
) as given (accession_no, shares, known_at);
-- given: curated.insider_filings
select *
from (
    values
    ('first', false, '2024-02-07 05:00Z'),
    ('mended', true, '2024-02-07 05:00Z')
) as given (accession_no, is_amendment, known_at);
-- expect: accession_no, shares, withdrawn_at
values ('mended', 900, null);
