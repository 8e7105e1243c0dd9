-- default: cik = '0001067983', ticker = 'BRK.B', issuer = 'BERKSHIRE HATHAWAY INC'

-- case: an issuer has all its tickers, each from the first list that has it
-- given: raw.issuers
select *
from (
    values
    ('BRK.B', '2024-01-02 12:00Z'),
    ('BRK.A', '2024-02-02 02:00Z')
) as given (ticker, known_at);
-- expect: ticker, valid_from, valid_to, known_at, withdrawn_at
values
('BRK.B', '2024-01-02', null, '2024-01-02 12:00Z', null),
('BRK.A', '2024-02-01', null, '2024-02-02 02:00Z', null);

-- case: what a list has no more has ended when that became known, and may come again
-- given: raw.issuers
select *
from (
    values
    (false, '2024-01-02 12:00Z'),
    (true, '2024-02-02 12:00Z'),
    (false, '2024-03-02 12:00Z')
) as given (is_gone, known_at);
-- expect: valid_from, valid_to, known_at, withdrawn_at
values
('2024-01-02', null, '2024-01-02 12:00Z', '2024-02-02 12:00Z'),
('2024-01-02', '2024-02-02', '2024-02-02 12:00Z', null),
('2024-03-02', null, '2024-03-02 12:00Z', null);

-- case: another name is a version, and an exchange stays where the next list names none
-- given: raw.issuers
select *
from (
    values
    ('BERKSHIRE', 'NYSE', '2024-01-02 12:00Z'),
    ('BERKSHIRE HATHAWAY INC', null, '2024-02-02 12:00Z')
) as given (issuer, exchange, known_at);
-- expect: issuer, exchange, valid_from, known_at, withdrawn_at
values
('BERKSHIRE', 'NYSE', '2024-01-02', '2024-01-02 12:00Z', '2024-02-02 12:00Z'),
('BERKSHIRE HATHAWAY INC', 'NYSE', '2024-01-02', '2024-02-02 12:00Z', null);
