-- default: manager = 'Line LLC', period_end = '2023-12-31', ticker = 'AAA', issuer = 'A INC'
-- default: known_at = '2024-02-14 20:00Z', share_type = 'SH', value_usd = 100, symbol = 'AAA'
-- default: as_of_date = '2023-12-01', shares = 100

-- case: places in the portfolio and among holders, of what stands
-- given: features.holder_positions
select *
from (
    values
    ('1', 'A', null, '2023-12-31', 300, 900, null),
    ('1', 'B', null, '2023-12-31', 50, 1_000, null),
    ('2', 'A', null, '2023-12-31', 100, 300, null),
    ('2', 'A', 'put', '2023-12-31', 800, 2_400, null),
    ('2', 'A', null, '2023-09-30', 100, 250, null),
    ('2', 'A', null, '2023-12-31', 9_000, 9_000, '2024-02-15 20:00Z')
) as given (cik, cusip, put_call, period_end, shares, value_usd, withdrawn_at);
-- given: curated.shares_outstanding
select 1_000 as shares;
-- expect: cik, period_end, is_newest, cusip, put_call, place, holder_place, holders_frac,
--     company_frac
values
('1', '2023-12-31', true, 'B', null, 1, 1, 1, 0.05),
('1', '2023-12-31', true, 'A', null, 2, 1, 0.75, 0.3),
('2', '2023-12-31', true, 'A', 'put', 1, 1, 1, null),
('2', '2023-12-31', true, 'A', null, 2, 2, 0.25, 0.1),
('2', '2023-09-30', false, 'A', null, 1, 1, 1, 0.1);
