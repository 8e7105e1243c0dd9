-- default: cik = '0001067983', known_at = '2024-02-14 21:00Z', unit_rule = 'peers'

-- case: a filing that writes thousands where dollars are due is told, and the other way round
-- given: curated.filings
select *
from (
    values
    ('right', 'usd', 'usd'),
    ('old', 'thousand', 'thousand'),
    ('late', 'thousand', 'usd'),
    ('early', 'usd', 'thousand')
) as given (accession_no, value_unit, dated_unit);
-- expect: dataset, entity, reason, evidence ->> 'accession_no'
values
(
    'filings', 'cik:0001067983',
    'its values are taken for thousand by peers, and its date asks for usd', 'late'
),
(
    'filings', 'cik:0001067983',
    'its values are taken for usd by peers, and its date asks for thousand', 'early'
);
