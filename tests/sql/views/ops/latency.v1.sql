-- default: run = 'r', minute_at = '2024-02-16 15:00Z', n_1ms = 0, n_5ms = 0, n_10ms = 0, n_25ms = 0
-- default: n_50ms = 0, n_100ms = 0, n_250ms = 0, n_500ms = 0, n_1000ms = 0, n_2500ms = 0
-- default: n_5000ms = 0, n_10000ms = 0, n_60000ms = 0

-- case: minutes add up, a percentile is a bound, and what is beyond all bounds is the longest
-- given: raw.latencies
select
    *,
    n_10000ms as n_60000ms
from (
    values
    ('a', 'stored', 60, 600, 40, 60, 60, 60, 60, '2024-02-16 15:00Z'),
    ('b', 'stored', 40, 4_000, 4_000, 20, 30, 36, 36, '2024-02-16 15:01Z'),
    ('a', 'ruled', 2, 80_000, 70_000, 0, 0, 0, 1, '2024-02-16 15:00Z')
) as given (run, stage, n, sum_ms, max_ms, n_25ms, n_50ms, n_100ms, n_10000ms, minute_at);
-- expect: stage, n, mean_ms, p50_ms, p95_ms, p99_ms, max_ms, first_minute_at, last_minute_at
values
('stored', 100, 46, 25, 100, 4_000, 4_000, '2024-02-16 15:00Z', '2024-02-16 15:01Z'),
('ruled', 2, 40_000, 10_000, 70_000, 70_000, 70_000, '2024-02-16 15:00Z', '2024-02-16 15:00Z');
