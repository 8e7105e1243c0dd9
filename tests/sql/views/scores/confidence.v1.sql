-- default: symbol = 'AAA', session_date = '2024-03-01', known_at = '2024-03-02 02:00Z'
-- default: has_flags = false

-- case: the rule book's example with a filing of 45 days, and the same with all signs the other way
-- given: features.score_components
select
    given.symbol,
    kinds.component,
    kinds.weight,
    given.sign * kinds.s as s,
    kinds.s as x,
    kinds.n_obs,
    kinds.k,
    kinds.freshness
from (values ('UP', 1), ('DOWN', -1)) as given (symbol, sign)
cross join (
    values
    ('dp', 0.25, 0.8 * 252 / 272, 252, 20, 1), ('inst', 0.25, 0.9 * 12 / 16, 12, 4, 0.5),
    ('insider', 0.1, null, 0, 20, null), ('blocks', 0.25, 0.5 * 252 / 272, 252, 20, 1),
    ('unusual', 0.15, -0.2 * 252 / 272, 252, 20, 1), ('flow', null, 1, 252, 20, 1)
) as kinds (component, weight, s, n_obs, k, freshness);
-- expect: entity, symbol, session_date, known_at, round(confidence, 3), tier, coverage,
--     round(agreement, 6), round(reliability, 6), round(freshness, 6), quality
values
(
    'UP', 'UP', '2024-03-01', '2024-03-02 02:00Z', 64.204, 'high', 0.9, 0.888298, 0.877451,
    0.861111, 1
),
(
    'DOWN', 'DOWN', '2024-03-01', '2024-03-02 02:00Z', 64.204, 'high', 0.9, 0.888298, 0.877451,
    0.861111, 1
);

-- case: nothing there is 0 and low, and without a lean half of the rest is left
-- given: features.score_components
select
    given.symbol,
    kinds.component,
    kinds.weight,
    given.s,
    given.s as x,
    case when given.s = 0 then 80 else 0 end as n_obs,
    20 as k,
    case when given.s = 0 then 1 end as freshness
from (values ('ZERO', 0), ('NONE', null)) as given (symbol, s)
cross join (
    values
    ('dp', 0.25), ('inst', 0.25), ('insider', 0.1), ('blocks', 0.25), ('unusual', 0.15)
) as kinds (component, weight);
-- expect: symbol, confidence, tier, coverage, agreement, reliability, freshness, quality
values
('ZERO', 40, 'medium', 1, null, 0.8, 1, 1),
('NONE', 0, 'low', 0, null, null, null, null);

-- case: a flag makes a component missing, which is less coverage, and lowers the quality as well
-- given: features.score_components
select
    100 as n_obs,
    0 as k,
    1 as freshness,
    *
from (
    values
    ('dp', 0.25, 1, 1, false), ('inst', 0.25, 1, 1, false), ('insider', 0.1, null, 1, true),
    ('blocks', 0.25, 1, 1, false), ('unusual', 0.15, null, null, false)
) as given (component, weight, s, x, has_flags);
-- expect: confidence, tier, coverage, quality
values (56.25, 'medium', 0.75, 0.75);

-- case: tiers begin at 60 and 35
-- given: features.score_components
select
    'dp' as component,
    100 as n_obs,
    0 as k,
    1 as s,
    1 as x,
    1 as weight,
    *
from (values ('60', 0.6), ('<60', 0.599999), ('35', 0.35), ('<35', 0.349999)) as given (
    symbol, freshness
);
-- expect: symbol, confidence, tier
values
('60', 60, 'high'),
('<60', 59.9999, 'medium'),
('35', 35, 'medium'),
('<35', 34.9999, 'low');
