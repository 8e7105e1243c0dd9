-- default: symbol = 'AAPL', session_date = '2024-06-03', known_at = '2024-06-04 01:00Z'
-- default: component = 'inst', period_end = '2024-03-31'

-- case: the rule book's founding form: twelve new and four sold out of eighty are ten
-- given: features.score_components
select 'AAPL' as symbol;
-- given: features.holder_standing
select
    timestamptz '2024-05-15 20:00Z' as known_at,
    10 as conviction_legacy,
    91.666667 as conviction_score,
    1.5 as active_weight_change,
    3 as n_active,
    20 as n_quarters,
    1 as n_best_ideas,
    80 as n_holders,
    12 as n_new,
    4 as n_sold_out,
    62.5 as inst_own_pct,
    2.1 as net_change_pct,
    'strong_inflow' as flow_label;
-- expect: entity, known_at, conviction, label, part_active, conviction_legacy,
--     active_weight_change, n_active, n_quarters, n_best_ideas, n_holders, n_new, n_sold_out,
--     period_end, inst_own_pct, net_change_pct, flow_label
values (
    'AAPL', timestamptz '2024-06-04 01:00Z', 91.666667, 'high', 41.666667, 10, 1.5, 3, 20, 1, 80,
    12, 4, date '2024-03-31', 62.5, 2.1, 'strong_inflow'
);

-- case: high from 75 on, low to 25, and who has no score has no label
-- given: features.score_components
select symbol
from (values ('A'), ('B'), ('C'), ('D'), ('E'), ('F'), ('NONE')) as given (symbol);
-- given: features.holder_standing
select
    *,
    timestamptz '2024-05-15 20:00Z' as known_at
from (
    values
    ('A', 75), ('B', 74.999999), ('C', 50), ('D', 25.000001), ('E', 25), ('F', null)
) as given (symbol, conviction_score);
-- expect: symbol, conviction, label, part_active
values
('A', 75, 'high', 25),
('B', 74.999999, 'moderate', 24.999999),
('C', 50, 'moderate', 0),
('D', 25.000001, 'moderate', -24.999999),
('E', 25, 'low', -25),
('F', null, null, 0),
('NONE', null, null, 0);

-- case: the newest quarter that was known speaks, until it is 200 days old
-- given: features.score_components
select *
from (
    values
    (date '2024-05-14', '2024-05-15 01:00Z'), (date '2024-05-15', '2024-05-16 01:00Z'),
    (date '2024-10-17', '2024-10-18 01:00Z'), (date '2024-10-18', '2024-10-19 01:00Z')
) as given (session_date, known_at);
-- given: features.holder_standing
select *
from (
    values
    (date '2023-12-31', '2024-02-14 21:00Z', 30), (date '2024-03-31', '2024-05-15 20:00Z', 60)
) as given (period_end, known_at, conviction_score);
-- expect: session_date, conviction
values
(date '2024-05-14', 30),
(date '2024-05-15', 60),
(date '2024-10-17', 60),
(date '2024-10-18', null);
