-- default: cik = '0001600001', ticker = 'LNLD', owner = 'Doe Jane', line = 1, trans_code = 'P'

-- case: what stands, the newest first, with the habit behind it
-- given: curated.insider_transactions
select *
from (
    values
    ('a', '2024-01-02 22:00Z', '2024-01-05 22:00Z', 10),
    ('b', '2024-01-05 22:00Z', null, 20),
    ('c', '2024-01-03 22:00Z', null, 30)
) as given (accession_no, known_at, withdrawn_at, shares);
-- given: features.insider_trades
select
    'b' as accession_no,
    '2024-01-05 22:00Z' as known_at,
    'routine' as habit,
    false as is_price_odd;
-- expect: accession_no, ticker, owner, shares, habit, is_price_odd
values
('b', 'LNLD', 'Doe Jane', 20, 'routine', false),
('c', 'LNLD', 'Doe Jane', 30, null, null);
