-- default: symbol = 'AAPL', session_date = '2024-03-01', known_at = '2024-03-02 02:00Z'
-- default: component = 'dp', weight = 0.25, underlying = 'AAPL', n_obs = 60

-- case: the golden example: percentiles of 0.50, 0.90 and 0.99 are 97.03
-- given: features.score_components
select 0.8 as s;
-- given: features.activity_ranks
select *
from (
    values
    ('volume', 0.5, 1.5, false), ('off_exchange', 0.9, 3, true), ('blocks', 0.99, 9, false)
) as given (component, pr, ratio20, is_high);
-- expect: entity, known_at, round(unusual_activity, 4), label, direction, n_components, volume_pr,
--     off_exchange_pr, blocks_pr, calls_pr, unusual_activity_legacy, volume_ratio, top_component,
--     part_top, round(part_chance, 4), part_top + part_chance - unusual_activity, is_high
values (
    'AAPL', timestamptz '2024-03-02 02:00Z', 97.0299, 'elevated', 'bull', 3, 0.5, 0.9, 0.99, null,
    37.5, 1.5, 'blocks', 99, -1.9701, 0, true
);

-- case: eight families have a percentile each
-- given: features.activity_ranks
select *
from (
    values
    ('volume', 0.5), ('off_exchange', 0.5), ('blocks', 0.5)
) as given (component, pr);
-- given: features.option_session_unusual
select
    0.25 as calls_pr,
    0.75 as puts_pr,
    1 as net_pr;
-- given: features.score_components
select
    *,
    timestamptz '2024-03-01 12:00Z' as component_at,
    case when component <> 'flow' then 0.25 end as weight
from (
    values
    ('inst', 0.9, 0.1), ('insider', 0.8, 0), ('dp', 1, -0.6), ('flow', 1, 1)
) as given (component, pr, s);
-- expect: unusual_activity, label, direction, n_components, calls_pr, puts_pr, net_pr,
--     round(institutional_pr, 6), insider_pr, top_component
values (100, 'high', 'bear', 8, 0.25, 0.75, 1, 0.893443, 0.8, 'net');

-- case: a filing is new for five sessions
-- given: features.score_components
select
    *,
    'insider' as component,
    0.9 as pr
from (
    values
    ('NEW', timestamptz '2024-03-02 01:59Z'), ('LAST', timestamptz '2024-02-23 21:00:01Z'),
    ('OLD', timestamptz '2024-02-23 21:00Z')
) as given (symbol, component_at);
-- expect: symbol, insider_pr, n_components
values
('NEW', 0.9, 1),
('LAST', 0.9, 1),
('OLD', null, 0);

-- case: the top of twenty quarters alone is not over the low bound
-- given: features.activity_ranks
select
    component,
    0.5 as pr
from (values ('volume'), ('off_exchange')) as given (component);
-- given: features.score_components
select
    'inst' as component,
    1 as pr,
    20 as n_obs,
    timestamptz '2024-03-01 12:00Z' as component_at;
-- expect: round(institutional_pr, 6), round(unusual_activity, 4), label, top_component
values (0.97619, 93.0259, 'normal', 'institutional');

-- case: below 60 sessions, or 20 quarters, a percentile is none, and two are too few
-- given: features.activity_ranks
select *
from (
    values
    ('volume', 1, 59), ('off_exchange', 1, 60), ('blocks', 0.2, 200)
) as given (component, pr, n_obs);
-- given: features.score_components
select
    'inst' as component,
    0.9 as s,
    1 as pr,
    19 as n_obs,
    timestamptz '2024-03-01 12:00Z' as component_at;
-- expect: unusual_activity, label, direction, n_components, volume_pr, institutional_pr, part_top,
--     part_chance, top_component
values (null, null, null, 2, null, null, 0, 0, null);

-- case: the index gives a direction from five points on
-- given: features.score_components
select *
from (
    values
    ('A', 0.4), ('B', 0.399999), ('C', -0.4), ('D', -0.399999), ('E', 0)
) as given (symbol, s);
-- given: features.activity_ranks
select
    stocks.symbol, kinds.component,
    0.5 as pr
from (values ('A'), ('B'), ('C'), ('D'), ('E')) as stocks (symbol)
cross join (values ('volume'), ('off_exchange'), ('blocks')) as kinds (component);
-- expect: symbol, direction, label, unusual_activity
values
('A', 'bull', 'normal', 12.5),
('B', null, 'normal', 12.5),
('C', 'bear', 'normal', 12.5),
('D', null, 'normal', 12.5),
('E', null, 'normal', 12.5);

-- case: the founding form is a hundred at four times the usual volume, and nothing of nothing
-- given: features.score_components
select symbol
from (values ('FOUR'), ('FIVE'), ('NONE')) as given (symbol);
-- given: features.activity_ranks
select
    *,
    'volume' as component
from (
    values
    ('FOUR', 4), ('FIVE', 5)
) as given (symbol, ratio20);
-- expect: symbol, unusual_activity_legacy, unusual_activity, label, direction, n_components,
--     is_high
values
('FOUR', 100, null, null, null, 0, false),
('FIVE', 100, null, null, null, 0, false),
('NONE', null, null, null, null, 0, false);

-- case: independent percentiles are over 95 one time in twenty, and never out of bounds
-- given: features.score_components
select 'S' || i as symbol
from range(6_000) as t (i);
-- given: features.activity_ranks
select
    'S' || t.i as symbol,
    kinds.component,
    cast(hash(t.i || kinds.component) as double) / 18_446_744_073_709_551_616 as pr
from range(6_000) as t (i)
cross join (values ('volume'), ('off_exchange'), ('blocks')) as kinds (component);
-- expect: avg(case when unusual_activity > 95 then 1 else 0 end) between 0.044 and 0.056,
--     min(unusual_activity) >= 0, max(unusual_activity) <= 100, count(unusual_activity),
--     max(abs(part_top + part_chance - unusual_activity)) < 1e-9, count(direction)
values (true, true, true, 6_000, true, 0);

-- case: a higher percentile never lowers it
-- given: features.score_components
select 'S' || i as symbol
from range(101) as t (i);
-- given: features.activity_ranks
select
    'S' || t.i as symbol,
    kinds.component,
    case when kinds.component = 'blocks' then t.i / 100.0 else 0.4 end as pr
from range(101) as t (i)
cross join (values ('volume'), ('off_exchange'), ('blocks')) as kinds (component);
-- expect: blocks_pr, unusual_activity
select
    i / 100.0 as blocks_pr,
    100 * power(greatest(0.4, i / 100.0), 3) as unusual_activity
from range(101) as t (i);
