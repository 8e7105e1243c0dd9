-- default: accession_no = 'a', line = 1

-- case: a CUSIP with a slip does not fit, real ones with digits, letters and signs do
-- given: raw.holdings
select *
from (
    values
    ('037833100', '2024-02-14 21:00Z'), ('88160R101', '2024-02-14 21:00Z'),
    ('38259P508', '2024-02-14 21:00Z'), ('03783310*', '2024-02-14 21:00Z'),
    ('037833101', '2024-05-14 21:00Z'), ('037833101', '2024-02-14 21:00Z'),
    ('88160R011', '2024-02-14 21:00Z'), ('46222L10A', '2024-02-14 21:00Z')
) as given (cusip, known_at);
-- expect: cusip, check_digit, reason, known_at
values
('037833101', '0', 'its last sign is 1, the others make it 0', '2024-02-14 21:00Z'),
('03783310*', '0', 'its last sign is *, the others make it 0', '2024-02-14 21:00Z'),
('46222L10A', '8', 'its last sign is A, the others make it 8', '2024-02-14 21:00Z'),
('88160R011', '0', 'its last sign is 1, the others make it 0', '2024-02-14 21:00Z');
