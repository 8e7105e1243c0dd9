-- default: accession_no = '0001000045-23-000011', cik = '0001000045', form_type = '4'
-- default: filed_date = '2023-11-14', path = 'edgar/data/1000045/0001000045-23-000011.txt'

-- case: a filing is known from who told of it first, and keeps its moment of acceptance
-- given: raw.filing_index
select *
from (
    values
    ('2023-11-14 21:31:05Z', '2023-11-14 21:31:05Z', 'submissions'),
    (null, '2023-11-15 03:00Z', 'index')
) as given (accepted_at, known_at, source);
-- expect: accession_no, accepted_at, known_at, withdrawn_at
values (
    '0001000045-23-000011', timestamptz '2023-11-14 21:31:05Z', timestamptz '2023-11-14 21:31:05Z',
    null
);

-- case: whom it concerns makes rows of their own
-- given: raw.filing_index
select *
from (
    values
    ('0001000045', '2023-11-15 03:00Z'),
    ('0000000017', '2023-11-15 03:00Z')
) as given (cik, known_at);
-- expect: cik
values ('0001000045'), ('0000000017');

-- case: a line that its source no longer has is withdrawn when that becomes known
-- given: raw.filing_index
select *
from (
    values
    (false, '2023-11-15 03:00Z'),
    (true, '2023-11-20 03:00Z')
) as given (is_gone, known_at);
-- expect: known_at, withdrawn_at
values (timestamptz '2023-11-15 03:00Z', timestamptz '2023-11-20 03:00Z');
