-- default: symbol = 'GME', basis = 'totals', closes_at = '2024-03-01 21:00Z', split_ratio = 1

-- case: half of the volume off exchange is very high by the fixed bands (golden), moderate by a
--     history that is all equal
-- span: 2024-03-02 2024-03-03
-- given: features.off_exchange_sessions
select
    sessions.session_date,
    sessions.closes_at + interval 5 hours as known_at,
    sessions.sequence as place,
    8_000_000 as volume,
    4_000_000 as offex_volume,
    0.5 as offex_ratio
from curated.us_sessions as sessions
where sessions.session_date between '2023-12-01' and '2024-03-01';
-- expect: session_date, basis, offex_ratio, n_obs, ratio_pr, ratio_label, legacy_label, mz60,
--     volume_ratio20, unknown_ratio, week_date
values ('2024-03-01', 'totals', 0.5, 61, 0.5, 'moderate', 'very_high', null, 1, 0.5, null);

-- case: the ratio is held against the median and spread of 60 sessions, its volume against 20
-- span: 2024-03-02 2024-03-03
-- given: features.off_exchange_sessions
select
    sessions.session_date,
    sessions.closes_at + interval 5 hours as known_at,
    sessions.sequence as place,
    case when sessions.session_date = '2024-03-01' then 2_500_000 else 1_000_000 end as volume,
    case
        when sessions.session_date = '2024-03-01' then 0.6
        when sessions.sequence % 4 = 0 then 0.42
        when sessions.sequence % 4 = 1 then 0.38
        else 0.4
    end as offex_ratio
from curated.us_sessions as sessions
where sessions.session_date between '2023-11-01' and '2024-03-01';
-- expect: n_obs, ratio_pr, ratio_label, median60, max60, volume_ratio20, mz60
values (82, 1, 'very_high', 0.4, 0.42, 2.5, round(0.6745 * 0.2 / 0.01, 6));

-- case: shares before a split count as what they became
-- span: 2024-03-02 2024-03-03
-- given: features.off_exchange_sessions
select
    sessions.session_date,
    sessions.closes_at + interval 5 hours as known_at,
    sessions.sequence as place,
    0.4 as offex_ratio,
    case when sessions.session_date < '2024-02-20' then 1_000 else 10_000 end as volume,
    case when sessions.session_date < '2024-02-20' then 10 else 1 end as split_ratio
from curated.us_sessions as sessions
where sessions.session_date between '2024-01-02' and '2024-03-01';
-- expect: volume_ratio20
values (1);

-- case: a short history says less, and prints are not held against totals
-- span: 2024-03-02 2024-03-03
-- given: features.off_exchange_sessions
select
    sessions.session_date,
    sessions.closes_at + interval 5 hours as known_at,
    sessions.sequence as place,
    1_000 as volume,
    0.4 as offex_ratio,
    case when sessions.session_date = '2024-03-01' then 'prints' else 'totals' end as basis
from curated.us_sessions as sessions
where sessions.session_date between '2024-02-01' and '2024-03-01';
-- expect: basis, n_obs, ratio_pr, ratio_label, mz60, volume_ratio20
values ('prints', 0, null, null, null, null);

-- case: the newest week that FINRA had told by then says who, and the rest is unknown
-- given: features.off_exchange_sessions
select
    '2024-03-01' as session_date,
    '2024-03-02 02:00Z' as known_at,
    1_000 as place,
    1_000 as volume,
    0.5 as offex_ratio;
-- given: features.otc_weeks
select *
from (
    values
    ('2024-02-05', '2024-02-27 05:00Z', '2024-02-29 05:00Z', 0.2, 0.2),
    ('2024-02-05', '2024-02-29 05:00Z', null, 0.1, 0.3),
    ('2024-01-29', '2024-03-01 05:00Z', null, 0.4, 0.1),
    ('2024-02-12', '2024-03-05 05:00Z', null, 0.4, 0.1)
) as given (week_date, known_at, withdrawn_at, ats_ratio, non_ats_ratio);
-- expect: week_date, ats_ratio, non_ats_ratio, unknown_ratio
values ('2024-02-05', 0.1, 0.3, 0.1);

-- case: the fixed bands of old
-- given: features.off_exchange_sessions
select
    *,
    '2024-03-01' as session_date,
    '2024-03-02 02:00Z' as known_at,
    1_000 as place,
    1_000 as volume
from (
    values
    ('A', 0.41), ('B', 0.4), ('C', 0.3), ('D', 0.29), ('E', 0.2), ('F', 0.19)
) as given (symbol, offex_ratio);
-- expect: symbol, legacy_label
values
('A', 'very_high'), ('B', 'high'), ('C', 'high'),
('D', 'moderate'), ('E', 'moderate'), ('F', 'low');
