-- default: venue = 'binance', pair = 'BTC-USDT', epoch = '160', obi = 0.98, abs_obi_pr = 0.995
-- default: n_obs = 86_400, mid = 100.05, microprice = 100.09, spread_bps = 9.995, obi_10bps = 0.4
-- default: n_updates = 10

-- case: five seconds at the top of the day before are low, once
-- given: features.book_imbalance
select
    bar_at,
    bar_at + interval 900 milliseconds as known_at
from range(
    timestamptz '2024-08-08 12:00:00Z', timestamptz '2024-08-08 12:00:08Z', interval 1 second
) as given (bar_at);
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'binance:BTC-USDT', 'pair', '2024-08-08 12:00:05Z', '2024-08-08 12:00:05Z', 'bull', 29.5, 0.5,
    null,
    'binance:BTC-USDT: the best five levels held bids at 99 % or more for 5s, '
    || 'above 99 % of the day before',
    'crypto.imbalance|binance:BTC-USDT|1723118400000|5s',
    '{
        "obi": 0.98, "min_abs_obi": 0.98, "abs_obi_pr": 0.995, "min_abs_obi_pr": 0.995,
        "n_obs": 86400, "short_history": false, "n_bars": 5, "mid": 100.05,
        "microprice": 100.09, "spread_bps": 9.995, "obi_10bps": 0.4, "epoch": "160",
        "rung": "5s", "began_us": 1723118400000000, "ended_us": 1723118405000000
    }'
);

-- case: a minute of it is a second row, medium, with a bucket of its own
-- given: features.book_imbalance
select
    bar_at,
    -0.98 as obi,
    bar_at + interval 900 milliseconds as known_at
from range(
    timestamptz '2024-08-08 12:00:00Z', timestamptz '2024-08-08 12:02:00Z', interval 1 second
) as given (bar_at);
-- expect: fired_at, direction, score, alert_key
values
('2024-08-08 12:00:05Z', 'bear', 29.5, 'crypto.imbalance|binance:BTC-USDT|1723118400000|5s'),
('2024-08-08 12:01:00Z', 'bear', 49.5, 'crypto.imbalance|binance:BTC-USDT|1723118400000|60s');

-- case: a run ends where it leans less, turns, has another epoch or is silent for over 5 s
-- given: features.book_imbalance
select
    *,
    bar_at as known_at
from (
    values
    ('less', '2024-08-08 12:00:00Z', 0.98, 0.995, '1'),
    ('less', '2024-08-08 12:00:03Z', 0.98, 0.989, '1'),
    ('less', '2024-08-08 12:00:07Z', 0.98, 0.995, '1'),
    ('no rank', '2024-08-08 12:00:00Z', 0.98, 0.995, '1'),
    ('no rank', '2024-08-08 12:00:03Z', 0.98, null, '1'),
    ('no rank', '2024-08-08 12:00:07Z', 0.98, 0.995, '1'),
    ('turns', '2024-08-08 12:00:00Z', 0.98, 0.995, '1'),
    ('turns', '2024-08-08 12:00:03Z', 0.98, 0.995, '1'),
    ('turns', '2024-08-08 12:00:05Z', -0.98, 0.995, '1'),
    ('turns', '2024-08-08 12:00:08Z', -0.98, 0.995, '1'),
    ('epoch', '2024-08-08 12:00:00Z', 0.98, 0.995, '1'),
    ('epoch', '2024-08-08 12:00:03Z', 0.98, 0.995, '1'),
    ('epoch', '2024-08-08 12:00:05Z', 0.98, 0.995, '2'),
    ('silent', '2024-08-08 12:00:00Z', 0.98, 0.995, '1'),
    ('silent', '2024-08-08 12:00:06Z', 0.98, 0.995, '1'),
    ('four', '2024-08-08 12:00:00Z', 0.98, 0.995, '1'),
    ('four', '2024-08-08 12:00:03Z', 0.98, 0.995, '1')
) as given (pair, bar_at, obi, abs_obi_pr, epoch);
-- expect: nothing

-- case: seconds without a message do not end a run, up to five
-- given: features.book_imbalance
select
    *,
    bar_at as known_at
from (
    values
    ('2024-08-08 12:00:00Z'),
    ('2024-08-08 12:00:05Z')
) as given (bar_at);
-- expect: fired_at, evidence ->> '$.n_bars'
values ('2024-08-08 12:00:06Z', '2');

-- case: the weakest second of the run is the score, from 20 to 39; a short history is worth less
-- given: features.book_imbalance
select
    *,
    bar_at as known_at
from (
    values
    ('weakest', '2024-08-08 12:00:00Z', 0.99, 43_200),
    ('weakest', '2024-08-08 12:00:04Z', 1.0, 43_200),
    ('top', '2024-08-08 12:00:00Z', 1.0, 43_199),
    ('top', '2024-08-08 12:00:04Z', 1.0, 43_199)
) as given (pair, bar_at, abs_obi_pr, n_obs);
-- expect: entity, score, confidence
values
('binance:weakest', 20, 0.5),
('binance:top', 39, 0.3);

-- case: a large order that is shown and taken away again leans the book (noisy)
-- given: features.book_imbalance
select
    *,
    bar_at as known_at
from (
    values
    ('2024-08-08 12:00:00Z', 0.999, 1.0),
    ('2024-08-08 12:00:04Z', 0.999, 1.0),
    ('2024-08-08 12:00:05Z', 0.1, 0.3)
) as given (bar_at, obi, abs_obi_pr);
-- expect: fired_at, direction
values ('2024-08-08 12:00:05Z', 'bull');

-- case: a book whose best five levels hold next to nothing leans all the way (noisy)
-- given: features.book_imbalance
select
    *,
    1.0 as obi,
    0.995 as abs_obi_pr,
    0.0 as obi_10bps,
    bar_at as known_at
from (
    values
    ('2024-08-08 12:00:00Z'),
    ('2024-08-08 12:00:04Z')
) as given (bar_at);
-- expect: fired_at, evidence ->> '$.obi_10bps'
values ('2024-08-08 12:00:05Z', '0.0');

-- case: a run asked from any of its seconds is the same run
-- span: 2024-08-08T12:00:40Z 2024-08-08T12:02:00Z
-- given: features.book_imbalance
select
    bar_at,
    bar_at as known_at
from range(
    timestamptz '2024-08-08 12:00:00Z', timestamptz '2024-08-08 12:03:00Z', interval 1 second
) as given (bar_at);
-- expect: fired_at, alert_key
values ('2024-08-08 12:01:00Z', 'crypto.imbalance|binance:BTC-USDT|1723118400000|60s');
