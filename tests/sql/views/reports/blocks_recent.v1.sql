-- default: symbol = 'IBM', session_date = '2024-03-01', print_id = 'FINRA:a', venue = 'FINRA'
-- default: known_at = '2024-03-01 15:00:00Z', traded_at = '2024-03-01 15:00:00Z', side = 1
-- default: value_usd = 10_000_000, side_prob = 0.8

-- case: each print once, in its newest version, and a side only where there is one
-- given: features.equity_blocks
select *
from (
    values
    ('FINRA:a', '2024-03-01 15:00:00Z', '2024-03-01 16:00:00Z', 10_000_000, 1),
    ('FINRA:a', '2024-03-01 16:00:00Z', null, 9_999_999, -1),
    ('FINRA:b', '2024-03-01 15:30:00Z', null, 10_000_000, null)
) as given (print_id, known_at, withdrawn_at, value_usd, side);
-- expect: print_id, known_at, value_usd, is_block, direction
values
('FINRA:a', '2024-03-01 16:00:00Z', 9_999_999, false, 'bear'),
('FINRA:b', '2024-03-01 15:30:00Z', 10_000_000, true, null);
