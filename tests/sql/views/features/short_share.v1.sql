-- default: symbol = 'GME', source_symbol = 'GME', facility = 'CNMS', total_volume = 1_000

-- case: the mean is that of the last five sessions, and of fewer where there are fewer
-- given: curated.short_volume
select *
from (
    values
    ('2019-05-20', 100, '2019-05-20 22:00Z'),
    ('2019-05-21', 200, '2019-05-21 22:00Z'),
    ('2019-05-22', 300, '2019-05-22 22:00Z'),
    ('2019-05-23', 400, '2019-05-23 22:00Z'),
    ('2019-05-24', 500, '2019-05-24 22:00Z'),
    ('2019-05-28', 850, '2019-05-28 22:00Z')
) as given (session_date, short_volume, known_at);
-- expect: session_date, known_at, closes_at, short_share, mean5, n_days, n_obs, mean5_pr
values
('2019-05-20', '2019-05-20 22:00Z', '2019-05-20 20:00Z', 0.10, 0.10, 1, 0, null),
('2019-05-21', '2019-05-21 22:00Z', '2019-05-21 20:00Z', 0.20, 0.15, 2, 1, null),
('2019-05-22', '2019-05-22 22:00Z', '2019-05-22 20:00Z', 0.30, 0.20, 3, 2, null),
('2019-05-23', '2019-05-23 22:00Z', '2019-05-23 20:00Z', 0.40, 0.25, 4, 3, null),
('2019-05-24', '2019-05-24 22:00Z', '2019-05-24 20:00Z', 0.50, 0.30, 5, 4, null),
('2019-05-28', '2019-05-28 22:00Z', '2019-05-28 20:00Z', 0.85, 0.45, 5, 5, null);

-- case: a session without the symbol counts as one of the five
-- given: curated.short_volume
select *
from (
    values
    ('2019-05-20', 900, '2019-05-20 22:00Z'),
    ('2019-05-21', 200, '2019-05-21 22:00Z'),
    ('2019-05-28', 400, '2019-05-28 22:00Z')
) as given (session_date, short_volume, known_at);
-- expect: session_date, mean5, n_days
values
('2019-05-20', 0.90, 1),
('2019-05-21', 0.55, 2),
('2019-05-28', 0.30, 2);

-- case: without volume there is no share, and the mean is that of the days that had one
-- given: curated.short_volume
select *
from (
    values
    ('2019-05-20', 0, 0, '2019-05-20 22:00Z'),
    ('2019-05-21', 400, 1_000, '2019-05-21 22:00Z'),
    ('2019-05-22', 0, 0, '2019-05-22 22:00Z')
) as given (session_date, short_volume, total_volume, known_at);
-- expect: session_date, short_volume, total_volume, short_share, mean5, n_days
values
('2019-05-20', 0, 0, null, null, 0),
('2019-05-21', 400, 1_000, 0.4, 0.4, 1),
('2019-05-22', 0, 0, null, 0.4, 1);

-- case: only the consolidated file is read
-- given: curated.short_volume
select
    *,
    '2019-05-20' as session_date,
    '2019-05-20 22:00Z' as known_at
from (
    values
    ('CNMS', 400), ('FNSQ', 900), ('FNQC', 900), ('FNYX', 900), ('FNRA', 900), ('FORF', 900)
) as given (facility, short_volume);
-- expect: symbol, source_symbol, short_volume, total_volume, short_share, mean5, n_days
values ('GME', 'GME', 400, 1_000, 0.4, 0.4, 1);

-- case: ties count half
-- param: n_mean = 1
-- param: min_baseline_sessions = 4
-- span: 2019-05-24 2019-05-28
-- given: curated.short_volume
select *
from (
    values
    ('2019-05-20', 200, '2019-05-20 22:00Z'),
    ('2019-05-21', 400, '2019-05-21 22:00Z'),
    ('2019-05-22', 400, '2019-05-22 22:00Z'),
    ('2019-05-23', 600, '2019-05-23 22:00Z'),
    ('2019-05-24', 400, '2019-05-24 22:00Z')
) as given (session_date, short_volume, known_at);
-- expect: session_date, n_obs, mean5_pr
values ('2019-05-24', 4, 0.5);

-- case: twenty sessions of history make a percentile, nineteen do not
-- span: 2019-06-03 2019-06-04
-- given: curated.short_volume
select
    symbols.symbol,
    symbols.symbol as source_symbol,
    sessions.session_date,
    sessions.closes_at + interval 2 hours as known_at,
    300 + sessions.sequence % 3 + case when sessions.session_date = '2019-06-03' then 400 else 0 end
        as short_volume
from curated.us_sessions as sessions
cross join (
    values
    ('NINETEEN', date '2019-05-06'),
    ('TWENTY', date '2019-05-03')
) as symbols (symbol, since_date)
where sessions.session_date between symbols.since_date and '2019-06-03';
-- expect: symbol, session_date, n_obs, mean5_pr
values
('NINETEEN', '2019-06-03', 19, null),
('TWENTY', '2019-06-03', 20, 1);

-- case: what is further back than the baseline does not rank
-- param: n_mean = 1
-- param: max_baseline_sessions = 2
-- param: min_baseline_sessions = 2
-- span: 2019-05-23 2019-05-24
-- given: curated.short_volume
select *
from (
    values
    ('2019-05-20', 900, '2019-05-20 22:00Z'),
    ('2019-05-21', 100, '2019-05-21 22:00Z'),
    ('2019-05-22', 200, '2019-05-22 22:00Z'),
    ('2019-05-23', 300, '2019-05-23 22:00Z')
) as given (session_date, short_volume, known_at);
-- expect: session_date, n_obs, mean5_pr
values ('2019-05-23', 2, 1);

-- case: means and ranks take the versions that stood when the row became known
-- param: n_mean = 2
-- param: min_baseline_sessions = 1
-- given: curated.short_volume
select *
from (
    values
    ('2019-05-21', 200, '2019-05-21 22:00Z', null),
    ('2019-05-22', 400, '2019-05-22 22:00Z', '2019-05-23 23:00Z'),
    ('2019-05-22', 100, '2019-05-23 23:00Z', null),
    ('2019-05-23', 300, '2019-05-23 22:00Z', null),
    ('2019-05-24', 400, '2019-05-24 22:00Z', null)
) as given (session_date, short_volume, known_at, withdrawn_at);
-- expect: session_date, known_at, withdrawn_at, mean5, n_obs, mean5_pr
values
('2019-05-21', '2019-05-21 22:00Z', null, 0.20, 0, null),
('2019-05-22', '2019-05-22 22:00Z', '2019-05-23 23:00Z', 0.30, 1, 1),
('2019-05-22', '2019-05-23 23:00Z', null, 0.15, 1, 0),
('2019-05-23', '2019-05-23 22:00Z', null, 0.35, 2, 1),
('2019-05-24', '2019-05-24 22:00Z', null, 0.35, 3, 0.833333333);

-- case: a row that is withdrawn for good leaves the means after it
-- param: n_mean = 2
-- given: curated.short_volume
select *
from (
    values
    ('2019-05-21', 200, '2019-05-21 22:00Z', '2019-05-22 21:00Z'),
    ('2019-05-22', 400, '2019-05-22 22:00Z', null)
) as given (session_date, short_volume, known_at, withdrawn_at);
-- expect: session_date, withdrawn_at, mean5, n_days, n_obs
values
('2019-05-21', '2019-05-22 21:00Z', 0.2, 1, 0),
('2019-05-22', null, 0.4, 1, 0);

-- case: a row enters until the close of the tenth session after, and not a second later
-- given: curated.short_volume
select *
from (
    values
    ('2019-05-06', 200, '2019-05-20 20:00:00Z'),
    ('2019-05-07', 400, '2019-05-21 20:00:01Z')
) as given (session_date, short_volume, known_at);
-- expect: session_date, short_share
values ('2019-05-06', 0.2);

-- case: a change of our ticker keeps the history, which goes by the name in the file
-- given: curated.short_volume
select *
from (
    values
    ('FB', '2022-06-08', 200, '2022-06-08 22:00Z'),
    ('META', '2022-06-09', 400, '2022-06-09 22:00Z')
) as given (symbol, session_date, short_volume, known_at);
-- expect: symbol, session_date, mean5, n_days, n_obs
values
('FB', '2022-06-08', 0.2, 1, 0),
('META', '2022-06-09', 0.3, 2, 1);

-- case: 267 sessions before the span hold the year and its means, for a row ten sessions late
-- span: 2019-06-17T20:00Z 2019-06-18
-- given: curated.short_volume
select
    sessions.session_date,
    case when sessions.session_date = '2019-06-03' then 900 else 300 end as short_volume,
    case
        when sessions.session_date = '2019-06-03' then sessions.late_at
        else sessions.closes_at + interval 2 hours
    end as known_at
from curated.us_sessions as sessions
inner join curated.us_sessions as newest on newest.session_date = '2019-06-03'
where sessions.sequence between newest.sequence - 256 and newest.sequence;
-- expect: session_date, mean5, n_obs, mean5_pr
values ('2019-06-03', 0.42, 252, 1);
