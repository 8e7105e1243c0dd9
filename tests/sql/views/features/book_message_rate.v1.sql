-- default: venue = 'binance', pair = 'BTC-USDT', n_adds = 100, n_removals = 100, n_trades = 1
-- default: epoch = '160', measure = 'messages'

-- case: the modified z is by median and MAD of the logs of the same hour a day before
-- given: features.book_message_hours
select
    *,
    hour_at as known_at
from (
    values
    ('2024-08-07 11:00Z', 'messages', 900, 3_600),
    ('2024-08-07 12:00Z', 'messages', 9, 900),
    ('2024-08-07 12:00Z', 'messages', 19, 100),
    ('2024-08-07 12:00Z', 'messages', 20, 900),
    ('2024-08-07 12:00Z', 'messages', 41, 900),
    ('2024-08-07 12:00Z', 'trades', 0, 100),
    ('2024-08-07 12:00Z', 'trades', 3, 2_700),
    ('2024-08-08 11:00Z', 'messages', 900, 3_600),
    ('2024-08-08 12:00Z', 'messages', 900, 3_600)
) as given (hour_at, measure, n, n_bars);
-- given: features.book_messages
select
    500 as n_messages,
    '2024-08-08 12:34:56Z' as bar_at,
    '2024-08-08 12:34:56.9Z' as known_at;
-- expect: bar_at, known_at, n_messages, n_adds, n_removals, n_trades, n_obs, median_messages,
--     mad_log_messages, median_trades, stuffing_mz, epoch
values (
    '2024-08-08 12:34:56Z', '2024-08-08 12:34:57Z', 500, 100, 100, 1, 2_800, 20,
    round(ln(42 / 21.0), 9), 3, round(0.6745 * ln(501 / 21.0) / ln(42 / 21.0), 6), '160'
);

-- case: below ten minutes of seconds, of another pair, or where half are equal there is no z
-- given: features.book_message_hours
select
    *,
    '2024-08-07 12:00Z' as hour_at,
    '2024-08-07 12:00Z' as known_at
from (
    values
    ('SHORT', 10, 300),
    ('SHORT', 20, 299),
    ('ENOUGH', 9, 300),
    ('ENOUGH', 19, 300),
    ('FIXED', 10, 3_000),
    ('FIXED', 9, 600)
) as given (pair, n, n_bars);
-- given: features.book_messages
select
    *,
    99 as n_messages,
    '2024-08-08 12:00Z' as bar_at,
    '2024-08-08 12:00Z' as known_at
from (
    values
    ('SHORT'),
    ('ENOUGH'),
    ('FIXED'),
    ('OTHER')
) as given (pair);
-- expect: pair, n_obs, median_messages, stuffing_mz
values
('SHORT', 0, null, null),
('ENOUGH', 600, 14, round(0.6745 * ln(100 / sqrt(200)) / ln(sqrt(2)), 6)),
('FIXED', 3_600, 10, null),
('OTHER', 0, null, null);

-- case: a second that is not over is not told
-- span: 2024-08-08T12:00:00Z 2024-08-08T12:00:02Z
-- given: features.book_messages
select
    *,
    bar_at as known_at,
    5 as n_messages
from (
    values
    ('2024-08-08 11:59:59Z'),
    ('2024-08-08 12:00:00Z'),
    ('2024-08-08 12:00:01Z')
) as given (bar_at);
-- expect: bar_at
values ('2024-08-08 11:59:59Z'), ('2024-08-08 12:00:00Z');
