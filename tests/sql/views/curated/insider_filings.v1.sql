-- default: accession_no = 'form', form_type = '4', issuer_cik = '0001600001', issuer = 'Line Inc'
-- default: trading_symbol = 'LNLD', filed_date = '2024-02-06', source = 'sec_ownership'
-- default: owner_cik = '0001500001', owner = 'Doe Jane', is_director = true, is_officer = false
-- default: is_ten_percent = false, is_other = false, line = 1, is_10b5_1_footnote = false

-- case: a form has one owner who counts: an officer before a director before a large holder
-- given: raw.insider_filings
select '2024-02-06 22:00Z' as known_at, '2024-02-06 22:00Z' as accepted_at;
-- given: raw.insider_owners
select
    given.*,
    other.*
from (
    values
    ('0001500001', 'Fund', false, false, true, 1),
    ('0001500003', 'Partner', true, false, true, 2),
    ('0001500004', 'Chief', false, true, false, 3),
    ('0001500005', 'Second', true, true, false, 4)
) as given (owner_cik, owner, is_director, is_officer, is_ten_percent, line)
cross join (values ('CEO', '2024-02-06 22:00Z')) as other (title, known_at);
-- expect: cik, owner_cik, owner, owner_title, is_director, is_officer, is_ten_percent, n_owners,
--     filed_at, filed_date, known_at, withdrawn_at
values (
    '0001600001', '0001500004', 'Chief', 'CEO', true, true, true, 4, '2024-02-06 22:00Z',
    '2024-02-06', '2024-02-06 22:00Z', null
);

-- case: what filers type becomes a ticker, or none
-- given: raw.insider_filings
select
    given.*,
    other.*
from (
    values
    ('01', 'SNOW'),
    ('02', 'nyse:nycb'),
    ('03', '(SIRI)'),
    ('04', 'HEI, HEI.A'),
    ('05', 'MOGA/MOGB'),
    ('06', 'N O G'),
    ('07', 'LGF-B'),
    ('08', 'NONE'),
    ('09', 'N/A'),
    ('10', '-'),
    ('11', null),
    ('12', 'Line Inc 7'),
    ('13', 'NYSE: BRK.A; BRK.B')
) as given (accession_no, trading_symbol)
cross join (values ('2024-02-06 22:00Z')) as other (known_at);
-- expect: accession_no, ticker
values
('01', 'SNOW'),
('02', 'NYCB'),
('03', 'SIRI'),
('04', 'HEI'),
('05', 'MOGA'),
('06', 'NOG'),
('07', 'LGF.B'),
('08', null),
('09', null),
('10', null),
('11', null),
('12', null),
('13', 'BRK.A');

-- case: a form that the source of tables tells stands until the form itself is known, if ever
-- given: raw.insider_filings
select *
from (
    values
    ('both', 'sec_ownership', '2024-02-06 22:00Z'),
    ('both', 'sec_insider_datasets', '2024-02-07 05:00Z'),
    ('later', 'sec_insider_datasets', '2024-02-07 05:00Z'),
    ('later', 'sec_ownership', '2024-02-08 05:00Z'),
    ('alone', 'sec_insider_datasets', '2024-02-07 05:00Z')
) as given (accession_no, source, known_at);
-- expect: accession_no, source, known_at, withdrawn_at
values
('both', 'sec_ownership', '2024-02-06 22:00Z', null),
('later', 'sec_insider_datasets', '2024-02-07 05:00Z', '2024-02-08 05:00Z'),
('later', 'sec_ownership', '2024-02-08 05:00Z', null),
('alone', 'sec_insider_datasets', '2024-02-07 05:00Z', null);

-- case: a correction is a version, and what is gone is not there
-- given: raw.insider_filings
select *
from (
    values
    ('form', '2024-02-06 22:00Z', null, false),
    ('form', '2024-03-06 22:00Z', true, false),
    ('gone', '2024-02-06 22:00Z', null, false),
    ('gone', '2024-03-07 22:00Z', null, true)
) as given (accession_no, known_at, is_10b5_1, is_gone);
-- given: raw.insider_owners
select
    '2024-02-06 22:00Z' as known_at,
    'form' as accession_no;
-- expect: accession_no, owner, is_10b5_1, known_at, withdrawn_at
values
('form', 'Doe Jane', null, '2024-02-06 22:00Z', '2024-03-06 22:00Z'),
('form', 'Doe Jane', true, '2024-03-06 22:00Z', null),
('gone', null, null, '2024-02-06 22:00Z', '2024-03-07 22:00Z');

-- case: the SEC's lists tell an issuer's ticker better than its filers, once they are known
-- given: raw.insider_filings
select *
from (
    values
    ('before', '0001600001', 'LNLDX', '2024-02-05 22:00Z'),
    ('since', '0001600001', 'LNLDX', '2024-02-06 22:00Z'),
    ('after', '0001600001', 'LNLDX', '2024-02-20 22:00Z'),
    ('class b', '0001600002', 'twob', '2024-02-06 22:00Z'),
    ('class c', '0001600002', 'n/a', '2024-02-06 22:00Z')
) as given (accession_no, issuer_cik, trading_symbol, known_at);
-- given: curated.issuers
select *
from (
    values
    ('0001600001', 'LNLD', date '2024-02-06', null, '2024-02-06 12:00Z', '2024-02-15 12:00Z'),
    ('0001600001', 'LNLD', date '2024-02-06', date '2024-02-15', '2024-02-15 12:00Z', null),
    ('0001600002', 'TWOB', date '2024-02-06', null, '2024-02-06 12:00Z', null),
    ('0001600002', 'TWO', date '2024-02-06', null, '2024-02-06 12:00Z', null)
) as given (cik, ticker, valid_from, valid_to, known_at, withdrawn_at);
-- expect: accession_no, ticker
values
('before', 'LNLDX'),
('since', 'LNLD'),
('after', 'LNLDX'),
('class b', 'TWOB'),
('class c', 'TWO');
