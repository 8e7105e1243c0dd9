-- default: measure = 'anomaly', fit_id = 'a', session_date = '2024-02-12'
-- default: known_at = '2024-02-13 02:00Z'

-- case: the largest distance of the two curves, and what chance reaches; told a day after the month
-- given: raw.model_fits
select
    *,
    timestamptz '2024-02-01 00:00Z' as known_at,
    (select list(steps.n / 1_000 order by steps.n) from range(1_001) as steps (n))
        as score_quantiles
from (values ('forest', 100_000), ('small', 400), ('far', 100_000)) as given (model, n_rows);
-- given: raw.model_scores
select
    models.model,
    'S' || numbers.n as entity,
    -- The month's scores are spread evenly over a part of what the fit's are.
    models.low + (1 - models.low) * (numbers.n + 0.5) / 200 as score
from (values ('forest', 0.15), ('small', 0.15), ('far', 0.5)) as models (model, low)
cross join range(200) as numbers (n);
-- expect: name, scope, period_date, known_at, statistic, threshold, state, n, reason
-- As scipy's ks_2samp says of scores and quantiles.
-- sqrt(-ln(0.0005) / 2 * (1 / 200 + 1 / 400)) = 0.168834: what chance does is not told
values
(
    'forest', 'anomaly', '2024-02-01', '2024-03-02 00:00Z', 0.152847, 0.2, 'watch', 200, null
),
('small', 'anomaly', '2024-02-01', '2024-03-02 00:00Z', 0.152847, 0.2, 'stable', 200, null),
('far', 'anomaly', '2024-02-01', '2024-03-02 00:00Z', 0.501499, 0.2, 'drift', 200, null);

-- case: of several loads of one score the newest counts, and each fit by itself
-- given: raw.model_fits
select
    *,
    'forest' as model,
    timestamptz '2024-02-01 00:00Z' as known_at,
    1_000 as n_rows,
    [0.0, 0.25, 0.5, 0.75, 1.0] as score_quantiles
from (values ('a'), ('b')) as given (fit_id);
-- given: raw.model_scores
select
    'forest' as model,
    'S' || numbers.n as entity,
    case when numbers.n < 100 then 'a' else 'b' end as fit_id,
    loads.load_id,
    case when loads.load_id = 'newer' then 0.5 else 9 end as score
from range(200) as numbers (n)
cross join (values ('newer'), ('bad')) as loads (load_id);
-- expect: evidence ->> 'fit_id' as fit_id, statistic, n
values ('a', 0.4, 100), ('b', 0.4, 100);

-- case: what can't be said has its reason
-- given: raw.model_fits
select
    *,
    timestamptz '2024-02-01 00:00Z' as known_at
from (
    values
    ('constant', 1_000, [7.0, 7.0, 7.0]), ('mute', 1_000, null), ('nulls', 1_000, [1.0, 2.0]),
    ('one row', 1_000, [1.0, 2.0]), ('of few', 10, [1.0, 2.0])
) as given (model, n_rows, score_quantiles);
-- given: raw.model_scores
select
    given.model,
    'S' || numbers.n as entity,
    case when given.model <> 'nulls' then numbers.n end as score
from (values ('constant', 100), ('mute', 100), ('nulls', 100), ('one row', 1), ('of few', 100))
    as given (model, n_rows)
inner join range(100) as numbers (n) on given.n_rows > numbers.n;
-- expect: name, statistic, state, n, reason
values
('constant', null, null, 100, 'constant: every row that it was fitted on has one score'),
('mute', null, null, 100, 'its fit tells no scores to lay these beside'),
('nulls', null, null, 0, 'none of 100 rows has a score'),
('one row', null, null, 1, 'too few: 1 scores in the month, of 100'),
('of few', null, null, 100, 'too few: it was fitted on 10 rows');

-- case: a month that is not over is not told
-- span: 1970-01-01 2024-03-02
-- given: raw.model_scores
select
    'forest' as model,
    'S' || n as entity,
    n as score
from range(200) as numbers (n);
-- expect: nothing
