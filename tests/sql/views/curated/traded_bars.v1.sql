-- default: symbol = 'AAPL', bar = '1d', starts_at = '2014-06-06 13:30Z'
-- default: session_date = '2014-06-06', known_at = '2014-06-06 20:15Z'
-- default: open = 649.9, high = 651.26, low = 644.47, close = 645.57, volume = 12497800
-- default: adjusted = 'none', source = 'equity_bars_lean'

-- case: of two sources the better one stands, also where it comes later; a correction follows
-- given: raw.equity_bars
select *
from (
    values
    ('equity_bars_lean', 645, '2014-06-06 20:15Z'),
    ('equity_bars_yahoo', 644, '2014-06-06 20:15Z'),
    ('equity_bars_massive', 646, '2014-06-06 20:30Z'),
    ('equity_bars_yahoo', 643, '2014-06-06 21:00Z'),
    ('equity_bars_massive', 647, '2014-06-07 11:00Z')
) as given (source, close, known_at);
-- expect: source, close, known_at, withdrawn_at
values
('equity_bars_lean', 645, '2014-06-06 20:15Z', '2014-06-06 20:30Z'),
('equity_bars_massive', 646, '2014-06-06 20:30Z', '2014-06-07 11:00Z'),
('equity_bars_massive', 647, '2014-06-07 11:00Z', null);

-- case: what comes more than a day later stands, whoever tells it
-- given: raw.equity_bars
select *
from (
    values
    ('equity_bars_massive', 646, '2014-06-06 20:15Z'),
    ('equity_bars_yahoo', 644, '2014-06-07 20:16Z')
) as given (source, close, known_at);
-- expect: source, known_at, withdrawn_at
values
('equity_bars_massive', '2014-06-06 20:15Z', '2014-06-07 20:16Z'),
('equity_bars_yahoo', '2014-06-07 20:16Z', null);

-- case: a bar beats a close alone, and what is gone is withdrawn
-- given: raw.equity_bars
select *
from (
    values
    (null, null, null, true, false, '2014-06-06 20:15Z'),
    (649, 651, 644, null, false, '2014-06-06 20:20Z'),
    (649, 651, 644, null, true, '2014-06-06 20:25Z')
) as given (open, high, low, is_close_only, is_gone, known_at);
-- expect: open, high, low, known_at, withdrawn_at
values
(null, null, null, '2014-06-06 20:15Z', '2014-06-06 20:20Z'),
(649, 651, 644, '2014-06-06 20:20Z', '2014-06-06 20:25Z');

-- case: prices that their source divided by later splits are those at which it traded
-- given: curated.split_ratios
select *
from (
    values
    ('AAPL', '0001-01-01', '2014-06-09', 28),
    ('AAPL', '2014-06-09', '2020-08-31', 4)
) as given (security_id, from_date, to_date, ratio);
-- given: raw.equity_bars
select
    *,
    '2018-02-07' as adjusted_to
from (
    values
    ('2014-06-06', '2014-06-06 13:30Z', 'split', 92.7, 93, 92, 92.22, 87_484_600),
    ('2014-06-09', '2014-06-09 13:30Z', 'split', 92.7, 93, 92, 92.5, 75_000_000),
    ('2014-06-06', '2014-06-06 13:31Z', 'all', 85, 86, 84, 85.5, 87_484_600)
) as given (session_date, starts_at, adjusted, open, high, low, close, volume);
-- expect: starts_at, open, high, low, close, volume, told_close, told_volume, adjusted, adjusted_to
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

-- case: a ticker is that of the security which had it on the day
-- given: curated.tickers
select *
from (
    values
    ('FB:1999-09-29', 'FB', '1999-09-29', '2003-03-29', '1999-09-29 04:00Z', '2003-03-29 05:00Z'),
    ('FB:1999-09-29', 'FB', '1999-09-29', '2003-03-29', '2003-03-29 05:00Z', null),
    ('AAPL:1998-01-02', 'AAPL', '1998-01-02', null, '1998-01-02 05:00Z', null)
) as given (security_id, ticker, valid_from, valid_to, known_at, withdrawn_at);
-- given: raw.equity_bars
select *
from (
    values
    ('FB', '2002-06-10', '2002-06-10 13:30Z', '2002-06-10 20:15Z'),
    ('FB', '2010-06-10', '2010-06-10 13:30Z', '2010-06-10 20:15Z'),
    ('AAPL', '2010-06-10', '2010-06-10 13:30Z', '2010-06-10 20:15Z')
) as given (symbol, session_date, starts_at, known_at);
-- expect: symbol, session_date, security_id
values
('FB', '2002-06-10', 'FB:1999-09-29'),
('FB', '2010-06-10', 'FB'),
('AAPL', '2010-06-10', 'AAPL:1998-01-02');
