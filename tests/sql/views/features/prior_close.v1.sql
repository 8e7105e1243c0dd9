-- default: symbol = 'AAPL', bar = '1d', starts_at = '2024-03-01 14:30Z'
-- default: session_date = '2024-03-01', close = 179.66

-- case: what a Friday closed at is held against Monday's trades, each version of it
-- given: raw.equity_bars
select *
from (
    values
    (179.66, '2024-03-01 21:15Z'),
    (179.67, '2024-03-04 12:00Z')
) as given (close, known_at);
-- expect: symbol, session_date, close, close_date, known_at, withdrawn_at
values
('AAPL', '2024-03-04', 179.66, '2024-03-01', '2024-03-01 21:15Z', '2024-03-04 12:00Z'),
('AAPL', '2024-03-04', 179.67, '2024-03-01', '2024-03-04 12:00Z', null);

-- case: a minute's bar is none, and one that is gone is withdrawn
-- given: raw.equity_bars
select *
from (
    values
    ('1m', '2024-03-01 14:31:01Z', false),
    ('1d', '2024-03-01 21:15Z', false),
    ('1d', '2024-03-04 12:00Z', true)
) as given (bar, known_at, is_gone);
-- expect: known_at, withdrawn_at
values ('2024-03-01 21:15Z', '2024-03-04 12:00Z');
