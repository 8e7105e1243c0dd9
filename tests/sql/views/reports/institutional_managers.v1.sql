-- default: cik = '1', manager = 'Line LLC', known_at = '2024-02-15 03:00Z', bought_usd = 0
-- default: sold_usd = 0, previous_accession_no = '0001', period_end = '2023-12-31'

-- case: what came in, and how late, by the day in New York
-- given: features.manager_reports
select *
from (
    values
    ('2023-12-31', 500, 200, '0001', null),
    ('2023-09-30', 0, 0, null, null),
    ('2023-12-31', 900, 0, '0001', '2024-02-15 20:00Z')
) as given (period_end, bought_usd, sold_usd, previous_accession_no, withdrawn_at);
-- expect: period_end, is_newest, net_bought_usd, filing_lag_days
values
('2023-12-31', true, 300, 45),
('2023-09-30', false, null, 137);
