-- default: symbol = 'AAPL', bar = '1d', starts_at = '2014-06-06 13:30Z'
-- default: session_date = '2014-06-06', known_at = '2014-06-06 20:15Z'
-- default: open = 649.9, high = 651.26, low = 644.47, close = 645.57, volume = 12497800
-- default: adjusted = 'none', source = 'equity_bars_lean'
-- default: security_id = 'AAPL', shares_date = '2014-06-06'

-- case: prices that their source divided by later splits are those at which it traded
-- given: curated.split_ratios
select *
from (
    values
    ('AAPL', '0001-01-01', '2014-06-09', 28),
    ('AAPL', '2014-06-09', '2020-08-31', 4)
) as given (security_id, from_date, to_date, ratio);
-- given: curated.told_bars
select
    *,
    '2018-02-07' as shares_date
from (
    values
    ('2014-06-06', '2014-06-06 13:30Z', 'split', 92.7, 93, 92, 92.22, 87_484_600),
    ('2014-06-09', '2014-06-09 13:30Z', 'split', 92.7, 93, 92, 92.5, 75_000_000),
    ('2014-06-06', '2014-06-06 13:31Z', 'all', 85, 86, 84, 85.5, 87_484_600)
) as given (session_date, starts_at, adjusted, open, high, low, close, volume);
-- expect: starts_at, open, high, low, close, volume, told_close, told_volume, adjusted, shares_date
values
(
    '2014-06-06 13:30Z', 648.9, 651, 644, 645.54, 12_497_800, 92.22, 87_484_600,
    'split', '2018-02-07'
),
('2014-06-09 13:30Z', 92.7, 93, 92, 92.5, 75_000_000, 92.5, 75_000_000, 'split', '2018-02-07'),
(
    '2014-06-06 13:31Z', null, null, null, null, 12_497_800, 85.5, 87_484_600,
    'all', '2018-02-07'
);

-- case: what was told in its own shares stays as it is, whatever was split since
-- given: curated.split_ratios
select *
from (
    values ('AAPL', '0001-01-01', '2014-06-09', 28)
) as given (security_id, from_date, to_date, ratio);
-- given: curated.told_bars
select
    649.9 as open,
    '2014-06-07 11:00Z' as withdrawn_at;
-- expect: open, high, low, close, volume, known_at, withdrawn_at
values
(649.9, 651.26, 644.47, 645.57, 12_497_800, '2014-06-06 20:15Z', '2014-06-07 11:00Z');
