-- default: bar = '1d', session_date = '2024-02-13', starts_at = '2024-02-13 14:30Z'
-- default: volume = 100, adjusted = 'none'

-- case: closes two sources apart are told once, adjusted ones and a cent are not
-- given: raw.equity_bars
select *
from (
    values
    ('stooq', 'AAPL', 100, 'none', '2024-02-13 21:15Z'),
    ('yahoo', 'AAPL', 103, 'none', '2024-02-13 22:00Z'),
    ('stooq', 'IBM', 100, 'none', '2024-02-13 21:15Z'),
    ('yahoo', 'IBM', 100.01, 'none', '2024-02-13 22:00Z'),
    ('stooq', 'NVDA', 100, 'none', '2024-02-13 21:15Z'),
    ('yahoo', 'NVDA', 10, 'split', '2024-02-13 22:00Z')
) as given (source, symbol, close, adjusted, known_at);
-- expect: entity, known_at, reason
values ('AAPL', '2024-02-13 22:00Z', 'closes of 100.0 by stooq and 103.0 by yahoo');
