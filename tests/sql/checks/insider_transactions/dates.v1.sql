-- default: known_at = '2024-02-14 21:00Z', line = 1, trans_code = 'P'

-- case: a trade after its own form and one of another century are told
-- given: raw.insider_transactions
select *
from (
    values ('fine', '2024-02-12'), ('ahead', '2024-03-12'), ('slip', '1924-02-12')
) as given (accession_no, trans_date);
-- expect: entity, reason
values
('ahead', 'done on 2024-03-12, told on 2024-02-14'),
('slip', 'done on 1924-02-12, told on 2024-02-14');
