-- default: cik = '1', manager = 'Line LLC', cusip = 'A', period_end = '2024-06-30'
-- default: known_at = '2024-08-10 20:00Z', share_type = 'SH', holder_change = 'new'

-- case: the newest quarter's trades, the largest first, whichever way
-- given: features.holder_changes
select *
from (
    values
    ('1', 'A', '2024-06-30', 'increased', 100, null),
    ('1', 'B', '2024-06-30', 'sold_out', -200, null),
    ('1', 'C', '2024-06-30', 'unchanged', 900, null),
    ('1', 'D', '2024-03-31', 'new', 900, null),
    ('1', 'E', '2024-06-30', 'new', 900, '2024-08-12 20:00Z'),
    ('2', 'D', '2024-03-31', 'new', 900, null)
) as given (cik, cusip, period_end, holder_change, trade_effect_usd, withdrawn_at);
-- expect: cik, place, cusip, holder_change, trade_effect_usd
values
('1', 1, 'B', 'sold_out', -200),
('1', 2, 'A', 'increased', 100),
('2', 1, 'D', 'new', 900);

-- case: a page ends
-- param: n_changes = 1
-- given: features.holder_changes
select *
from (
    values
    ('A', null),
    ('B', 5)
) as given (cusip, trade_effect_usd);
-- expect: cusip, place
values ('B', 1);
