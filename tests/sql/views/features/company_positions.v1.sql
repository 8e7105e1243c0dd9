-- default: cik = '1', manager = 'Line LLC', period_end = '2024-06-30', cusip = 'A'
-- default: known_at = '2024-08-10 20:00Z', share_type = 'SH', accession_no = 'now'
-- default: previous_accession_no = 'before', mean_price_usd = 11, is_partial = false

-- case: two classes are one company, worth what both are; neither's shares are added
-- given: curated.share_classes
select *
from (
    values
    ('084670108', '084670', '2024-07-01 20:00Z', null),
    ('084670702', '084670', '2024-08-10 20:00Z', null)
) as given (cusip, company, known_at, withdrawn_at);
-- given: features.holder_positions
select *
from (
    values
    ('084670108', 'BRK.A', 3, 2, 1_800_000, 1_000_000, 550_000, 550_000, 0.5),
    ('084670702', 'BRK.B', 0, 1_500, 0, 500_000, 333.333333, -500_000, 0)
) as given (
    cusip, ticker, shares, prev_shares, value_usd, prev_value_usd, mean_price_usd, trade_effect_usd,
    portfolio_frac
);
-- expect: company, ticker, n_classes, n_prev_classes, value_usd, prev_value_usd, holder_change,
--     trade_effect_usd, prev_worth_usd, change_frac, portfolio_frac
values
('084670', 'BRK.A', 1, 2, 1_800_000, 1_500_000, 'unchanged', 0, 1_650_000, 0, 0.5);

-- case: what is moved to another class is no purchase, though the price rose by a fifth
-- given: curated.share_classes
select
    given.cusip,
    '02079K' as company
from (values ('02079K107'), ('02079K305')) as given (cusip);
-- given: features.holder_positions
select *
from (
    values
    ('02079K107', 'GOOG', 10, 100, 120, 1_000, 11, -990),
    ('02079K305', 'GOOGL', 90, 0, 1_080, 0, 12, 1_080)
) as given (
    cusip, ticker, shares, prev_shares, value_usd, prev_value_usd, mean_price_usd, trade_effect_usd
);
-- expect: ticker, holder_change, trade_effect_usd, prev_worth_usd, change_frac, n_classes
values ('GOOGL', 'unchanged', 0, 1_100, 0, 2);

-- case: one class behaves as the security does; half a percent is no change
-- given: features.holder_positions
select *
from (
    values
    ('A', 100, 0, 1_200, 0, 12, 1_200),
    ('B', 0, 100, 0, 1_000, 10, -1_000),
    ('C', 150, 100, 1_800, 1_000, 11, 550),
    ('D', 199, 200, 2_388, 2_000, 11, -11),
    ('E', 198, 200, 2_376, 2_000, 11, -22)
) as given (
    cusip, shares, prev_shares, value_usd, prev_value_usd, mean_price_usd, trade_effect_usd
);
-- expect: company, holder_change, trade_effect_usd, change_frac
values
('A', 'new', 1_200, null),
('B', 'sold_out', -1_000, -1),
('C', 'increased', 550, 0.5),
('D', 'unchanged', -11, -0.005),
('E', 'decreased', -22, -0.01);

-- case: who exchanged one class wholly for another did something that its filing does not measure
-- given: curated.share_classes
select
    given.cusip,
    '02079K' as company
from (values ('02079K107'), ('02079K305')) as given (cusip);
-- given: features.holder_positions
select *
from (
    values
    ('02079K107', 0, 100, 0, 1_000, 10, -1_000),
    ('02079K305', 100, 0, 1_200, 0, 12, 1_200)
) as given (
    cusip, shares, prev_shares, value_usd, prev_value_usd, mean_price_usd, trade_effect_usd
);
-- expect: holder_change, trade_effect_usd, change_frac, value_usd, prev_value_usd
values ('exchanged', null, null, 1_200, 1_000);

-- case: puts, calls and principal are left out; without the quarter before nothing has changed
-- given: features.holder_positions
select
    given.*,
    told.*
from (
    values
    ('A', 'put', 'SH'),
    ('B', null, 'PRN'),
    ('C', null, 'SH')
) as given (cusip, put_call, share_type)
cross join (
    values (100, 1_200, null, null)
) as told (shares, value_usd, prev_shares, previous_accession_no);
-- expect: company, value_usd, prev_value_usd, holder_change, trade_effect_usd
values ('C', 1_200, null, null, null);

-- case: versions stay apart
-- param: max_unchanged_frac = 0.2
-- given: features.holder_positions
select
    given.*,
    1_200 as value_usd,
    1_000 as prev_value_usd,
    100 as prev_shares
from (
    values
    ('2024-08-10 20:00Z', timestamptz '2024-09-01 20:00Z', 120, 220),
    ('2024-09-01 20:00Z', null, 130, 330)
) as given (known_at, withdrawn_at, shares, trade_effect_usd);
-- expect: known_at, withdrawn_at, holder_change, change_frac
values
('2024-08-10 20:00Z', '2024-09-01 20:00Z', 'unchanged', 0.2),
('2024-09-01 20:00Z', null, 'increased', 0.3);

-- case: what a CUSIP is a class of is what was known then, and without a title it stands alone
-- given: curated.share_classes
select *
from (
    values
    ('464287655', '464287', '2024-08-09 20:00Z', timestamptz '2024-08-12 20:00Z'),
    ('464287655', '464287655', '2024-08-12 20:00Z', null),
    ('464287200', '464287', '2024-08-11 20:00Z', null)
) as given (cusip, company, known_at, withdrawn_at);
-- given: features.holder_positions
select
    given.*,
    1 as shares,
    1 as prev_shares,
    11 as value_usd,
    11 as prev_value_usd,
    0 as trade_effect_usd
from (
    values
    ('1', '464287655', '2024-08-10 20:00Z'),
    ('1', '464287200', '2024-08-10 20:00Z'),
    ('2', '464287655', '2024-08-12 20:00Z'),
    ('2', '464287200', '2024-08-12 20:00Z')
) as given (cik, cusip, known_at);
-- expect: cik, company, n_classes
values
('1', '464287', 1),
('1', '464287200', 1),
('2', '464287655', 1),
('2', '464287', 1);
