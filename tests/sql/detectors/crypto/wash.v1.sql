-- default: venue = 'binance', pair = 'BTC-USDT', n_trades = 20_000, n_decades = 3
-- default: benford_chi_square = 900, benford_mad = 0.03, round_z = 0.5, n_large = 5_000
-- default: hill = 1.5, repeat_frac = 0.01, fails_benford = true, fails_round = true
-- default: fails_tail = false, fails_repeat = false, wash_score = 2, gap_hours = 0

-- case: two tests failed in two weeks that follow one another are low
-- given: features.wash_weeks
select *
from (
    values
    ('2024-08-05 00:00Z', '2024-08-12 00:00Z'),
    ('2024-08-12 00:00Z', '2024-08-19 00:00Z')
) as given (week_at, known_at);
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'binance:BTC-USDT', 'pair', '2024-08-19 00:00Z', '2024-08-19 00:00Z', 'neutral', 29.5, 0.4,
    null,
    'binance:BTC-USDT: 2 of 4 tests on sizes failed two weeks in a row, '
    || 'of 20000 trades in the last',
    'crypto.wash|binance:BTC-USDT|2024-08-12',
    '{
        "wash_score": 2, "wash_score_before": 2, "n_trades": 20000, "n_decades": 3.0,
        "benford_chi_square": 900.0, "benford_mad": 0.03, "benford_mad_before": 0.03,
        "round_z": 0.5, "n_large": 5000, "hill": 1.5, "repeat_frac": 0.01,
        "fails_benford": true, "fails_round": true, "fails_tail": false, "fails_repeat": false,
        "gap_hours": 0.0, "week_us": 1723420800000000
    }'
);

-- case: three are medium and four high, by the better of the two weeks
-- given: features.wash_weeks
select
    *,
    0.06 as benford_mad
from (
    values
    ('three', '2024-08-05 00:00Z', '2024-08-12 00:00Z', 4),
    ('three', '2024-08-12 00:00Z', '2024-08-19 00:00Z', 3),
    ('four', '2024-08-05 00:00Z', '2024-08-12 00:00Z', 4),
    ('four', '2024-08-12 00:00Z', '2024-08-19 00:00Z', 4),
    ('two', '2024-08-05 00:00Z', '2024-08-12 00:00Z', 2),
    ('two', '2024-08-12 00:00Z', '2024-08-19 00:00Z', 4)
) as given (pair, week_at, known_at, wash_score);
-- expect: entity, score
values
('binance:three', 59),
('binance:four', 79),
('binance:two', 39);

-- case: one week alone, a week between, few trades and a day without them are quiet
-- given: features.wash_weeks
select *
from (
    values
    ('alone', '2024-08-05 00:00Z', '2024-08-12 00:00Z', 4, 0),
    ('alone', '2024-08-12 00:00Z', '2024-08-19 00:00Z', 1, 0),
    ('between', '2024-08-05 00:00Z', '2024-08-12 00:00Z', 4, 0),
    ('between', '2024-08-19 00:00Z', '2024-08-26 00:00Z', 4, 0),
    ('few', '2024-08-05 00:00Z', '2024-08-12 00:00Z', 4, 0),
    ('few', '2024-08-12 00:00Z', '2024-08-19 00:00Z', null, 0),
    ('few before', '2024-08-05 00:00Z', '2024-08-12 00:00Z', null, 0),
    ('few before', '2024-08-12 00:00Z', '2024-08-19 00:00Z', 4, 0),
    ('gap', '2024-08-05 00:00Z', '2024-08-12 00:00Z', 4, 24.1),
    ('gap', '2024-08-12 00:00Z', '2024-08-19 00:00Z', 4, 0)
) as given (pair, week_at, known_at, wash_score, gap_hours);
-- expect: nothing

-- case: without a history, however many tests fail, it is quiet
-- given: features.wash_weeks
select
    4 as wash_score,
    '2024-08-05 00:00Z' as week_at,
    '2024-08-12 00:00Z' as known_at;
-- expect: nothing

-- case: a narrow range of sizes on a large lot fails two tests and is nothing else (noisy)
-- given: features.wash_weeks
select
    *,
    false as fails_benford,
    1.2 as n_decades,
    3.1 as hill,
    true as fails_tail,
    2 as gap_hours
from (
    values
    ('2024-08-05 00:00Z', '2024-08-12 00:00Z'),
    ('2024-08-12 00:00Z', '2024-08-19 00:00Z')
) as given (week_at, known_at);
-- expect: score, confidence
values (20, 0.3);

-- case: a market maker with standard sizes on both sides comes back at once (noisy)
-- given: features.wash_weeks
select
    *,
    0.4 as repeat_frac,
    false as fails_benford,
    true as fails_repeat
from (
    values
    ('2024-08-05 00:00Z', '2024-08-12 00:00Z'),
    ('2024-08-12 00:00Z', '2024-08-19 00:00Z')
) as given (week_at, known_at);
-- expect: score
values (27.6);

-- case: where only aggregates are told, their sums are no sizes that anybody chose (noisy)
-- given: features.wash_weeks
select *
from (
    values
    ('2024-08-05 00:00Z', '2024-08-12 00:00Z', 3),
    ('2024-08-12 00:00Z', '2024-08-19 00:00Z', 2)
) as given (week_at, known_at, wash_score);
-- expect: score
values (29.5);
