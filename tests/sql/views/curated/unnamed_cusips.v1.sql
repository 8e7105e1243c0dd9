-- default: accession_no = '0001234567-23-000001', issuer = 'A', class_title = 'COM'
-- default: valid_from = '2023-01-01', share_type = 'SH', shares = 1, value_reported = 1

-- case: what is held and has no ticker is asked about, and what was asked in vain not soon again
-- span: 1970-01-01 2024-03-02
-- given: raw.holdings
select *
from (
    values
    (1, '111111118', '2024-01-01 00:00Z'),
    (2, '111111118', '2024-01-02 00:00Z'),
    (3, '222222226', '2024-01-01 00:00Z'),
    (4, '333333334', '2024-01-01 00:00Z'),
    (5, '444444442', '2024-01-01 00:00Z'),
    (6, '555555559', '2024-01-01 00:00Z'),
    (7, '999999991', '2024-01-01 00:00Z')
) as given (line, cusip, known_at);
-- given: curated.unfit_cusips
select
    '999999991' as cusip,
    '2024-01-01 00:00Z' as known_at;
-- given: raw.securities
select *
from (
    values
    ('222222226', 'BBB', 'sec_fails', '2023-01-01 00:00Z'),
    ('333333334', null, 'sec_13f_list', '2023-01-01 00:00Z'),
    ('444444442', null, 'openfigi', '2024-02-01 00:00Z'),
    ('555555559', null, 'openfigi', '2023-11-01 00:00Z')
) as given (cusip, ticker, source, known_at);
-- expect: cusip, n_holdings, asked_at, known_at
values
('111111118', 2, null, '2024-01-01 00:00Z'),
('333333334', 1, null, '2024-01-01 00:00Z'),
('555555559', 1, '2023-11-01 00:00Z', '2024-01-01 00:00Z');
