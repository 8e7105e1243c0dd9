-- default: symbol = 'AAPL', open = 10, high = 12, low = 9, close = 11, volume = 100
-- default: close_split = 11, volume_split = 100, bar = '1d', starts_at = '2024-03-04 14:30Z'
-- default: known_at = '2024-03-04 21:15Z'

-- case: each session says its change; one without a daily bar is the sum of its minutes so far
-- span: 2024-03-01 2024-03-06
-- given: curated.equity_bars
select
    *,
    close as close_split,
    volume as volume_split,
    starts_at + interval 1 minute as known_at
from (
    values
    ('1d', date '2024-03-04', timestamptz '2024-03-04 14:30Z', 10, 12, 9, 11, 100),
    ('1m', '2024-03-04', '2024-03-04 14:30Z', 90, 90, 90, 90, 7),
    ('1m', '2024-03-05', '2024-03-05 14:30Z', 11, 11.5, 10.5, 11, 30),
    ('1m', '2024-03-05', '2024-03-05 14:31Z', 11, 14, 11, 13.2, 50)
) as given (bar, session_date, starts_at, open, high, low, close, volume);
-- expect: session_date, open, high, low, close, volume, change_usd, change_pct, is_whole
values
('2024-03-04', 10, 12, 9, 11, 100, null, null, true),
('2024-03-05', 11, 14, 10.5, 13.2, 80, 2.2, 20, false);

-- case: prices before a split are in shares of the span's end, and what was taken back is not there
-- span: 2024-03-01 2024-03-06
-- given: curated.equity_bars
select *
from (
    values
    ('AAPL', date '2024-03-04', 100, 120, 90, 110, 11, 1_000, null::timestamptz),
    ('MSFT', '2024-03-04', 100, 120, 90, 110, 110, 100, '2024-03-04 22:00Z')
) as given (symbol, session_date, open, high, low, close, close_split, volume_split, withdrawn_at);
-- expect: symbol, open, high, low, close, volume
values ('AAPL', 10, 12, 9, 11, 1_000);
