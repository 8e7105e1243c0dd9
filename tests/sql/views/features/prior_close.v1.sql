-- default: symbol = 'AAPL', bar = '1d', starts_at = '2024-03-01 14:30Z'
-- default: session_date = '2024-03-01', close = 179.66

-- case: what a Friday closed at is held against Monday's trades, each version of it
-- given: curated.traded_bars
select *
from (
    values
    (179.66, '2024-03-01 21:15Z', '2024-03-04 12:00Z'),
    (179.67, '2024-03-04 12:00Z', null)
) as given (close, known_at, withdrawn_at);
-- expect: symbol, session_date, close, close_date, known_at, withdrawn_at
values
('AAPL', '2024-03-04', 179.66, '2024-03-01', '2024-03-01 21:15Z', '2024-03-04 12:00Z'),
('AAPL', '2024-03-04', 179.67, '2024-03-01', '2024-03-04 12:00Z', null);

-- case: a minute's bar is none, nor one whose price as traded nobody knows
-- given: curated.traded_bars
select *
from (
    values
    ('1m', 179.66, '2024-03-01 14:31:01Z'),
    ('1d', null, '2024-03-01 21:15Z')
) as given (bar, close, known_at);
-- expect: nothing
