-- default: form_type = 'SC 13D', filed_date = '2024-02-05', known_at = '2024-02-05 20:00Z'
-- default: path = 'edgar/data/1/1.txt', valid_from = '2020-01-01', ticker = 'AAA'

-- case: a filing is one row, whoever it names; the ticker is that of the company
-- given: curated.filing_index
select *
from (
    values
    ('1', '0000000001', 'A INC', 'SC 13D', null),
    ('1', '0000000009', 'HOLDER LP', 'SC 13D', null),
    ('2', '0000000008', null, 'SCHEDULE 13G/A', null),
    ('3', '0000000001', 'A INC', '8-K', null),
    ('4', '0000000001', 'A INC', 'SC 13G', '2024-02-06 20:00Z')
) as given (accession_no, cik, company, form_type, withdrawn_at);
-- given: curated.issuers
select '0000000001' as cik;
-- expect: accession_no, ticker, schedule, is_amendment, named
values
('1', 'AAA', '13D', false, 'A INC, HOLDER LP'),
('2', null, '13G', true, 'cik:0000000008');
