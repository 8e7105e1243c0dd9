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
    ('massive_equity_bars', 646, '2014-06-06 20:30Z'),
    ('equity_bars_yahoo', 643, '2014-06-06 21:00Z'),
    ('massive_equity_bars', 647, '2014-06-07 11:00Z')
) as given (source, close, known_at);
-- expect: source, close, known_at, withdrawn_at
values
('equity_bars_lean', 645, '2014-06-06 20:15Z', '2014-06-06 20:30Z'),
('massive_equity_bars', 646, '2014-06-06 20:30Z', '2014-06-07 11:00Z'),
('massive_equity_bars', 647, '2014-06-07 11:00Z', null);

-- case: what comes more than an hour later stands, whoever tells it
-- given: raw.equity_bars
select *
from (
    values
    ('massive_equity_bars', 646, '2014-06-06 20:15Z'),
    ('equity_bars_yahoo', 644, '2014-06-06 21:16Z')
) as given (source, close, known_at);
-- expect: source, known_at, withdrawn_at
values
('massive_equity_bars', '2014-06-06 20:15Z', '2014-06-06 21:16Z'),
('equity_bars_yahoo', '2014-06-06 21:16Z', null);

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

-- case: prices are in the shares of the day to which their source adjusts them, else of their own
-- given: raw.equity_bars
select *
from (
    values ('none', '2014-06-06 13:30Z', null), ('split', '2014-06-06 13:31Z', date '2018-02-07')
) as given (adjusted, starts_at, adjusted_to);
-- expect: adjusted, shares_date, close
values ('none', '2014-06-06', 645.57), ('split', '2018-02-07', 645.57);
