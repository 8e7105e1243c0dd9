-- default: accession_no = 'a', known_at = '2024-02-14 21:00Z', line = 1

-- case: a CUSIP with a slip is told, real ones with digits, letters and signs are not
-- given: raw.holdings
select *
from (
    values ('037833100'), ('88160R101'), ('38259P508'), ('037833101'), ('88160R011')
) as given (cusip);
-- expect: entity, reason
values
('cusip:037833101', 'its last sign is 1, the others make it 0'),
('cusip:88160R011', 'its last sign is 1, the others make it 0');
