-- default: contract = 'SPX190621C02900000', underlying = 'SPX', expiration = '2019-06-21'
-- default: strike = 2_900, put_call = 'call', oi_date = '2019-06-03', next_date = '2019-06-04'
-- default: known_at = '2019-06-04 10:30Z', closes_at = '2019-06-03 20:00Z'
-- default: open_interest = 15_000, previous_open_interest = 10_000, d_oi = 5_000, d_oi_pct = 50
-- default: n_baseline = 20, mean_abs_d_oi = 500, d_oi_rel = 10, mid = 2.00
-- default: volume = 6_000, d_oi_usd = 1_000_000, d_oi_delta_usd = 343_056_250, mz60 = 6.745
-- default: multiplier = 100, is_adjusted = false, previous_contract = 'SPX190621C02900000'
-- default: open_ratio = 0.833333, open_close_label = 'mostly_opening'
-- default: oi_exceeds_volume = false, exercise_or_expiry = false

-- case: five thousand more at a mid of 2 and ten times the usual change are a million, and low
-- given: features.oi_change
select 'SPX190621C02900000' as contract;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'SPX', 'underlying', '2019-06-03 20:00Z', '2019-06-04 10:30Z', null, 20, 1, 1_000_000,
    'SPX190621C02900000: open interest +5000 to 15000, 10 times its usual change',
    'options.oi_change|SPX|SPX190621C02900000|2019-06-03',
    '{
        "contract": "SPX190621C02900000", "oi_date": "2019-06-03", "d_oi": 5000,
        "open_interest": 15000, "previous_open_interest": 10000, "d_oi_pct": 50,
        "d_oi_rel": 10, "mean_abs_d_oi": 500, "n_baseline": 20, "short_history": false,
        "mz60": 6.745, "mid": 2, "multiplier": 100, "volume": 6000, "open_ratio": 0.833333,
        "open_close_label": "mostly_opening", "oi_exceeds_volume": false,
        "exercise_or_expiry": false, "previous_contract": "SPX190621C02900000",
        "d_oi_usd": 1000000, "d_oi_delta_usd": 343056250
    }'
);

-- case: below any one of the three bounds it stays quiet
-- given: features.oi_change
select *
from (
    values
    ('not five times', 5_000, 4.999999, 1_000_000),
    ('not a thousand', 999, 10, 19_980_000),
    ('not a million', 5_000, 10, 999_500),
    ('no usual change', 5_000, null, 1_000_000),
    ('no price', 5_000, 10, null)
) as given (contract, d_oi, d_oi_rel, d_oi_usd);
-- expect: nothing

-- case: at all three bounds it fires, and a fall weighs as much as a rise
-- given: features.oi_change
select *
from (
    values
    ('rise', 1_000, 5),
    ('fall', -1_000, 5)
) as given (contract, d_oi, d_oi_rel);
-- expect: alert_key, direction, score, notional_usd, evidence -> '$.d_oi'
values
('options.oi_change|SPX|rise|2019-06-03', null, 20, 1_000_000, '1000.0'),
('options.oi_change|SPX|fall|2019-06-03', null, 20, 1_000_000, '-1000.0');

-- case: a bound that is a parameter moves
-- param: min_d_oi_rel = 12
-- param: min_d_oi_usd = 500_000
-- given: features.oi_change
select *
from (
    values
    ('eleven', 11, 1_000_000),
    ('twelve', 12, 1_000_000),
    ('half a million', 12, 500_000)
) as given (contract, d_oi_rel, d_oi_usd);
-- expect: evidence ->> '$.contract', notional_usd
values
('twelve', 1_000_000),
('half a million', 500_000);

-- case: the relative map has its knots at 5, 10, 20 and 39 times the usual change
-- given: features.oi_change
select
    *,
    300_000_000 as d_oi_usd
from (
    values
    ('a', 5), ('b', 7.5), ('c', 10), ('d', 15), ('e', 20), ('f', 30), ('g', 39), ('h', 500)
) as given (contract, d_oi_rel);
-- expect: evidence ->> '$.contract', score
values
('a', 20), ('b', 30), ('c', 40), ('d', 50), ('e', 60), ('f', 70), ('g', 79), ('h', 79);

-- case: the dollar map has its knots at 1, 5, 25 and 120 million
-- given: features.oi_change
select
    *,
    100 as d_oi_rel
from (
    values
    ('a', 1_000_000), ('b', 3_000_000), ('c', 5_000_000), ('d', 15_000_000),
    ('e', 25_000_000), ('f', 75_000_000), ('g', 120_000_000), ('h', 900_000_000)
) as given (contract, d_oi_usd);
-- expect: evidence ->> '$.contract', score, notional_usd
values
('a', 20, 1_000_000),
('b', 30, 3_000_000),
('c', 40, 5_000_000),
('d', 50, 15_000_000),
('e', 60, 25_000_000),
('f', 70, 75_000_000),
('g', 79, 120_000_000),
('h', 79, 900_000_000);

-- case: the lower of the two maps is the score, as the bands of the rule book ask for both
-- given: features.oi_change
select *
from (
    values
    ('medium', 10, 5_000_000), ('low by dollars', 10, 4_900_000),
    ('low by multiple', 9.9, 5_000_000), ('high', 20, 25_000_000),
    ('medium by dollars', 20, 24_900_000), ('medium by multiple', 19.9, 25_000_000)
) as given (contract, d_oi_rel, d_oi_usd);
-- expect: evidence ->> '$.contract', score
values
('medium', 40), ('low by dollars', 39.5), ('low by multiple', 39.6),
('high', 60), ('medium by dollars', 59.9), ('medium by multiple', 59.8);

-- case: a short history makes a low one at most, and is worth less
-- given: features.oi_change
select
    *,
    100 as d_oi_rel,
    300_000_000 as d_oi_usd
from (
    values
    ('nineteen', 19),
    ('twenty', 20)
) as given (contract, n_baseline);
-- expect: evidence ->> '$.contract', evidence ->> '$.short_history', score, confidence
values
('nineteen', 'true', 39, 0.7),
('twenty', 'false', 79, 1.0);

-- case: a change that the session's trades cannot explain is worse evidence
-- given: features.oi_change
select *
from (
    values
    ('all of it', false, false),
    ('more than traded', true, false),
    ('exercised', false, true),
    ('volume unknown', null, null)
) as given (contract, oi_exceeds_volume, exercise_or_expiry);
-- expect: evidence ->> '$.contract', evidence ->> '$.oi_exceeds_volume', confidence
values
('all of it', 'false', 1.0),
('more than traded', 'true', 0.7),
('exercised', 'false', 0.7),
('volume unknown', null, 0.7);

-- case: a contract that delivers something else has no worth that anyone tells
-- given: features.oi_change
select *
from (values ('GE1190621C00010000', true), ('unknown', null)) as given (contract, is_adjusted);
-- expect: nothing

-- case: on a split's day the old symbol is told beside the new one
-- given: features.oi_change
select
    'AAPL' as underlying,
    'AAPL140621C00092860' as contract,
    'AAPL140621C00650000' as previous_contract,
    '2014-06-09' as oi_date,
    '2014-06-10' as next_date,
    '2014-06-21' as expiration,
    '2014-06-09 20:00Z' as closes_at,
    '2014-06-10 10:30Z' as known_at;
-- expect: evidence ->> '$.previous_contract', alert_key
values (
    'AAPL140621C00650000', 'options.oi_change|AAPL|AAPL140621C00092860|2014-06-09'
);

-- case: a contract that expired that session has no position left to speak of
-- given: features.oi_change
select *
from (
    values
    ('expired', '2019-06-03'),
    ('last day tomorrow', '2019-06-04'),
    ('expiration unknown', null)
) as given (contract, expiration);
-- expect: evidence ->> '$.contract'
values ('last day tomorrow');

-- case: what expired on a Saturday had no position left on Monday, when Friday's was told
-- given: features.oi_change
select
    '2014-06-20' as oi_date,
    '2014-06-21' as expiration,
    '2014-06-23' as next_date,
    '2014-06-20 20:00Z' as closes_at,
    '2014-06-23 10:30Z' as known_at;
-- expect: nothing

-- case: a contract and session are answered once, at the first moment, whatever comes later
-- given: features.oi_change
select *
from (
    values
    (15_000, 5_000, 10, '2019-06-04 10:30Z', '2019-06-05 14:00Z'),
    (20_000, 10_000, 20, '2019-06-05 14:00Z', null)
) as given (open_interest, d_oi, d_oi_rel, known_at, withdrawn_at);
-- expect: fired_at, score, notional_usd, alert_key
values (
    '2019-06-04 10:30Z', 20, 1_000_000, 'options.oi_change|SPX|SPX190621C02900000|2019-06-03'
);

-- case: a correction that makes it unusual is answered when it is known
-- given: features.oi_change
select *
from (
    values
    (10_100, 100, 0.2, '2019-06-04 10:30Z', '2019-06-05 14:00Z'),
    (15_000, 5_000, 10, '2019-06-05 14:00Z', null)
) as given (open_interest, d_oi, d_oi_rel, known_at, withdrawn_at);
-- expect: fired_at, happened_at, score
values ('2019-06-05 14:00Z', '2019-06-03 20:00Z', 20);

-- case: a later version is not answered again, though only it is in the span
-- span: 2019-06-17T19:59Z 2019-06-18
-- given: features.oi_change
select *
from (
    values
    ('2019-06-04 10:30Z', '2019-06-17 20:00Z'),
    ('2019-06-17 20:00Z', null)
) as given (known_at, withdrawn_at);
-- expect: nothing

-- case: what is not known before the end of the span is not answered
-- span: 2019-06-03 2019-06-04T10:30Z
-- given: features.oi_change
select 'SPX190621C02900000' as contract;
-- expect: nothing

-- case: two contracts of one underlying are two alerts
-- given: features.oi_change
select *
from (values ('SPX190621C02900000'), ('SPX190621P02900000')) as given (contract);
-- expect: entity, alert_key
values
('SPX', 'options.oi_change|SPX|SPX190621C02900000|2019-06-03'),
('SPX', 'options.oi_change|SPX|SPX190621P02900000|2019-06-03');

-- case: a fund that rolls on its calendar fires twice, out of one month and into the next (noisy)
-- given: features.oi_change
select *
from (
    values
    ('SPX190621P02700000', '2019-06-21', 2_000, 12_000, -10_000, 8_000_000),
    ('SPX190719P02700000', '2019-07-19', 10_500, 500, 10_000, 20_000_000)
) as given (contract, expiration, open_interest, previous_open_interest, d_oi, d_oi_usd);
-- expect: evidence ->> '$.contract', direction, score, notional_usd
values
('SPX190621P02700000', null, 40, 8_000_000),
('SPX190719P02700000', null, 40, 20_000_000);

-- case: holders who exercise a deep call before the dividend look like an exit (noisy)
-- given: features.oi_change
select
    'AAPL' as underlying,
    'AAPL190621C00100000' as contract,
    1_000 as open_interest,
    9_000 as previous_open_interest,
    -8_000 as d_oi,
    60_000_000 as d_oi_usd,
    20 as d_oi_rel,
    0 as volume,
    true as exercise_or_expiry;
-- expect: entity, direction, score, confidence, notional_usd, headline
values (
    'AAPL', null, 60, 0.7, 60_000_000,
    'AAPL190621C00100000: open interest -8000 to 1000, 20 times its usual change'
);

-- case: of two versions known before the close, the one that stands at the close is answered
-- given: features.oi_change
select *
from (
    values
    ('2019-06-03 15:00Z', '2019-06-03 16:00Z', 2_000_000),
    ('2019-06-03 16:00Z', null, 1_000_000)
) as given (known_at, withdrawn_at, d_oi_usd);
-- expect: notional_usd
values (1_000_000);
