-- default: cusip = 'A', ticker = 'AAA', issuer = 'A INC', period_end = '2024-06-30'
-- default: known_at = '2024-08-10 20:00Z', share_type = 'SH', portfolio_frac = 0.1
-- default: symbol = 'AAA'

-- case: the largest holders of the newest quarter, with their part of holders and company
-- given: features.holder_positions
select *
from (
    values
    ('1', '2024-06-30', null, 'SH', 300, null),
    ('2', '2024-06-30', null, 'SH', 100, null),
    ('2', '2024-06-30', null, 'SH', 900, '2024-08-12 20:00Z'),
    ('3', '2024-06-30', 'put', 'SH', 900, null),
    ('3', '2024-06-30', null, 'PRN', 900, null),
    ('4', '2024-06-30', null, 'SH', 0, null),
    ('5', '2024-03-31', null, 'SH', 900, null)
) as given (cik, period_end, put_call, share_type, shares, withdrawn_at);
-- given: curated.shares_outstanding
select *
from (
    values
    ('2024-03-01', 500, '2024-03-05 20:00Z', null),
    ('2024-06-01', 700, '2024-06-05 20:00Z', '2024-06-06 20:00Z'),
    ('2024-06-01', 1_000, '2024-06-06 20:00Z', null)
) as given (as_of_date, shares, known_at, withdrawn_at);
-- expect: cusip, place, cik, shares, holders_pct, company_pct
values
('A', 1, '1', 300, 75, 30),
('A', 2, '2', 100, 25, 10);

-- case: a page ends
-- param: n_holders = 1
-- given: features.holder_positions
select *
from (
    values
    ('2', 100),
    ('1', 100)
) as given (cik, shares);
-- expect: cik, place, company_pct
values ('1', 1, null);
