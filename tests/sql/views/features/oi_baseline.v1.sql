-- default: contract = 'SPX190621C02900000', calendar = 'XNYS', root = 'SPX'

-- case: a change is passed on, and none before it makes no baseline
-- given: features.oi_session_change
select
    session_date as oi_date,
    sequence,
    closes_at,
    '2019-05-10' as next_date,
    15_000 as open_interest,
    10_000 as previous_open_interest,
    'SPX190621C02900000' as previous_contract,
    5_000 as d_oi,
    '2019-05-10 10:30Z' as known_at,
    '2019-05-10 15:00Z' as withdrawn_at
from curated.us_sessions
where session_date = '2019-05-09';
-- expect: contract, calendar, root, oi_date, next_date, closes_at, open_interest,
--     previous_open_interest, previous_contract, d_oi, known_at, withdrawn_at, n_baseline,
--     sum_abs_d_oi, n_ranked, middle, mad
values (
    'SPX190621C02900000', 'XNYS', 'SPX', '2019-05-09', '2019-05-10', '2019-05-09 20:00Z', 15_000,
    10_000, 'SPX190621C02900000', 5_000, '2019-05-10 10:30Z', '2019-05-10 15:00Z', 0, null, null,
    null, null
);

-- case: the mean is of twenty sessions, the median and its deviation of sixty
-- span: 2019-06-04 2019-06-05
-- given: features.oi_session_change
select
    session_date as oi_date,
    sequence,
    closes_at,
    closes_at + interval 14 hours as known_at,
    case
        when session_date = '2019-06-03' then 5_000
        when session_date >= '2019-05-03' then 500 * (sequence % 2 * 2 - 1)
        else 100
    end as d_oi
from curated.us_sessions
where session_date between '2019-02-01' and '2019-06-03';
-- expect: oi_date, n_baseline, sum_abs_d_oi, n_ranked, middle, mad
values ('2019-06-03', 20, 10_000, 60, 100, 0);

-- case: of an even number the median is between the two in the middle; a few are not ranked
-- span: 2019-05-14 2019-05-17
-- given: features.oi_session_change
select
    given.d_oi,
    sessions.session_date as oi_date,
    sessions.sequence,
    sessions.closes_at,
    sessions.closes_at + interval 14 hours as known_at
from (
    values
    ('2019-05-07', 10), ('2019-05-08', 80), ('2019-05-09', 20), ('2019-05-10', -50),
    ('2019-05-13', 1_000), ('2019-05-14', -100), ('2019-05-15', 99)
) as given (session_date, d_oi)
inner join curated.us_sessions as sessions on given.session_date = sessions.session_date;
-- expect: oi_date, n_ranked, sum_abs_d_oi, middle, mad
values
('2019-05-13', 4, 160, 15, 35),
('2019-05-14', 5, 1_160, 20, 60),
('2019-05-15', null, 1_260, null, null);

-- case: each baseline takes the version that stood when its own row became known
-- given: features.oi_session_change
select
    given.d_oi, given.known_at, given.withdrawn_at,
    sessions.session_date as oi_date,
    sessions.sequence
from (
    values
    ('2019-05-07', 100, '2019-05-08 10:30Z', '2019-05-10 15:00Z'),
    ('2019-05-07', 200, '2019-05-10 15:00Z', null),
    ('2019-05-08', 200, '2019-05-09 10:30Z', null),
    ('2019-05-09', 300, '2019-05-10 10:30Z', null),
    ('2019-05-10', 400, '2019-05-13 10:30Z', null)
) as given (oi_date, d_oi, known_at, withdrawn_at)
inner join curated.us_sessions as sessions on given.oi_date = sessions.session_date;
-- expect: oi_date, known_at, n_baseline, sum_abs_d_oi
values
('2019-05-07', '2019-05-08 10:30Z', 0, null),
('2019-05-07', '2019-05-10 15:00Z', 0, null),
('2019-05-08', '2019-05-09 10:30Z', 1, 100),
('2019-05-09', '2019-05-10 10:30Z', 2, 300),
('2019-05-10', '2019-05-13 10:30Z', 3, 700);

-- case: the baseline is the sessions before, however few have a change, and no other contract's
-- param: max_baseline_sessions = 3
-- param: max_ranked_sessions = 4
-- span: 2019-05-16 2019-05-17
-- given: features.oi_session_change
select
    given.contract, given.d_oi, given.known_at,
    sessions.session_date as oi_date,
    sessions.sequence
from (
    values
    ('SPX190621C02900000', '2019-05-08', 7_000, '2019-05-09 10:30Z'),
    ('SPX190621C02900000', '2019-05-09', 8_000, '2019-05-10 10:30Z'),
    ('SPX190621C02900000', '2019-05-13', 200, '2019-05-14 10:30Z'),
    ('SPX190621C02900000', '2019-05-14', 300, '2019-05-15 10:30Z'),
    ('SPX190621P02900000', '2019-05-14', 900, '2019-05-15 10:30Z'),
    ('SPX190621C02900000', '2019-05-15', 200, '2019-05-16 10:30Z')
) as given (contract, oi_date, d_oi, known_at)
inner join curated.us_sessions as sessions on given.oi_date = sessions.session_date;
-- expect: oi_date, n_baseline, sum_abs_d_oi, n_ranked, middle
values ('2019-05-15', 2, 500, 3, 300);

-- case: changes before a split count seven times, under the new symbol
-- given: curated.option_splits
select
    'AAPL' as root,
    '2014-06-09' as ex_date,
    7 as strike_ratio,
    '2014-06-09 04:00Z' as known_at;
-- given: features.oi_session_change
select
    given.contract, given.previous_contract, given.strike_ratio, given.d_oi,
    'AAPL' as root,
    sessions.session_date as oi_date,
    sessions.sequence,
    sessions.closes_at + interval 14 hours as known_at
from (
    values
    ('AAPL150117C00700000', 'AAPL150117C00700000', 1, '2014-06-04', 100),
    ('AAPL150117C00700000', 'AAPL150117C00700000', 1, '2014-06-05', -200),
    ('AAPL150117C00700000', 'AAPL150117C00700000', 1, '2014-06-06', 300),
    ('AAPL150117C00100000', 'AAPL150117C00100000', 1, '2014-06-06', 20),
    ('AAPL150117C00100000', 'AAPL150117C00700000', 7, '2014-06-09', 1_000),
    ('AAPL150117C00014290', 'AAPL150117C00100000', 7, '2014-06-09', 500),
    ('AAPL150117C00100000', 'AAPL150117C00100000', 1, '2014-06-10', 2_000)
) as given (contract, previous_contract, strike_ratio, session_date, d_oi)
inner join curated.us_sessions as sessions on given.session_date = sessions.session_date;
-- expect: contract, oi_date, n_baseline, sum_abs_d_oi, middle
values
('AAPL150117C00700000', '2014-06-04', 0, null, null),
('AAPL150117C00700000', '2014-06-05', 1, 100, 100),
('AAPL150117C00700000', '2014-06-06', 2, 300, -50),
('AAPL150117C00100000', '2014-06-06', 0, null, null),
('AAPL150117C00100000', '2014-06-09', 3, 4_200, 700),
('AAPL150117C00014290', '2014-06-09', 1, 140, 140),
('AAPL150117C00100000', '2014-06-10', 4, 5_200, 850);

-- case: until a split is known the symbol's own past counts, and what was said then stays
-- given: curated.option_splits
select
    'AAPL' as root,
    '2014-06-09' as ex_date,
    7 as strike_ratio,
    '2014-06-11 12:00Z' as known_at;
-- given: features.oi_session_change
select
    given.contract, given.previous_contract, given.strike_ratio, given.d_oi, given.known_at,
    given.withdrawn_at,
    'AAPL' as root,
    sessions.session_date as oi_date,
    sessions.sequence
from (
    values
    (
        'AAPL150117C00700000', 'AAPL150117C00700000', 1, '2014-06-06', 30,
        '2014-06-09 10:30Z', null
    ),
    (
        'AAPL150117C00100000', 'AAPL150117C00100000', 1, '2014-06-06', 2,
        '2014-06-09 10:30Z', null
    ),
    (
        'AAPL150117C00100000', 'AAPL150117C00100000', 1, '2014-06-09', 900,
        '2014-06-10 10:30Z', '2014-06-11 12:00Z'
    ),
    (
        'AAPL150117C00100000', 'AAPL150117C00700000', 7, '2014-06-09', 100,
        '2014-06-11 12:00Z', null
    ),
    (
        'AAPL150117C00100000', 'AAPL150117C00100000', 1, '2014-06-11', 200,
        '2014-06-12 10:30Z', null
    )
)
    as given (
        contract, previous_contract, strike_ratio, session_date, d_oi, known_at, withdrawn_at
    )
inner join curated.us_sessions as sessions on given.session_date = sessions.session_date;
-- expect: contract, oi_date, known_at, n_baseline, sum_abs_d_oi
values
('AAPL150117C00700000', '2014-06-06', '2014-06-09 10:30Z', 0, null),
('AAPL150117C00100000', '2014-06-06', '2014-06-09 10:30Z', 0, null),
('AAPL150117C00100000', '2014-06-09', '2014-06-10 10:30Z', 1, 2),
('AAPL150117C00100000', '2014-06-09', '2014-06-11 12:00Z', 1, 210),
('AAPL150117C00100000', '2014-06-11', '2014-06-12 10:30Z', 2, 310);

-- case: a split that makes it something else leaves no past, and another root's split leaves all
-- given: curated.option_splits
select
    'GE' as root,
    '2014-06-09' as ex_date,
    '2014-06-09 04:00Z' as known_at;
-- given: features.oi_session_change
select
    given.root, given.contract, given.d_oi,
    sessions.session_date as oi_date,
    sessions.sequence,
    sessions.closes_at + interval 14 hours as known_at
from (
    values
    ('GE', 'GE150117C00010000', '2014-06-06', 30),
    ('GE', 'GE150117C00010000', '2014-06-10', 30),
    ('GEF', 'GEF150117C00010000', '2014-06-06', 30),
    ('GEF', 'GEF150117C00010000', '2014-06-10', 30)
) as given (root, contract, oi_date, d_oi)
inner join curated.us_sessions as sessions on given.oi_date = sessions.session_date;
-- expect: contract, oi_date, n_baseline
values
('GE150117C00010000', '2014-06-06', 0),
('GE150117C00010000', '2014-06-10', 0),
('GEF150117C00010000', '2014-06-06', 0),
('GEF150117C00010000', '2014-06-10', 1);

-- case: seventy-one sessions before the span hold the baseline of a row that is ten sessions late
-- span: 2019-06-17T20:00Z 2019-06-18
-- given: features.oi_session_change
select
    session_date as oi_date,
    sequence,
    closes_at,
    case
        when session_date = '2019-06-03' then timestamptz '2019-06-17 20:00Z'
        else closes_at + interval 14 hours
    end as known_at,
    500 * (sequence % 2 * 2 - 1) as d_oi
from curated.us_sessions
where session_date between '2019-02-01' and '2019-06-03';
-- expect: oi_date, n_baseline, sum_abs_d_oi, n_ranked, middle, mad
values ('2019-06-03', 20, 10_000, 60, 0, 500);
