-- default: session_date = '2024-03-05', mark = 5, known_at = '2024-03-05 17:00Z', n_obs = 60
-- default: mean20 = 100_000, trend = 1.0, value_usd = 9_000_000, volume = 250_000

-- case: the newest half hour of a session counts, and only what is twice the usual is told
-- span: 2024-03-05 00:00Z 2024-03-06 00:00Z
-- given: features.equity_volume
select *
from (
    values
    ('A', 4, '2024-03-05 16:30Z', 9.0, 8.0, 1.0), ('A', 5, '2024-03-05 17:00Z', 2.5, 4.0, 1.2),
    ('B', 5, '2024-03-05 17:00Z', 3.0, 1.0, 0.8), ('C', 5, '2024-03-05 17:00Z', 5.0, null, 1.0),
    ('D', 4, '2024-03-05 16:30Z', 2.0, 1.0, 1.0), ('D', 5, '2024-03-05 17:00Z', 1.9, 1.0, 1.0),
    ('E', 5, '2024-03-05 17:00Z', null, null, null)
) as given (symbol, mark, known_at, ratio20, mz60, trend);
-- expect: symbol, mark, ratio20, mz60, is_unusual, severity_legacy, trend_label, value_usd
values
('A', 5, 2.5, 4.0, true, 'medium', 'rising', 9_000_000),
('B', 5, 3.0, 1.0, false, 'high', 'falling', 9_000_000),
('C', 5, 5.0, null, false, 'extreme', 'flat', 9_000_000);
