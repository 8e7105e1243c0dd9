-- default: symbol = 'GME', total_usd = 1_000, bull_usd = 300, bear_usd = 300, n_prints = 10
-- default: sided_frac = 0.6, bull_share = 0.5

-- case: a session is held against the twenty before it, and nineteen are too few
-- span: 2024-03-02 2024-03-03
-- given: features.off_exchange_flow
select
    given.symbol,
    numbered.session_date,
    numbered.closes_at + interval 255 minutes as known_at,
    numbered.closes_at,
    case numbered.nth when 1 then 700 else 290 + 20 * (numbered.nth % 2) end as bull_usd,
    case numbered.nth when 1 then 100 else 300 end as bear_usd
from (
    select
        *,
        row_number() over (order by session_date desc) as nth
    from curated.us_sessions
    where session_date <= date '2024-03-01'
) as numbered
inner join (values ('GME', 21), ('FEW', 20)) as given (symbol, n) on numbered.nth <= given.n;
-- expect: symbol, session_date, known_at, closes_at, imbalance, n_obs, median60, max_abs60, mz60
values
(
    'GME', '2024-03-01', '2024-03-02 01:15Z', '2024-03-01 21:00Z', 0.6, 20, 0, 0.01,
    round(0.6745 * 0.6 / 0.01, 6)
),
('FEW', '2024-03-01', '2024-03-02 01:15Z', '2024-03-01 21:00Z', 0.6, 19, null, null, null);

-- case: of a session in which less than a fifth has a side nothing is said, then and later
-- span: 2024-03-02 2024-03-03
-- given: features.off_exchange_flow
select
    given.symbol,
    numbered.session_date,
    numbered.closes_at + interval 255 minutes as known_at,
    numbered.closes_at,
    case when numbered.nth = given.nth then 0.199999 else 0.6 end as sided_frac
from (
    select
        *,
        row_number() over (order by session_date desc) as nth
    from curated.us_sessions
    where session_date <= date '2024-03-01'
) as numbered
cross join (values ('TODAY', 1), ('BEFORE', 2)) as given (symbol, nth)
where numbered.nth <= 22;
-- expect: symbol, imbalance, n_obs
values ('TODAY', null, 0), ('BEFORE', 0, 20);
