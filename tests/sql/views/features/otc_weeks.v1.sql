-- default: symbol = 'GME', week_date = '2024-02-26', detail = 'symbol', bar = '1d'

-- case: dark pools and others are parts of what the week's bars say
-- given: curated.otc_volume
select
    *,
    '2024-03-19 04:00Z' as known_at
from (
    values
    ('ats', 'symbol', 1_000), ('non_ats', 'symbol', 3_000), ('ats', 'symbol_firm', 999)
) as given (venue_kind, detail, volume);
-- given: curated.equity_bars
select
    sessions.session_date,
    2_000 as volume,
    sessions.closes_at as known_at
from curated.us_sessions as sessions
where sessions.session_date between '2024-02-23' and '2024-03-04';
-- expect: symbol, week_date, known_at, withdrawn_at, ats_volume, non_ats_volume, volume, ats_ratio,
--     non_ats_ratio
values ('GME', '2024-02-26', '2024-03-19 04:00Z', null, 1_000, 3_000, 10_000, 0.1, 0.3);

-- case: a week with a session that nobody tells has no ratio
-- given: curated.otc_volume
select
    'ats' as venue_kind,
    1_000 as volume,
    '2024-03-19 04:00Z' as known_at;
-- given: curated.equity_bars
select
    sessions.session_date,
    2_000 as volume,
    sessions.closes_at as known_at
from curated.us_sessions as sessions
where sessions.session_date between '2024-02-26' and '2024-02-29';
-- expect: ats_volume, volume, ats_ratio
values (1_000, null, null);

-- case: a restatement is a version of its own
-- given: curated.otc_volume
select *
from (
    values
    ('ats', 1_000, '2024-03-19 04:00Z', '2024-03-26 04:00Z'),
    ('ats', 1_500, '2024-03-26 04:00Z', null),
    ('non_ats', 3_000, '2024-03-19 04:00Z', null)
) as given (venue_kind, volume, known_at, withdrawn_at);
-- expect: known_at, withdrawn_at, ats_volume, non_ats_volume
values
('2024-03-19 04:00Z', '2024-03-26 04:00Z', 1_000, 3_000),
('2024-03-26 04:00Z', null, 1_500, 3_000);
