-- default: entity = 'market', basis = 'symbol'

-- case: the golden percentiles: 0.60, 1.00 and 0.40 on the last three of sixty sessions
-- param: rank_sessions = 20
-- param: min_obs = 20
-- given: features.regime_inputs
select
    session_date, sequence as place,
    closes_at + interval 5 hours as known_at,
    (row_number() over (order by sequence) * 7919) % 101 as rv20
from curated.us_sessions
where session_date >= '2023-10-02'
qualify row_number() over (order by sequence) <= 60;
-- expect: case when session_date >= '2023-12-21' then rv_pr end,
--     case when session_date >= '2023-12-21' then cut_id end
select
    case n when 58 then 0.6 when 59 then 1 when 60 then 0.4 end as pr,
    case n when 58 then 1 when 59 then 2 when 60 then 0 end as cut_id
from range(1, 61) as sessions (n);

-- case: one wild day changes nothing, the second confirms it
-- param: min_obs = 2
-- given: features.regime_inputs
select
    told.rv20,
    sessions.session_date,
    sessions.sequence as place,
    sessions.closes_at + interval 5 hours as known_at
from (
    select
        session_date, sequence, closes_at,
        row_number() over (order by sequence) as n
    from curated.us_sessions
    where session_date >= '2024-03-01'
) as sessions
inner join (
    values
    (1, 0.1), (2, 0.1), (3, 0.09), (4, 0.08), (5, 0.5), (6, 0.07), (7, 0.6), (8, 0.7), (9, 0.06)
) as told (n, rv20) on sessions.n = told.n;
-- expect: session_date, cut_id, regime_id, reason
values
(date '2024-03-01', null, -1, 'history of under 60 sessions'),
(date '2024-03-04', null, -1, 'history of under 60 sessions'),
(date '2024-03-05', 0, 0, null),
(date '2024-03-06', 0, 0, null),
(date '2024-03-07', 2, 0, null),
(date '2024-03-08', 0, 0, null),
(date '2024-03-11', 2, 0, null),
(date '2024-03-12', 2, 2, null),
(date '2024-03-13', 0, 2, null);

-- case: who has always been the same is in the middle of it, and another basis is no history
-- param: min_obs = 2
-- given: features.regime_inputs
select
    *,
    session_date + interval 26 hours as known_at
from (
    values
    (date '2024-03-01', 1, 'median', 0.2), (date '2024-03-04', 2, 'median', 0.2),
    (date '2024-03-05', 3, 'median', 0.2), (date '2024-03-06', 4, 'symbol', 0.2),
    (date '2024-03-07', 5, 'symbol', null)
) as given (session_date, place, basis, rv20);
-- expect: session_date, n_obs, rv_pr, regime_id, reason
values
(date '2024-03-01', 0, null, -1, 'history of under 60 sessions'),
(date '2024-03-04', 1, null, -1, 'history of under 60 sessions'),
(date '2024-03-05', 2, 0.5, 1, null),
(date '2024-03-06', 0, null, -1, 'history of under 60 sessions'),
(date '2024-03-07', 0, null, -1, 'too few returns among 20 sessions');
