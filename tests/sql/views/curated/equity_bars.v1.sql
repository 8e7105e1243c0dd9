-- default: symbol = 'AAPL', security_id = 'AAPL', bar = '1d', adjusted = 'none', volume = 700
-- default: open = 380, high = 430, low = 370, source = 'equity_bars_lean'
-- default: starts_at = '2014-05-07 13:30Z', known_at = '2014-05-07 20:15Z'

-- case: a close is as traded, in the shares of the span's end, and with dividends taken off
-- given: curated.split_ratios
select
    '0001-01-01' as from_date,
    '2014-06-09' as to_date,
    7 as ratio;
-- given: curated.dividend_fractions
select
    '0001-01-01' as from_date,
    '2014-05-08' as to_date,
    0.995 as kept_frac,
    '2014-05-07' as close_date;
-- given: curated.traded_bars
select *
from (
    values
    ('AAPL', date '2014-05-06', 350), ('AAPL', date '2014-05-07', 400),
    ('AAPL', date '2014-05-08', 420), ('AAPL', date '2014-06-09', 60), ('IBM', date '2014-05-07', 9)
) as given (security_id, session_date, close);
-- expect: security_id, session_date, close, volume, close_split, volume_split, close_full
values
('AAPL', '2014-05-06', 350, 700, 50, 4_900, 49.75),
('AAPL', '2014-05-07', 400, 700, round(400 / 7.0, 9), 4_900, round(398 / 7.0, 9)),
('AAPL', '2014-05-08', 420, 700, 60, 4_900, 60),
('AAPL', '2014-06-09', 60, 700, 60, 700, 60),
('IBM', '2014-05-07', 9, 700, 9, 700, 9);

-- case: what its source has adjusted for dividends has that price alone, adjusted on from there
-- given: curated.split_ratios
select
    '0001-01-01' as from_date,
    '2014-06-09' as to_date,
    7 as ratio;
-- given: curated.dividend_fractions
select *
from (
    values
    ('AAPL', '0001-01-01', '2014-05-08', 0.9, '2014-05-07'),
    ('AAPL', '2014-05-08', '2014-08-07', 0.98, '2014-08-06')
) as given (security_id, from_date, to_date, kept_frac, close_date);
-- given: curated.traded_bars
select
    '2014-05-06' as session_date,
    'all' as adjusted,
    '2014-05-30' as shares_date,
    350 as told_close;
-- expect: session_date, close, close_split, close_full, volume, volume_split
values ('2014-05-06', null, null, 49, 700, 4_900);

-- case: before a dividend of which no close is known there is none with dividends taken off
-- given: curated.dividend_fractions
select *
from (
    values
    ('AAPL', '0001-01-01', '2014-05-08', 0.995, '2014-05-06'),
    ('IBM', '0001-01-01', '2014-05-08', null, null)
) as given (security_id, from_date, to_date, kept_frac, close_date);
-- given: curated.traded_bars
select
    *,
    400 as close
from (
    values ('AAPL', date '2014-05-06'), ('AAPL', date '2014-05-07'), ('IBM', date '2014-05-06')
) as given (security_id, session_date);
-- expect: security_id, session_date, close, close_full
values
('AAPL', '2014-05-06', 400, 398),
('AAPL', '2014-05-07', 400, null),
('IBM', '2014-05-06', 400, null);
