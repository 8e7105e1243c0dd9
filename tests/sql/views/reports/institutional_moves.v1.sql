-- default: cik = '1', manager = 'Line LLC', cusip = 'A', ticker = 'AAA', share_type = 'SH'
-- default: known_at = '2024-02-14 20:00Z', period_end = '2023-12-31'

-- case: what changed and stands, of all quarters; the newest is the manager's own
-- given: features.holder_changes
select *
from (
    values
    ('A', '2023-12-31', 'new', null),
    ('B', '2023-12-31', 'unchanged', null),
    ('C', '2023-09-30', 'sold_out', null),
    ('D', '2023-12-31', 'increased', '2024-02-15 20:00Z')
) as given (cusip, period_end, holder_change, withdrawn_at);
-- expect: cusip, period_end, holder_change, is_newest
values
('A', '2023-12-31', 'new', true),
('C', '2023-09-30', 'sold_out', false);
