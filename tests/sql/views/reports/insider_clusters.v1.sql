-- default: issuer = 'A INC', accession_no = '1', n_insiders_30d = 1

-- case: a company is as its newest purchase left it; without a ticker it is its number
-- given: features.insider_clusters
select *
from (
    values
    ('1', 'AAA', '2024-02-01 20:00Z', 2),
    ('1', 'AAA', '2024-02-05 20:00Z', 3),
    ('2', null, '2024-02-03 20:00Z', 1)
) as given (cik, ticker, known_at, n_insiders_30d);
-- expect: entity, n_insiders_30d, known_at
values
('AAA', 3, timestamptz '2024-02-05 20:00Z'),
('cik:2', 1, timestamptz '2024-02-03 20:00Z');
