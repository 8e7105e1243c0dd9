-- default: symbol = 'AAPL', component = 'volume', basis = 'bar', split_ratio = 1

-- case: the golden percentiles: 0.60, 1.00 and 0.40 on the last three of sixty sessions
-- param: rank_sessions = 20
-- span: 2024-02-28 2024-03-02
-- given: features.activity_measures
select
    date '2024-01-01' + cast(i as integer) as session_date,
    timestamptz '2024-01-01 02:00Z' + i * interval 1 day as known_at,
    1_000 + i as place,
    1 + (i * 7919) % 101 as amount
from range(1, 61) as t (i);
-- expect: session_date, n_obs, pr
values
(date '2024-02-28', 20, 0.6),
(date '2024-02-29', 20, 1),
(date '2024-03-01', 20, 0.4);

-- case: a session without trades is a zero, one of which nobody tells is none
-- span: 2024-01-31 2024-02-01
-- given: features.activity_measures
with days as (
    select
        stocks.symbol,
        t.i
    from (values ('THIN'), ('BUSY')) as stocks (symbol)
    cross join range(1, 31) as t (i)
)

select
    symbol,
    date '2024-01-01' + cast(i as integer) as session_date,
    timestamptz '2024-01-01 02:00Z' + i * interval 1 day as known_at,
    1_000 + i as place,
    case when symbol = 'THIN' and i = 30 then 40 else 100 end as amount
from days
where (symbol = 'BUSY' and i <> 20) or (symbol = 'THIN' and i in (3, 30));
-- expect: symbol, session_date, n_obs, round(pr, 6)
values
('THIN', date '2024-01-31', 26, 0.961538),
('BUSY', date '2024-01-31', 28, 0.5);

-- case: below twenty sessions there is no percentile, below ten no ratio
-- span: 2024-01-02 2024-02-01
-- given: features.activity_measures
select
    date '2024-01-01' + cast(i as integer) as session_date,
    timestamptz '2024-01-01 02:00Z' + i * interval 1 day as known_at,
    1_000 + i as place,
    100 as amount
from range(1, 22) as t (i)
where i < 10 or i = 11 or i = 21;
-- expect: n_obs, pr, ratio20
values
(0, null, null), (1, null, null), (2, null, null), (3, null, null), (4, null, null),
(5, null, null), (6, null, null), (7, null, null), (8, null, null), (9, null, null),
(10, null, 1);

-- case: a split before the session changes no rank and no ratio
-- span: 2024-01-30 2024-02-01
-- given: features.activity_measures
select
    date '2024-01-01' + cast(i as integer) as session_date,
    timestamptz '2024-01-01 02:00Z' + i * interval 1 day as known_at,
    1_000 + i as place,
    case when i < 20 then 100 else 400 end as amount,
    case when i < 20 then 4 else 1 end as split_ratio
from range(1, 31) as t (i);
-- expect: pr, ratio20
values (0.5, 1), (0.5, 1);

-- case: of two bases the longer history speaks
-- span: 2024-01-31 2024-02-01
-- given: features.activity_measures
with days as (
    select
        stocks.*,
        t.i
    from (values ('prints', 10), ('totals', 1)) as stocks (basis, first_i)
    cross join range(1, 31) as t (i)
)

select
    'off_exchange' as component,
    basis,
    date '2024-01-01' + cast(i as integer) as session_date,
    timestamptz '2024-01-01 02:00Z' + i * interval 1 day as known_at,
    1_000 + i as place,
    100 as amount
from days
where i >= first_i;
-- expect: basis, n_obs
values ('totals', 29);

-- case: far above all of sixty sessions and five million dollars is high by itself
-- span: 2024-03-02 2024-03-03
-- given: features.activity_measures
with days as (
    select
        stocks.*,
        t.i
    from (
        values ('HIGH', 2_000, 5_000_000), ('POOR', 2_000, 4_999_999), ('USUAL', 1_060, 5_000_000)
    ) as stocks (symbol, last_amount, last_usd)
    cross join range(1, 62) as t (i)
)

select
    symbol,
    date '2024-01-01' + cast(i as integer) as session_date,
    timestamptz '2024-01-01 02:00Z' + i * interval 1 day as known_at,
    1_000 + i as place,
    case when i = 61 then last_amount else 1_000 + 10 * (i % 7) end as amount,
    case when i = 61 then last_usd else 1_000_000 end as value_usd
from days;
-- expect: symbol, round(pr, 6), mz60 >= 5, is_high
values
('HIGH', 1, true, true),
('POOR', 1, true, false),
('USUAL', 0.933333, false, false);

-- case: a block of a hundredth of a day is high by itself, and one of less is not
-- span: 2024-01-22 2024-01-23
-- given: features.activity_measures
with days as (
    select
        stocks.*,
        t.i
    from (
        values
        ('HIGH', 10_000_000, 10_000), ('SMALL', 10_000_000, 9_999), ('POOR', 9_999_999, 10_000)
    ) as stocks (symbol, top_usd, top_size)
    cross join range(1, 22) as t (i)
)

select
    symbol,
    'blocks' as component,
    'prints' as basis,
    date '2024-01-01' + cast(i as integer) as session_date,
    timestamptz '2024-01-01 02:00Z' + i * interval 1 day as known_at,
    1_000 + i as place,
    case when i = 21 then top_usd else 0 end as amount,
    1_000_000 as volume,
    case when i = 21 then top_usd end as top_usd,
    case when i = 21 then top_size end as top_size
from days;
-- expect: symbol, pr, is_high
values
('HIGH', 1, true),
('SMALL', 1, false),
('POOR', 1, false);
