-- default: symbol = 'AAPL', session_date = '2024-03-01', known_at = '2024-03-02 02:00Z'
-- default: weight = 0.25

-- case: components that go together, against one another, and one that does not move
-- given: features.score_components
select
    'S' || t.i as symbol,
    kinds.component,
    (t.i - 5) / 10.0 * kinds.slope + case when kinds.slope = 0 then 0.5 else 0 end as s
from range(10) as t (i)
cross join (
    values ('dp', 1), ('inst', 0.5), ('blocks', -1), ('insider', 0)
) as kinds (component, slope);
-- expect: month_date, component, other_component, n_rows, n_symbols, coefficient
select
    date '2024-03-01' as month_date,
    *
from (
    values
    ('dp', 'inst', 10, 10, 1), ('blocks', 'dp', 10, 10, -1), ('blocks', 'inst', 10, 10, -1),
    ('dp', 'insider', 10, 10, null), ('blocks', 'insider', 10, 10, null),
    ('insider', 'inst', 10, 10, null)
) as given;

-- case: what is missing, and what has no weight, is in no pair; months are apart
-- given: features.score_components
select *
from (
    values
    (date '2024-03-01', 'dp', 0.1, 0.25), (date '2024-03-01', 'inst', null, 0.25),
    (date '2024-03-01', 'flow', 0.3, null), (date '2024-03-01', 'unusual', 0.2, 0.15),
    (date '2024-04-01', 'dp', 0.1, 0.25), (date '2024-03-28', 'inst', 0.2, 0.25)
) as given (session_date, component, s, weight);
-- expect: month_date, component, other_component, n_rows, coefficient
values (date '2024-03-01', 'dp', 'unusual', 1, null);
