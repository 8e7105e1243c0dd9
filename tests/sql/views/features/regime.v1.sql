-- default: measure = 'regime', entity = 'market', session_date = '2024-03-01', is_gone = false
-- default: recorded_at = '2024-03-03 00:00Z', load_id = 'one', fit_id = 'first'

-- case: what SQL and each model say of a session stand beside each other
-- given: features.volatility_regime
select
    *,
    date '2024-03-01' as session_date,
    timestamptz '2024-03-02 02:00Z' as known_at
from (
    values ('market', 1, null), ('AAPL', -1, 'history of under 60 sessions')
) as given (entity, regime_id, reason);
-- given: raw.model_scores
select
    *,
    timestamptz '2024-03-02 02:00Z' as known_at,
    timestamptz '2024-03-01 00:00Z' as trained_until
from (
    values
    ('regime_hmm', 2, 0.9, null), ('regime_hdbscan', -1, null, null),
    ('regime_kmeans', null, null, 'no vol_ratio')
) as given (model, score, probability, reason);
-- expect: method, entity, regime_id, regime, p_regime, reason, known_at
select
    *,
    timestamptz '2024-03-02 02:00Z' as known_at
from (
    values
    ('volatility', 'market', 1, 'normal', null, null),
    ('volatility', 'AAPL', -1, 'unassigned', null, 'history of under 60 sessions'),
    ('hmm', 'market', 2, 'stressed', 0.9, null),
    ('hdbscan', 'market', -1, 'unassigned', null, null),
    ('kmeans', 'market', -1, 'unassigned', null, 'no vol_ratio')
) as expected (method, entity, regime_id, regime, p_regime, reason);

-- case: the newest row of a session stands, unless it is gone, and other measures are no regimes
-- given: raw.model_scores
select
    *,
    timestamptz '2024-03-02 02:00Z' as known_at,
    timestamptz '2024-03-01 00:00Z' as trained_until
from (
    values
    ('regime_hmm', 'market', 'regime', 0, 'first', false, '2024-03-03 00:00Z'),
    ('regime_hmm', 'market', 'regime', 1, 'second', false, '2024-03-04 00:00Z'),
    ('regime_hmm', 'AAPL', 'regime', 2, 'first', false, '2024-03-03 00:00Z'),
    ('regime_hmm', 'AAPL', 'regime', 2, 'first', true, '2024-03-04 00:00Z'),
    ('garch_volatility', 'market', 'volatility', 0.01, 'first', false, '2024-03-04 00:00Z')
) as given (model, entity, measure, score, fit_id, is_gone, recorded_at);
-- expect: method, entity, regime_id
values ('hmm', 'market', 1);
