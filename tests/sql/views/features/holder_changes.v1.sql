-- default: cik = '0001234567', manager = 'Line LLC', period_end = '2024-06-30'
-- default: cusip = '037833100', issuer = 'APPLE INC', share_type = 'SH', put_call = null
-- default: known_at = '2024-08-10 20:00Z', value_usd = 3_000, prev_value_usd = 1_000

-- case: the rule book's split of two for one: what was held before is doubled, then compared
-- given: features.holder_positions
select
    *,
    shares - prev_shares as d_shares
from (
    values
    ('1', 200, 220),
    ('2', 100, 0),
    ('3', 400, 150),
    ('4', 160, 160),
    ('5', 0, 30),
    ('6', null, 30)
) as given (cik, prev_shares, shares);
-- expect: cik, prev_shares, shares, d_shares, holder_change
values
('1', 200, 220, 20, 'increased'),
('2', 100, 0, -100, 'sold_out'),
('3', 400, 150, -250, 'decreased'),
('4', 160, 160, 0, 'unchanged'),
('5', 0, 30, 30, 'new');

-- case: half a percent is no change, and what is left of the value is the price's doing
-- given: features.holder_positions
select
    *,
    shares - prev_shares as d_shares
from (
    values
    ('KEPT00000', 1_000, 1_005, 50),
    ('KEPT00001', 1_000, 995, -50),
    ('BOUGHT000', 1_000, 1_006, 60),
    ('SOLD00000', 1_000, 500, -2_500),
    ('NOTHING00', 0, 0, null)
) as given (cusip, prev_shares, shares, trade_effect_usd);
-- expect: cusip, holder_change, change_frac, value_change_usd, trade_effect_usd, price_effect_usd
values
('KEPT00000', 'unchanged', 0.005, 2_000, 50, 1_950),
('KEPT00001', 'unchanged', -0.005, 2_000, -50, 2_050),
('BOUGHT000', 'increased', 0.006, 2_000, 60, 1_940),
('SOLD00000', 'decreased', -0.5, 2_000, -2_500, 4_500),
('NOTHING00', 'unchanged', null, 2_000, null, null);

-- case: a bound that is a parameter moves
-- param: max_unchanged_frac = 0.1
-- given: features.holder_positions
select
    *,
    shares - prev_shares as d_shares
from (
    values
    ('A00000000', 100, 90),
    ('B00000000', 100, 89)
) as given (cusip, prev_shares, shares);
-- expect: cusip, holder_change
values
('A00000000', 'unchanged'),
('B00000000', 'decreased');
