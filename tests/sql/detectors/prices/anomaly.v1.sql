-- default: measure = 'anomaly', entity = 'AAPL', session_date = '2024-03-01', n_learned = 20_000
-- default: known_at = '2024-03-02 02:00Z', trained_until = '2024-03-01 00:00Z', fit_id = 'a'
-- default: score = 1

-- case: two pipelines that agree are surer than one, and one is surer than a model alone
-- given: curated.model_scores
select *
from (
    values
    ('BOTH', 'isolation_forest', 0.997), ('BOTH', 'local_outlier_factor', 0.997),
    ('BOTH', 'autoencoder', 0.999), ('BOTH', 'lstm', 0.995),
    ('ONE', 'isolation_forest', 0.995), ('ONE', 'local_outlier_factor', 0.995),
    ('ONE', 'autoencoder', 0.985), ('ONE', 'lstm', 0.985),
    ('ALONE', 'isolation_forest', 0.5), ('ALONE', 'local_outlier_factor', 0.5),
    ('ALONE', 'autoencoder', 0.5), ('ALONE', 'lstm', 0.997),
    ('LOOSE', 'isolation_forest', 0.5), ('LOOSE', 'local_outlier_factor', 0.996)
) as given (entity, model, percentile);
-- expect: entity, score, confidence, happened_at, fired_at, evidence ->> 'tier'
select
    entity, score, confidence,
    timestamptz '2024-03-01 21:00Z' as happened_at,
    timestamptz '2024-03-02 02:00Z' as fired_at,
    tier
from (
    values
    ('BOTH', 40, 0.9, 'both'),
    ('ONE', 20, 0.6, 'pipeline'),
    ('ALONE', 11.980556, 0.3, 'alone')
) as given (entity, score, confidence, tier);

-- case: the bands of the score are the rule book's, and few rows say nothing of what is very rare
-- given: curated.model_scores
select
    *,
    'isolation_forest' as model
from (
    values
    ('A', 0.997, 20_000), ('B', 0.9995, 20_000), ('C', 1, 20_000), ('D', 1, 9_999), ('E', 1, 999)
) as given (entity, percentile, n_learned);
-- expect: entity, score, confidence, direction, notional_usd
values
('A', 40, 0.3, null, null),
('B', 60, 0.3, null, null),
('C', 79, 0.3, null, null),
('D', 59, 0.3, null, null),
('E', 39, 0.3, null, null);

-- case: the evidence says which models, how they differ and what it is made of
-- given: curated.model_scores
select *
from (
    values
    ('isolation_forest', 0.999, '{"value_z": {"z": 7.1, "adds": 0.2}}'),
    ('local_outlier_factor', 0.991, null)
) as given (model, percentile, parts);
-- expect: headline, alert_key, evidence
values (
    'AAPL: odder than 99.50 % of what 2 models learned from, one pipeline agrees',
    'prices.anomaly|AAPL|2024-03-01',
    json('{
        "session_date": "2024-03-01", "tier": "pipeline", "percentile": 0.995,
        "disagreement": 0.008, "classical_percentile": 0.995, "deep_percentile": null,
        "n_models": 2, "n_high": 2, "n_learned": 20000, "trained_until_us": 1709251200000000,
        "regime": null,
        "models": [
            {
                "model": "isolation_forest", "pipeline": "classical", "percentile": 0.999,
                "score": 1.0, "fit_id": "a", "parts": "{\"value_z\": {\"z\": 7.1, \"adds\": 0.2}}"
            },
            {
                "model": "local_outlier_factor", "pipeline": "classical", "percentile": 0.991,
                "score": 1.0, "fit_id": "a", "parts": null
            }
        ]
    }')
);

-- case: where no model ran, what has no percentile, another measure and a foreign model are quiet
-- given: curated.model_scores
select *
from (
    values
    ('isolation_forest', 'anomaly', null), ('hmm', 'regime', 1), ('other', 'anomaly', 1)
) as given (model, measure, percentile);
-- expect: nothing

-- case: a fit that ends within the session says nothing of it
-- given: curated.model_scores
select
    'isolation_forest' as model,
    1 as percentile,
    timestamptz '2024-03-01 21:00Z' as trained_until;
-- expect: nothing

-- case: a version that comes later answers nothing anew
-- given: curated.model_scores
select
    'isolation_forest' as model,
    *
from (
    values
    (0.998, timestamptz '2024-03-02 02:00Z', timestamptz '2024-03-02 03:00Z'),
    (0.999, timestamptz '2024-03-02 03:00Z', timestamptz '2024-03-05 00:00Z'),
    (1, timestamptz '2024-03-05 00:00Z', null)
) as given (percentile, known_at, withdrawn_at);
-- expect: fired_at, evidence ->> 'percentile'
values (timestamptz '2024-03-02 02:00Z', '0.998');

-- case: only while the market is as it is asked, by what was known that evening
-- param: only_regime = 'stressed'
-- given: curated.model_scores
select
    'isolation_forest' as model,
    0.997 as percentile,
    *
from (
    values
    ('A', date '2024-03-01', timestamptz '2024-03-02 02:00Z'),
    ('B', date '2024-03-04', timestamptz '2024-03-05 02:00Z'),
    ('C', date '2024-03-05', timestamptz '2024-03-06 02:00Z'),
    ('D', date '2024-03-06', timestamptz '2024-03-07 02:00Z')
) as given (entity, session_date, known_at);
-- given: features.regime
select *
from (
    values
    ('volatility', 'market', date '2024-03-01', timestamptz '2024-03-02 02:00Z', 'stressed'),
    ('volatility', 'A', date '2024-03-01', timestamptz '2024-03-02 02:00Z', 'calm'),
    ('hmm', 'market', date '2024-03-04', timestamptz '2024-03-05 02:00Z', 'stressed'),
    ('volatility', 'market', date '2024-03-04', timestamptz '2024-03-05 02:00Z', 'calm'),
    ('volatility', 'market', date '2024-03-05', timestamptz '2024-03-06 02:00:01Z', 'stressed')
) as given (method, entity, session_date, known_at, regime);
-- expect: entity, evidence ->> 'regime'
values ('A', 'stressed');
