-- default: symbol = 'GME', session_date = '2024-03-01', basis = 'totals', n_obs = 60
-- default: known_at = '2024-03-02 02:00Z', closes_at = '2024-03-01 21:00Z'
-- default: offex_volume = 5_000_000, offex_value_usd = 80_000_000, mean30 = 2_000_000
-- default: volume_ratio30 = 2.5, value_ratio30 = 2.4, mz60 = 3.5, median60 = 1_900_000
-- default: max60 = 4_000_000, trend = 'rising'

-- case: two and a half times the mean, unusual in the logs too, is medium in the evening
-- given: features.off_exchange_volume
select 'GME' as symbol;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence ->> '$.legacy_label', evidence ->> '$.trend'
values (
    'GME', 'underlying', '2024-03-01 21:00Z', '2024-03-02 02:00Z', null, 40, 0.6, 80_000_000,
    'GME: 5000000 shares off exchange, 2.5 times their mean of 30 sessions',
    'off_exchange.spike|GME|2024-03-01', 'medium', 'rising'
);

-- case: the score is 20, 40, 60 and 80 at the modified z of the bands
-- given: features.off_exchange_volume
select *
from (
    values
    ('A', 2.5), ('B', 3), ('C', 5), ('D', 7), ('E', 12)
) as given (symbol, mz60);
-- expect: entity, score
values
('A', 20),
('B', 30),
('C', 60),
('D', 80),
('E', 100);

-- case: twice the mean alone is the founding rule's, and a mention at most (noisy)
-- given: features.off_exchange_volume
select *
from (
    values
    ('QUIET', 2.5, 2.4, 2.4),
    ('NO_Z', 2.5, 2.4, null),
    ('VALUE', 1.9, 3.5, 6),
    ('HUGE', 8, 8, 2)
) as given (symbol, volume_ratio30, value_ratio30, mz60);
-- expect: entity, score, evidence ->> '$.legacy_label'
values
('QUIET', 11.5, 'medium'),
('NO_Z', 11.5, 'medium'),
('VALUE', 14.5, 'high'),
('HUGE', 19, 'high');

-- case: twice the mean and less stays quiet, and so does a stock without a history
-- given: features.off_exchange_volume
select *
from (
    values
    ('TWICE', 2, 2, 9),
    ('LESS', 1.5, 1.9, 9),
    ('NEW', null, null, null)
) as given (symbol, volume_ratio30, value_ratio30, mz60);
-- expect: nothing

-- case: little money is a mention, a short history low, what was seen before medium
-- given: features.off_exchange_volume
select
    *,
    9 as mz60
from (
    values
    ('CHEAP', 4_999_999, 60, 4_000_000),
    ('UNPRICED', null, 60, 4_000_000),
    ('SHORT', 80_000_000, 59, 4_000_000),
    ('SEEN', 80_000_000, 60, 5_000_000),
    ('MIDDLING', 49_999_999, 60, 4_000_000),
    ('LARGE', 50_000_000, 60, 4_000_000)
) as given (symbol, offex_value_usd, n_obs, max60);
-- expect: entity, score, confidence
values
('CHEAP', 19, 0.6),
('UNPRICED', 19, 0.6),
('SHORT', 39, 0.42),
('SEEN', 59, 0.6),
('MIDDLING', 79, 0.6),
('LARGE', 88, 0.6);

-- case: of prints and totals the longer history speaks, and prints where they are alike
-- given: features.off_exchange_volume
select *
from (
    values
    ('A', 'prints', 59), ('A', 'totals', 60), ('B', 'prints', 60), ('B', 'totals', 60)
) as given (symbol, basis, n_obs);
-- expect: entity, evidence ->> '$.basis', confidence
values
('A', 'totals', 0.6),
('B', 'prints', 0.8);

-- case: where the longer history is quiet the other does not speak
-- given: features.off_exchange_volume
select
    *,
    1 as value_ratio30
from (
    values
    ('prints', 30, 4), ('totals', 60, 1)
) as given (basis, n_obs, volume_ratio30);
-- expect: nothing

-- case: what is not told before the end of the span is not answered
-- span: 2024-03-01 2024-03-02T02:00Z
-- given: features.off_exchange_volume
select 'GME' as symbol;
-- expect: nothing
