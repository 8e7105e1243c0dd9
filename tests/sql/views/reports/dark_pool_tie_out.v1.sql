-- default: symbol = 'GME', closes_at = '2024-03-01 21:00Z'

-- case: a month's prints are held against FINRA's totals, over the sessions that both tell
-- given: features.off_exchange_sessions
select *
from (
    values
    ('2024-02-28', '2024-02-29 02:00Z', 'prints', 1_000),
    ('2024-02-28', '2024-02-29 02:00Z', 'totals', 1_000),
    ('2024-02-29', '2024-03-01 02:00Z', 'prints', 1_100),
    ('2024-02-29', '2024-03-01 02:00Z', 'totals', 1_000),
    ('2024-03-01', '2024-03-02 02:00Z', 'prints', 990),
    ('2024-03-01', '2024-03-02 02:00Z', 'totals', 1_000),
    ('2024-03-04', '2024-03-05 02:00Z', 'totals', 1_000)
) as given (session_date, known_at, basis, offex_volume);
-- expect: month_date, symbol, n_sessions, print_volume, total_volume, gap_volume, gap_pct,
--     n_odd_sessions, is_tied
values
('2024-02-01', 'GME', 2, 2_100, 2_000, 100, 5, 1, true),
('2024-03-01', 'GME', 1, 990, 1_000, -10, -1, 0, true);

-- case: a tape that lacks a tenth is not tied
-- given: features.off_exchange_sessions
select
    *,
    '2024-03-01' as session_date,
    '2024-03-02 02:00Z' as known_at
from (
    values
    ('prints', 900), ('totals', 1_000)
) as given (basis, offex_volume);
-- expect: gap_pct, is_tied
values (-10, false);
