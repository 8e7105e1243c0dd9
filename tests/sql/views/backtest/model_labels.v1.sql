-- default: model = 'forest', measure = 'anomaly', entity = 'AAA', bar = 'session'

-- case: a score is held against what began with the first price known after it, in each horizon
-- given: curated.model_scores
select *
from (
    values
    ('AAA', '2024-02-12', '2024-02-13 02:00Z', 0.9, null, 0.99),
    ('AAA', '2024-02-13', '2024-02-14 02:00Z', null, null, null),
    ('AAA', '2024-02-14', '2024-02-15 02:00Z', 0.5, '2024-02-20 02:00Z', 0.5)
) as given (entity, session_date, known_at, score, withdrawn_at, percentile);
-- given: backtest.moves
select *
from (
    values
    ('2024-02-12 21:15Z', '1 session', true, true, true, true, '2024-02-13 21:15Z'),
    ('2024-02-13 21:15Z', '1 session', true, false, null, null, '2024-02-14 21:15Z'),
    ('2024-02-13 21:15Z', '2 sessions', false, null, null, true, '2024-02-15 21:15Z'),
    ('2024-02-14 21:15Z', '1 session', false, false, false, false, '2024-02-15 21:15Z')
) as given (
    priced_at, horizon, is_sigma_2, is_sigma_3, is_percentile_95, is_donoho_rise, known_at
);
-- expect: session_date, score, percentile, label, horizon, is_true, known_at
values
('2024-02-12', 0.9, 0.99, 'sigma_2', '1 session', true, '2024-02-14 21:15Z'),
('2024-02-12', 0.9, 0.99, 'sigma_3', '1 session', false, '2024-02-14 21:15Z'),
('2024-02-12', 0.9, 0.99, 'sigma_2', '2 sessions', false, '2024-02-15 21:15Z'),
('2024-02-12', 0.9, 0.99, 'donoho_rise', '2 sessions', true, '2024-02-15 21:15Z');

-- case: of events a score is true while one of its entity lasts, and untold outside of them all
-- given: curated.model_scores
select
    *,
    0.9 as score
from (
    values
    ('AAA', '2024-02-12', '2024-02-13 02:00Z'), ('AAA', '2024-02-13', '2024-02-14 02:00Z'),
    ('BBB', '2024-02-13', '2024-02-14 02:00Z'), ('BBB', '2024-02-20', '2024-02-21 02:00Z'),
    ('BBB', '2024-02-09', '2024-02-10 02:00Z')
) as given (entity, session_date, known_at);
-- given: raw.events
select
    *,
    starts_at as known_at
from (
    values
    ('1', 'AAA', '2024-02-12 20:00Z', '2024-02-13 20:00Z', false),
    ('2', 'CCC', '2024-02-12 20:00Z', '2024-02-15 20:00Z', false),
    ('3', 'BBB', '2024-02-13 20:00Z', '2024-02-14 20:00Z', true)
) as given (event_id, entity, starts_at, ends_at, is_gone);
-- expect: entity, session_date, label, horizon, is_true
values
('AAA', '2024-02-12', 'events', null, true), ('AAA', '2024-02-13', 'events', null, false),
('BBB', '2024-02-13', 'events', null, false);
