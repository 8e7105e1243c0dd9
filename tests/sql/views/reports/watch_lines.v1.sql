-- default: watchlist = 'desk', is_active = true, known_at = '2024-02-05 20:00Z'

-- case: lines that stand, silent ones too
-- given: curated.watchlists
select *
from (
    values
    ('AAPL', true, null),
    ('MSFT', false, null),
    ('TSLA', true, '2024-02-06 20:00Z')
) as given (symbol, is_active, withdrawn_at);
-- expect: watchlist, symbol, is_active, n_symbols
values
('desk', 'AAPL', true, 2),
('desk', 'MSFT', false, 2);
