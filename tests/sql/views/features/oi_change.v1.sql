-- default: contract = 'SPX190621C02900000', underlying = 'SPX', expiration = '2019-06-21'
-- default: strike = 2_900, put_call = 'call'

-- case: five thousand more at a mid of 2 are ten times a usual change of five hundred
-- span: 2019-06-04 2019-06-05
-- given: curated.open_interest
select
    figures.session_date as oi_date,
    case
        when figures.session_date = '2019-06-03' then 15_000
        else 10_000 + 500 * (figures.sequence % 2)
    end as open_interest,
    published.opens_at - interval 3 hours as known_at
from curated.us_sessions as figures
inner join curated.us_sessions as published on figures.session_date = published.previous_date
where figures.session_date between '2019-05-02' and '2019-06-03';
-- given: curated.option_chains
select
    '2019-06-03' as session_date,
    '2019-06-03 20:30Z' as known_at,
    1.9 as bid,
    2.1 as ask,
    6_000 as volume,
    0.25 as delta,
    2_744.45 as underlying_price;
-- expect: contract, oi_date, underlying, expiration, strike, put_call, known_at, withdrawn_at,
--     closes_at, open_interest, previous_open_interest, d_oi, d_oi_pct, n_baseline,
--     mean_abs_d_oi, d_oi_rel, mid, volume, delta, underlying_price
values (
    'SPX190621C02900000', '2019-06-03', 'SPX', '2019-06-21', 2_900, 'call',
    '2019-06-04 10:30Z', null, '2019-06-03 20:00Z', 15_000, 10_000, 5_000, 50, 20, 500, 10, 2,
    6_000, 0.25, 2_744.45
);

-- case: there is no change across a missing session, as on the real SPX files of May 2019
-- given: curated.open_interest
select *
from (
    values
    ('2019-05-08', 1_000, '2019-05-09 10:30Z'),
    ('2019-05-09', 1_100, '2019-05-10 10:30Z'),
    ('2019-05-13', 1_500, '2019-05-14 10:30Z'),
    ('2019-05-14', 1_450, '2019-05-15 10:30Z')
) as given (oi_date, open_interest, known_at);
-- expect: oi_date, previous_open_interest, open_interest, d_oi, d_oi_pct
values
('2019-05-09', 1_000, 1_100, 100, 10),
('2019-05-14', 1_500, 1_450, -50, -3.333333);

-- case: Friday to Tuesday over Memorial Day is one session
-- given: curated.open_interest
select *
from (
    values
    ('2019-05-24', 1_000, '2019-05-28 10:30Z'),
    ('2019-05-28', 1_250, '2019-05-29 10:30Z')
) as given (oi_date, open_interest, known_at);
-- expect: oi_date, d_oi, known_at, closes_at
values ('2019-05-28', 250, '2019-05-29 10:30Z', '2019-05-28 20:00Z');

-- case: below 100 contracts a change has no percentage, and another contract is no past
-- given: curated.open_interest
select *
from (
    values
    ('a', '2019-05-07', 99, '2019-05-08 10:30Z'),
    ('a', '2019-05-08', 199, '2019-05-09 10:30Z'),
    ('a', '2019-05-09', 100, '2019-05-10 10:30Z'),
    ('a', '2019-05-10', 201, '2019-05-13 10:30Z'),
    ('b', '2019-05-09', 500, '2019-05-10 10:30Z')
) as given (contract, oi_date, open_interest, known_at);
-- expect: contract, oi_date, d_oi, d_oi_pct
values
('a', '2019-05-08', 100, null),
('a', '2019-05-09', -99, -49.748744),
('a', '2019-05-10', 101, 101);

-- case: a corrected figure makes a new version of its change and of the next one
-- given: curated.open_interest
select *
from (
    values
    ('2019-05-07', 1_000, '2019-05-08 10:30Z', null),
    ('2019-05-08', 1_100, '2019-05-09 10:30Z', '2019-05-10 15:00Z'),
    ('2019-05-08', 1_200, '2019-05-10 15:00Z', null),
    ('2019-05-09', 1_300, '2019-05-10 10:30Z', null)
) as given (oi_date, open_interest, known_at, withdrawn_at);
-- expect: oi_date, d_oi, known_at, withdrawn_at
values
('2019-05-08', 100, '2019-05-09 10:30Z', '2019-05-10 15:00Z'),
('2019-05-08', 200, '2019-05-10 15:00Z', null),
('2019-05-09', 200, '2019-05-10 10:30Z', '2019-05-10 15:00Z'),
('2019-05-09', 100, '2019-05-10 15:00Z', null);

-- case: two figures corrected by the same file make one new version
-- given: curated.open_interest
select *
from (
    values
    ('2019-05-08', 1_000, '2019-05-09 10:30Z', '2019-05-10 15:00Z'),
    ('2019-05-08', 1_100, '2019-05-10 15:00Z', null),
    ('2019-05-09', 1_300, '2019-05-10 10:30Z', '2019-05-10 15:00Z'),
    ('2019-05-09', 1_350, '2019-05-10 15:00Z', null)
) as given (oi_date, open_interest, known_at, withdrawn_at);
-- expect: oi_date, d_oi, known_at, withdrawn_at
values
('2019-05-09', 300, '2019-05-10 10:30Z', '2019-05-10 15:00Z'),
('2019-05-09', 250, '2019-05-10 15:00Z', null);

-- case: a figure that is gone takes the changes on both of its sides with it
-- given: curated.open_interest
select *
from (
    values
    ('2019-05-07', 1_000, '2019-05-08 10:30Z', null),
    ('2019-05-08', 1_100, '2019-05-09 10:30Z', '2019-05-10 15:00Z'),
    ('2019-05-09', 1_300, '2019-05-10 10:30Z', null),
    ('2019-05-10', 1_350, '2019-05-13 10:30Z', null)
) as given (oi_date, open_interest, known_at, withdrawn_at);
-- expect: oi_date, d_oi, known_at, withdrawn_at
values
('2019-05-08', 100, '2019-05-09 10:30Z', '2019-05-10 15:00Z'),
('2019-05-09', 200, '2019-05-10 10:30Z', '2019-05-10 15:00Z'),
('2019-05-10', 50, '2019-05-13 10:30Z', null);

-- case: each baseline takes the version that stood when its own row became known
-- param: min_baseline_changes = 1
-- given: curated.open_interest
select *
from (
    values
    ('2019-05-06', 1_000, '2019-05-07 10:30Z', '2019-05-10 15:00Z'),
    ('2019-05-06', 900, '2019-05-10 15:00Z', null),
    ('2019-05-07', 1_100, '2019-05-08 10:30Z', null),
    ('2019-05-08', 1_300, '2019-05-09 10:30Z', null),
    ('2019-05-09', 1_600, '2019-05-10 10:30Z', null),
    ('2019-05-10', 2_000, '2019-05-13 10:30Z', null)
) as given (oi_date, open_interest, known_at, withdrawn_at);
-- expect: oi_date, known_at, d_oi, n_baseline, mean_abs_d_oi, d_oi_rel
values
('2019-05-07', '2019-05-08 10:30Z', 100, 0, null, null),
('2019-05-07', '2019-05-10 15:00Z', 200, 0, null, null),
('2019-05-08', '2019-05-09 10:30Z', 200, 1, 100, 2),
('2019-05-09', '2019-05-10 10:30Z', 300, 2, 150, 2),
('2019-05-10', '2019-05-13 10:30Z', 400, 3, 233.333333, 1.714286);

-- case: a correction enters until the close of the tenth session after, and not a second later
-- param: min_baseline_changes = 1
-- given: curated.open_interest
select *
from (
    values
    ('in time', '2019-05-06', 1_000, '2019-05-07 10:30:00Z', '2019-05-20 20:00:00Z'),
    ('in time', '2019-05-06', 900, '2019-05-20 20:00:00Z', null),
    ('in time', '2019-05-07', 1_100, '2019-05-08 10:30:00Z', null),
    ('late', '2019-05-06', 1_000, '2019-05-07 10:30:00Z', '2019-05-20 20:00:01Z'),
    ('late', '2019-05-06', 900, '2019-05-20 20:00:01Z', null),
    ('late', '2019-05-07', 1_100, '2019-05-08 10:30:00Z', null)
) as given (contract, oi_date, open_interest, known_at, withdrawn_at);
-- expect: contract, oi_date, d_oi, known_at, withdrawn_at
values
('in time', '2019-05-07', 100, '2019-05-08 10:30:00Z', '2019-05-20 20:00:00Z'),
('in time', '2019-05-07', 200, '2019-05-20 20:00:00Z', null),
('late', '2019-05-07', 100, '2019-05-08 10:30:00Z', '2019-05-20 20:00:01Z');

-- case: ten changes make a usual size, nine do not, and a usual size of nothing has no multiple
-- span: 2019-05-20 2019-05-21
-- given: curated.open_interest
select
    contracts.contract,
    figures.session_date as oi_date,
    published.opens_at - interval 3 hours as known_at,
    10_000 + case
        when figures.session_date = '2019-05-17' then 2_500
        else contracts.usual * (figures.sequence % 2)
    end as open_interest
from curated.us_sessions as figures
inner join curated.us_sessions as published on figures.session_date = published.previous_date
cross join (
    values
    ('nine', date '2019-05-03', 500),
    ('ten', date '2019-05-02', 500),
    ('never moved', date '2019-05-02', 0)
) as contracts (contract, since_date, usual)
where figures.session_date between contracts.since_date and '2019-05-17';
-- expect: contract, oi_date, d_oi, n_baseline, mean_abs_d_oi, d_oi_rel
values
('nine', '2019-05-17', 2_500, 9, null, null),
('ten', '2019-05-17', 2_500, 10, 500, 5),
('never moved', '2019-05-17', 2_500, 10, 0, null);

-- case: the baseline is the twenty sessions before, however few of them have a change
-- param: max_baseline_sessions = 3
-- param: min_baseline_changes = 1
-- span: 2019-05-16 2019-05-17
-- given: curated.open_interest
select *
from (
    values
    ('2019-05-08', 1_000, '2019-05-09 10:30Z'),
    ('2019-05-09', 9_000, '2019-05-10 10:30Z'),
    ('2019-05-10', 9_100, '2019-05-13 10:30Z'),
    ('2019-05-13', 9_300, '2019-05-14 10:30Z'),
    ('2019-05-14', 9_600, '2019-05-15 10:30Z'),
    ('2019-05-15', 9_800, '2019-05-16 10:30Z')
) as given (oi_date, open_interest, known_at);
-- expect: oi_date, d_oi, n_baseline, mean_abs_d_oi, d_oi_rel
values ('2019-05-15', 200, 3, 200, 1);

-- case: prices are those of the chain that stood when the change was known
-- given: curated.open_interest
select *
from (
    values
    ('a', '2019-05-08', '2019-05-09 10:30Z'),
    ('a', '2019-05-09', '2019-05-10 10:30Z'),
    ('no ask', '2019-05-08', '2019-05-09 10:30Z'),
    ('no ask', '2019-05-09', '2019-05-10 10:30Z'),
    ('too late', '2019-05-08', '2019-05-09 10:30Z'),
    ('too late', '2019-05-09', '2019-05-10 10:30Z')
) as given (contract, oi_date, known_at);
-- given: curated.option_chains
select *
from (
    values
    ('a', '2019-05-08', 7, 9, '2019-05-08 20:30Z', null),
    ('a', '2019-05-09', 1, 2, '2019-05-09 18:00Z', '2019-05-09 20:30Z'),
    ('a', '2019-05-09', 3, 4, '2019-05-09 20:30Z', '2019-05-10 15:00Z'),
    ('a', '2019-05-09', 5, 6, '2019-05-10 15:00Z', null),
    ('no ask', '2019-05-09', 3, null, '2019-05-09 20:30Z', null),
    ('too late', '2019-05-09', 3, 4, '2019-05-10 10:31Z', null)
) as given (contract, session_date, bid, ask, known_at, withdrawn_at);
-- expect: contract, oi_date, underlying, mid
values
('a', '2019-05-09', 'SPX', 3.5),
('no ask', '2019-05-09', 'SPX', null),
('too late', '2019-05-09', null, null);

-- case: thirty-one sessions before the span hold the baseline of a row that is ten sessions late
-- span: 2019-06-17T20:00Z 2019-06-18
-- given: curated.open_interest
select
    figures.session_date as oi_date,
    10_000 + 500 * (figures.sequence % 2) as open_interest,
    case
        when figures.session_date = '2019-06-03' then timestamptz '2019-06-17 20:00Z'
        else published.opens_at - interval 3 hours
    end as known_at
from curated.us_sessions as figures
inner join curated.us_sessions as published on figures.session_date = published.previous_date
where figures.session_date between '2019-05-02' and '2019-06-03';
-- expect: oi_date, n_baseline, mean_abs_d_oi, d_oi_rel
values ('2019-06-03', 20, 500, 1);
