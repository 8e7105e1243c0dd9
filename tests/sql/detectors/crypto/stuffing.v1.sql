-- default: venue = 'binance', pair = 'BTC-USDT', epoch = '160', n_messages = 500, n_adds = 400
-- default: n_removals = 401, n_trades = 1, n_obs = 3_600, median_messages = 20
-- default: mad_log_messages = 0.20, median_trades = 2
-- default: stuffing_mz = round(0.6745 * (ln(501) - ln(21)) / 0.20, 6)

-- case: the rule book's burst of 500 for three seconds is 10.70 and low, once
-- given: features.book_message_rate
select
    bar_at,
    bar_at + interval 1 second as known_at
from range(
    timestamptz '2024-08-08 12:00:00Z', timestamptz '2024-08-08 12:00:08Z', interval 1 second
) as given (bar_at);
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'binance:BTC-USDT', 'pair', '2024-08-08 12:00:03Z', '2024-08-08 12:00:03Z', 'neutral',
    21.325919, 0.6, null,
    'binance:BTC-USDT: 1500 messages in 3s, usually 20 a second, with 1200 cancels, 1200 adds '
    || 'and 3 trades',
    'crypto.stuffing|binance:BTC-USDT|1723118400000|3s',
    '{
        "n_messages": 500, "min_mz": 10.697852, "stuffing_mz": 10.697852, "max_messages": 500,
        "sum_messages": 1500, "n_adds": 1200, "n_cancels": 1200, "n_trades": 3,
        "median_messages": 20.0, "mad_log_messages": 0.2, "median_trades": 2.0, "n_obs": 3600,
        "n_bars": 3, "epoch": "160", "rung": "3s", "began_us": 1723118400000000,
        "ended_us": 1723118403000000
    }'
);

-- case: the rule book's burst of 300 is 9.0 and does not fire
-- given: features.book_message_rate
select
    300 as n_messages,
    round(0.6745 * (ln(301) - ln(21)) / 0.20, 6) as stuffing_mz,
    bar_at,
    bar_at + interval 1 second as known_at
from range(
    timestamptz '2024-08-08 12:00:00Z', timestamptz '2024-08-08 12:01:00Z', interval 1 second
) as given (bar_at);
-- expect: nothing

-- case: ten seconds of it are medium and thirty are high, as weak as their weakest second
-- given: features.book_message_rate
select
    bar_at,
    case when bar_at = timestamptz '2024-08-08 12:00:05Z' then 15 else 99 end as stuffing_mz,
    bar_at + interval 1 second as known_at
from range(
    timestamptz '2024-08-08 12:00:00Z', timestamptz '2024-08-08 12:02:00Z', interval 1 second
) as given (bar_at);
-- expect: fired_at, score, alert_key
values
('2024-08-08 12:00:03Z', 39, 'crypto.stuffing|binance:BTC-USDT|1723118400000|3s'),
('2024-08-08 12:00:10Z', 49.5, 'crypto.stuffing|binance:BTC-USDT|1723118400000|10s'),
('2024-08-08 12:00:30Z', 69.5, 'crypto.stuffing|binance:BTC-USDT|1723118400000|30s');

-- case: two seconds, few cancels, more trades, a gap, a still second and no history stay quiet
-- given: features.book_message_rate
select
    given.pair, given.epoch, given.n_removals, given.n_trades, given.stuffing_mz,
    timestamptz '2024-08-08 12:00:00Z' + given.second_of * interval 1 second as bar_at,
    timestamptz '2024-08-08 12:00:01Z' + given.second_of * interval 1 second as known_at
from (
    values
    ('two', 0, '1', 401, 1, 12),
    ('two', 1, '1', 401, 1, 12),
    ('two', 2, '1', 401, 1, 9.9),
    ('two', 3, '1', 401, 1, 12),
    ('few cancels', 0, '1', 400, 1, 12),
    ('few cancels', 1, '1', 342, 1, 12),
    ('few cancels', 2, '1', 400, 1, 12),
    ('trades rise', 0, '1', 412, 2, 12),
    ('trades rise', 1, '1', 412, 8, 12),
    ('trades rise', 2, '1', 412, 2, 12),
    ('gap', 0, '1', 401, 1, 12),
    ('gap', 1, '1', 401, 1, 12),
    ('gap', 2, '2', 401, 1, 12),
    ('still', 0, '1', 401, 1, 12),
    ('still', 1, '1', 401, 1, 12),
    ('still', 3, '1', 401, 1, 12),
    ('new', 0, '1', 401, 1, null),
    ('new', 1, '1', 401, 1, null),
    ('new', 2, '1', 401, 1, null)
) as given (pair, second_of, epoch, n_removals, n_trades, stuffing_mz);
-- expect: nothing

-- case: cancels and trades are of the run so far, so that one second alone ends nothing
-- given: features.book_message_rate
select
    timestamptz '2024-08-08 12:00:00Z' + given.second_of * interval 1 second as bar_at,
    timestamptz '2024-08-08 12:00:01Z' + given.second_of * interval 1 second as known_at,
    given.n_removals, given.n_trades
from (
    values
    (0, 401, 0),
    (1, 350, 5),
    (2, 402, 6)
) as given (second_of, n_removals, n_trades);
-- expect: fired_at, evidence ->> '$.n_cancels', evidence ->> '$.n_adds'
values ('2024-08-08 12:00:03Z', '1142', '1200');

-- case: what a venue held back and tells at once is a burst too (noisy)
-- given: features.book_message_rate
select
    bar_at,
    3_000 as n_messages,
    16.6 as stuffing_mz,
    bar_at + interval 1 second as known_at
from range(
    timestamptz '2024-08-08 12:00:00Z', timestamptz '2024-08-08 12:00:03Z', interval 1 second
) as given (bar_at);
-- expect: fired_at
values ('2024-08-08 12:00:03Z');

-- case: where no trades are loaded none rise, and it is less sure (noisy)
-- given: features.book_message_rate
select
    bar_at,
    0 as n_trades,
    0 as median_trades,
    bar_at + interval 1 second as known_at
from range(
    timestamptz '2024-08-08 12:00:00Z', timestamptz '2024-08-08 12:00:03Z', interval 1 second
) as given (bar_at);
-- expect: fired_at, confidence
values ('2024-08-08 12:00:03Z', 0.4);

-- case: a whole book that is quoted anew on news is a burst too (noisy)
-- given: features.book_message_rate
select
    bar_at,
    4_000 as n_adds,
    4_000 as n_removals,
    3 as n_trades,
    bar_at + interval 1 second as known_at
from range(
    timestamptz '2024-08-08 12:00:00Z', timestamptz '2024-08-08 12:00:03Z', interval 1 second
) as given (bar_at);
-- expect: fired_at, evidence ->> '$.n_cancels'
values ('2024-08-08 12:00:03Z', '11991');

-- case: a run asked from any of its seconds is the same run
-- span: 2024-08-08T12:00:20Z 2024-08-08T12:02:00Z
-- given: features.book_message_rate
select
    bar_at,
    bar_at + interval 1 second as known_at
from range(
    timestamptz '2024-08-08 12:00:00Z', timestamptz '2024-08-08 12:03:00Z', interval 1 second
) as given (bar_at);
-- expect: fired_at, alert_key
values ('2024-08-08 12:00:30Z', 'crypto.stuffing|binance:BTC-USDT|1723118400000|30s');
