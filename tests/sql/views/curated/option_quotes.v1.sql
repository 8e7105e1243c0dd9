-- default: contract = 'AAPL240315C00180000', currency = 'USD', session_date = '2024-03-01'

-- case: of several quotes of one moment the last stands
-- given: raw.option_quotes
select
    *,
    stood_at as known_at, stood_at as quoted_at
from (
    values
    (1, '2024-03-01 15:00:00Z', 1.00, 1.10, 5, 7),
    (2, '2024-03-01 15:00:00Z', 1.01, 1.10, 6, 7),
    (1, '2024-03-01 15:00:01Z', 1.02, null, 8, null)
) as given (place, stood_at, bid, ask, bid_size, ask_size);
-- expect: stood_at, known_at, bid, ask, bid_size, ask_size
values
('2024-03-01 15:00:00Z', '2024-03-01 15:00:00Z', 1.01, 1.10, 6, 7),
('2024-03-01 15:00:01Z', '2024-03-01 15:00:01Z', 1.02, null, 8, null);

-- case: a correction that came later changes nothing that was made of the first one
-- given: raw.option_quotes
select
    *,
    1 as place, '2024-03-01 15:00:00Z' as stood_at, '2024-03-01 14:59:00Z' as quoted_at
from (
    values
    ('2024-03-01 15:00:00Z', 1.00, false),
    ('2024-03-02 12:00:00Z', 2.00, false),
    ('2024-03-03 12:00:00Z', null, true)
) as given (known_at, bid, is_gone);
-- expect: stood_at, quoted_at, bid
values ('2024-03-01 15:00:00Z', '2024-03-01 14:59:00Z', 1.00);
