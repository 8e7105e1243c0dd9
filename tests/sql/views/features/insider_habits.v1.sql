-- default: cik = '0001600001', owner_cik = '0001500001', line = 1, is_signal = true

-- case: who traded in the month of each of the three years before is routine, from the fourth on
-- given: curated.insider_transactions
select *
from (
    values
    ('a', '2020-02-10', '2020-02-12 22:00Z'),
    ('b', '2021-02-20', '2021-02-22 22:00Z'),
    ('c', '2022-02-01', '2022-02-03 22:00Z'),
    ('d', '2023-02-15', '2023-02-16 22:00Z'),
    ('e', '2023-03-15', '2023-03-16 22:00Z')
) as given (accession_no, trans_date, known_at);
-- expect: accession_no, habit, n_years
values
('a', null, 0),
('b', null, 1),
('c', null, 2),
('d', 'routine', 3),
('e', 'opportunistic', 0);

-- case: who is new in a company that is known for three years is opportunistic, else nobody knows
-- given: curated.insider_transactions
select *
from (
    values
    ('old', '0001600001', '0001500001', '2020-03-31', false, '2020-04-02 22:00Z'),
    ('new', '0001600001', '0001500002', '2023-03-01', true, '2023-03-02 22:00Z'),
    ('young', '0001600002', '0001500003', '2020-04-01', false, '2020-04-02 22:00Z'),
    ('unknown', '0001600002', '0001500003', '2023-03-01', true, '2023-03-02 22:00Z')
) as given (accession_no, cik, owner_cik, trans_date, is_signal, known_at);
-- expect: accession_no, habit
values
('new', 'opportunistic'),
('unknown', null);

-- case: a form that comes late tells of no habit before it came
-- given: curated.insider_transactions
select *
from (
    values
    ('a', '2020-02-10', '2020-02-12 22:00Z'),
    ('late', '2021-02-20', '2023-06-01 22:00Z'),
    ('c', '2022-02-01', '2022-02-03 22:00Z'),
    ('d', '2023-02-15', '2023-02-16 22:00Z')
) as given (accession_no, trans_date, known_at);
-- expect: accession_no, habit, n_years
values
('a', null, 0),
('late', null, 1),
('c', null, 1),
('d', 'opportunistic', 2);
