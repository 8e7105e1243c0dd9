-- default: cik = '1', manager = 'Line LLC', period_end = '2024-03-31', bar = '1d'
-- default: accession_no = 'first', share_type = 'SH', shares = 10, value_unit = 'usd'
-- default: unit_rule = 'date', ticker = 'AAPL', symbol = 'AAPL', session_date = '2024-03-28'
-- default: close = 170, n_entries = 1, line = 1

-- case: closes at the quarter's end say dollars, thousands, or nothing
-- given: curated.filings
select *
from (
    values
    ('first', 'usd', '2024-05-10 20:00Z'),
    ('thousands', 'usd', '2024-05-10 20:00Z'),
    ('corrected', 'thousand', '2024-05-10 20:00Z'),
    ('nonsense', 'usd', '2024-05-10 20:00Z'),
    ('options alone', 'usd', '2024-05-10 20:00Z')
) as given (accession_no, value_unit, known_at);
-- given: curated.holdings
select *
from (
    values
    ('first', 'usd', 1_700, null, '2024-05-10 20:00Z'),
    ('thousands', 'usd', 2, null, '2024-05-10 20:00Z'),
    ('corrected', 'thousand', 2_000, null, '2024-05-10 20:00Z'),
    ('nonsense', 'usd', 50, null, '2024-05-10 20:00Z'),
    ('options alone', 'usd', 2, 'put', '2024-05-10 20:00Z')
) as given (accession_no, value_unit, value_usd, put_call, known_at);
-- given: curated.equity_bars
select '2024-03-28 20:00Z' as known_at;
-- expect: accession_no, price_unit, is_disputed, n_priced, log_gap
values
('first', 'usd', false, 1, 0),
('thousands', 'thousand', true, 1, -2.929419),
('corrected', 'thousand', false, 1, -2.929419),
('nonsense', null, false, 1, -1.531479),
('options alone', null, false, 0, null);

-- case: a close counts that is of the quarter's last days and was known by then, the newest
-- given: curated.filings
select '2024-05-10 20:00Z' as known_at;
-- given: curated.holdings
select
    ticker,
    1_700 as value_usd,
    '2024-05-10 20:00Z' as known_at
from (values ('AAPL'), ('OLD'), ('LATE'), ('AFTER')) as given (ticker);
-- given: curated.equity_bars
select *
from (
    values
    ('AAPL', '2024-03-27', 17_000, '2024-03-27 20:00Z'),
    ('AAPL', '2024-03-28', 170, '2024-03-28 20:00Z'),
    ('OLD', '2024-03-20', 170, '2024-03-20 20:00Z'),
    ('LATE', '2024-03-28', 170, '2024-05-11 20:00Z'),
    ('AFTER', '2024-04-01', 170, '2024-04-01 20:00Z')
) as given (symbol, session_date, close, known_at);
-- expect: n_priced, log_gap, cik, manager, period_end, known_at, withdrawn_at, value_unit,
--     unit_rule
values (1, 0, '1', 'Line LLC', '2024-03-31', '2024-05-10 20:00Z', null, 'usd', 'date');
