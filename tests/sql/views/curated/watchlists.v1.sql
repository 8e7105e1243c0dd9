-- default: watchlist = 'desk', symbol = 'AAPL', is_active = true

-- case: each version stands until the next, and what is taken off is gone
-- given: raw.watchlists
select *
from (
    values
    ('AAPL', 5, false, '2024-03-01 12:00Z'),
    ('AAPL', 7, false, '2024-03-04 12:00Z'),
    ('AAPL', null, true, '2024-03-05 12:00Z'),
    ('MSFT', 3, false, '2024-03-01 12:00Z')
) as given (symbol, threshold_pct, is_gone, known_at);
-- expect: symbol, threshold_pct, known_at, withdrawn_at
values
('AAPL', 5, timestamptz '2024-03-01 12:00Z', timestamptz '2024-03-04 12:00Z'),
('AAPL', 7, timestamptz '2024-03-04 12:00Z', timestamptz '2024-03-05 12:00Z'),
('MSFT', 3, timestamptz '2024-03-01 12:00Z', null);

-- case: what is told later is not there yet
-- span: 2024-02-01 2024-03-01T12:00:01Z
-- given: raw.watchlists
select *
from (
    values ('AAPL', 5, '2024-03-01 12:00Z'), ('AAPL', 7, '2024-03-04 12:00Z')
) as given (symbol, threshold_pct, known_at);
-- expect: threshold_pct, withdrawn_at
values (5, null);
