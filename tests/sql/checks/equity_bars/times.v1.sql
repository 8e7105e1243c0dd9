-- default: source = 'stooq', symbol = 'AAPL', close = 10, volume = 100, adjusted = 'none'
-- default: session_date = '2024-02-13'

-- case: a bar known before its end and one of another day are told
-- given: raw.equity_bars
select *
from (
    values
    ('1d', '2024-02-13 14:30Z', '2024-02-13 21:15Z'),
    ('1d', '2024-02-13 14:30Z', '2024-02-13 20:00Z'),
    ('1m', '2024-02-13 15:00Z', '2024-02-13 15:01Z'),
    ('1m', '2024-02-13 15:00Z', '2024-02-13 15:00:30Z'),
    ('1m', '2024-02-15 15:00Z', '2024-02-15 15:01Z')
) as given (bar, starts_at, known_at);
-- expect: known_at, reason
values
('2024-02-13 20:00Z', 'it was known before it was over'),
('2024-02-13 15:00:30Z', 'it was known before it was over'),
('2024-02-15 15:01Z', 'it begins 48 hours from its session''s open');
