-- default: cusip = 'A', ticker = 'AAA', period_end = '2024-06-30', session_date = '2024-08-14'
-- default: known_at = '2024-08-14 20:00Z', is_settled = true, is_first_settled = true
-- default: n_compared = 9, n_active = 3

-- case: the rule book's founding form: twelve new and four sold out of eighty are ten
-- given: features.holder_sessions
select *
from (
    values
    ('A', 12, 4, 80, 84, 3, 1.5),
    ('B', 0, 0, 0, 0, 0, 0),
    ('C', 0, 3, 0, 3, 1, -2)
) as given (cusip, n_new, n_sold_out, n_holders, n_compared, n_active, d_weight_sum);
-- expect: cusip, conviction_legacy, active_weight_change, n_obs, conviction_pr, conviction_score
values
('A', 10, 1.5, 0, null, null),
('B', null, null, 0, null, null),
('C', null, -2, 0, null, null);

-- case: four quarters make a score, pulled to the middle by four, twenty a percentile
-- given: features.holder_sessions
select
    given.cusip,
    cast(date '2024-06-30' - to_months(3 * numbers.n) as date) as period_end,
    cast(date '2024-08-14' - to_months(3 * numbers.n) as date) as session_date,
    timestamptz '2024-08-14 20:00Z' - to_months(3 * numbers.n) as known_at,
    case when numbers.n = 0 then given.newest else numbers.n end as d_weight_sum
from (
    values
    ('A', 21, 21),
    ('B', 21, 10),
    ('C', 21, -1),
    ('D', 20, 21),
    ('E', 5, 9),
    ('F', 4, 9)
) as given (cusip, n_quarters, newest)
inner join range(99) as numbers (n) on given.n_quarters > numbers.n;
-- expect: cusip, n_obs, conviction_pr, conviction_score
select
    given.cusip,
    given.n_quarters - 1 - numbers.n as n_obs,
    case when numbers.n = 0 then given.pr end as conviction_pr,
    case
        when numbers.n = 0 then given.score
        -- Each quarter is less than all before it.
        when given.n_quarters - numbers.n > 4
            then round(200.0 / (given.n_quarters + 3 - numbers.n), 6)
    end as conviction_score
from (
    values
    ('A', 21, 1, 91.666667),
    ('B', 21, 0.475, 47.916667),
    ('C', 21, 0, 8.333333),
    ('D', 20, null, 91.304348),
    ('E', 5, null, 75),
    ('F', 4, null, null)
) as given (cusip, n_quarters, pr, score)
inner join range(99) as numbers (n) on given.n_quarters > numbers.n;

-- case: all-neutral quarters are in the middle
-- given: features.holder_sessions
select
    cast(date '2024-06-30' - to_months(3 * numbers.n) as date) as period_end,
    cast(date '2024-08-14' - to_months(3 * numbers.n) as date) as session_date,
    timestamptz '2024-08-14 20:00Z' - to_months(3 * numbers.n) as known_at,
    0 as d_weight_sum
from range(30) as numbers (n);
-- expect: conviction_pr, conviction_score
select
    case when numbers.n < 10 then 0.5 end as conviction_pr,
    case when numbers.n < 26 then 50 end as conviction_score
from range(30) as numbers (n);

-- case: before a quarter's changes count there is no score
-- given: features.holder_sessions
select
    cast(date '2024-06-30' - to_months(3 * numbers.n) as date) as period_end,
    cast(date '2024-08-14' - to_months(3 * numbers.n) as date) as session_date,
    timestamptz '2024-08-14 20:00Z' - to_months(3 * numbers.n) as known_at,
    numbers.n > 0 as is_settled,
    numbers.n > 0 as is_first_settled,
    numbers.n as d_weight_sum
from range(5) as numbers (n);
-- expect: is_settled, n_obs, conviction_score
select
    numbers.n > 0 as is_settled,
    case when numbers.n > 0 then 4 - numbers.n else 0 end as n_obs,
    null as conviction_score
from range(5) as numbers (n);
