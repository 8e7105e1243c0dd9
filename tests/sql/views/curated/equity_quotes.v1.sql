-- default: symbol = 'IBM', quoted_at = '2024-03-01 15:00:00Z', known_at = '2024-03-01 15:00:00Z'
-- default: session_date = '2024-03-01', place = 1, bid = 100.00, ask = 100.10, source = 'given'

-- case: of several quotes of a moment the last stands
-- given: raw.equity_quotes
select *
from (values (1, 100.00, 100.10), (2, 100.00, 100.08), (3, null, 100.08))
    as given (place, bid, ask);
-- expect: symbol, quoted_at, bid, ask
values ('IBM', '2024-03-01 15:00:00Z', null, 100.08);

-- case: what is told later than it stood, and what is gone, stand nowhere
-- given: raw.equity_quotes
select *
from (
    values
    ('A', '2024-03-01 15:00:00Z', 100.00, false),
    ('A', '2024-03-01 15:00:01Z', 99.00, false),
    ('B', '2024-03-01 15:00:01Z', 99.00, false),
    ('C', '2024-03-01 15:00:00Z', 99.00, true)
) as given (symbol, known_at, bid, is_gone);
-- expect: symbol, bid
values ('A', 100.00);
