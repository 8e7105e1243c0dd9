-- default: model = 'isolation_forest', entity = 'AAPL', measure = 'anomaly', fit_id = 'a'
-- default: session_date = '2024-03-01', known_at = '2024-03-02 02:00Z'
-- default: trained_until = '2024-03-01 00:00Z', fitted_for = '2024-03-01', seed = 1
-- default: feature_view = 'features.anomaly_inputs', feature_fingerprint = 'f', settings = '{}'

-- case: between two quantiles a percentile lies in proportion, at equal ones at the first of them
-- given: raw.model_fits
select
    20_000 as n_rows,
    [1.0, 2.0, 2.0, 2.0, 6.0] as score_quantiles,
    timestamptz '2024-03-01 00:00Z' as known_at;
-- given: raw.model_scores
select *
from (values ('A', 0.5), ('B', 1), ('C', 1.5), ('D', 2), ('E', 3), ('F', 6), ('G', 9))
    as given (entity, score);
-- expect: entity, percentile, severity, confidence, n_learned
values
('A', 0, null, 1, 20_000),
('B', 0, null, 1, 20_000),
('C', 0.125, null, 1, 20_000),
('D', 0.25, null, 1, 20_000),
('E', 0.8125, null, 1, 20_000),
('F', 1, 'high', 1, 20_000),
('G', 1, 'high', 1, 20_000);

-- case: few rows say nothing of what is very rare
-- given: raw.model_fits
select
    *,
    list_transform(range(0, 1_001), lambda q: cast(q as double)) as score_quantiles,
    timestamptz '2024-03-01 00:00Z' as known_at
from (values ('a', 10_000), ('b', 9_999), ('c', 999)) as given (fit_id, n_rows);
-- given: raw.model_scores
select
    fits.fit_id || cast(told.score as text) as entity,
    fits.fit_id, told.score
from (values ('a'), ('b'), ('c')) as fits (fit_id)
cross join (values (989.9), (990), (997), (999.5)) as told (score);
-- expect: entity, percentile, severity, confidence
values
('a989.9', 0.9899, null, 1), ('a990.0', 0.99, 'low', 1),
('a997.0', 0.997, 'medium', 1), ('a999.5', 0.9995, 'high', 1),
('b989.9', 0.9899, null, 0.9999), ('b990.0', 0.99, 'low', 0.9999),
('b997.0', 0.997, 'medium', 0.9999), ('b999.5', 0.9995, 'medium', 0.9999),
('c989.9', 0.9899, null, 0.0999), ('c990.0', 0.99, 'low', 0.0999),
('c997.0', 0.997, 'low', 0.0999), ('c999.5', 0.9995, 'low', 0.0999);

-- case: what a fit could have seen is told by nobody
-- given: raw.model_fits
select
    *,
    100 as n_rows,
    [0.0, 1.0] as score_quantiles,
    timestamptz '2024-02-01 00:00Z' as known_at
from (
    values
    ('a', timestamptz '2024-03-01 00:00Z'), ('late', timestamptz '2024-03-01 00:00:01Z')
) as given (fit_id, trained_until);
-- given: raw.model_scores
select
    0.5 as score,
    *
from (
    values
    ('FINE', 'a', timestamptz '2024-03-01 00:00Z'),
    ('SEEN', 'a', timestamptz '2024-03-02 00:00Z'),
    ('AFTER', 'a', timestamptz '2024-03-02 02:00:01Z'),
    ('MORE', 'late', timestamptz '2024-03-01 00:00Z')
) as given (entity, fit_id, trained_until);
-- expect: entity, percentile
values ('FINE', 0.5);

-- case: of what was computed again the newest stands, and what has no score has a reason
-- given: raw.model_fits
select
    100 as n_rows,
    [0.0, 1.0] as score_quantiles,
    timestamptz '2024-02-01 00:00Z' as known_at;
-- given: raw.model_scores
select *
from (
    values
    ('AAPL', '2024-03-05 00:00Z', '1', 0.2, null), ('AAPL', '2024-03-06 00:00Z', '2', 0.4, null),
    ('MSFT', '2024-03-05 00:00Z', '1', null, 'no figure that it has learned')
) as given (entity, recorded_at, load_id, score, reason);
-- expect: entity, score, percentile, reason, withdrawn_at
values ('AAPL', 0.4, 0.4, null, null), ('MSFT', null, null, 'no figure that it has learned', null);

-- case: a regime has a probability and no percentile
-- given: raw.model_fits
select
    'hmm' as model,
    504 as n_rows,
    timestamptz '2024-02-01 00:00Z' as known_at;
-- given: raw.model_scores
select
    'hmm' as model,
    'market' as entity,
    'regime' as measure,
    2 as score,
    0.8 as probability;
-- expect: entity, score, percentile, severity, confidence
values ('market', 2, null, null, 0.8);
