-- default: contract = 'SPX190621C02900000', calendar = 'XNYS', root = 'SPX', is_dead = false
-- default: next_contract = 'SPX190621C02900000', next_open_interest = open_interest
-- default: strike_ratio = 1

-- case: a row has both figures, the session and its close, and what was published is found again
-- given: curated.open_interest
select *
from (
    values
    ('2019-05-08', 10_000, '2019-05-09', '2019-05-09 10:30Z'),
    ('2019-05-09', 15_000, '2019-05-10', '2019-05-10 10:30Z')
) as given (oi_date, open_interest, session_date, known_at);
-- expect: contract, calendar, root, oi_date, next_date, closes_at, open_interest,
--     previous_open_interest, previous_contract, d_oi, known_at, withdrawn_at
values (
    'SPX190621C02900000', 'XNYS', 'SPX', '2019-05-09', '2019-05-10', '2019-05-09 20:00Z', 15_000,
    10_000, 'SPX190621C02900000', 5_000, '2019-05-10 10:30Z', null
);

-- case: on a split's day the new symbol is held against the old one, in new contracts
-- given: curated.open_interest
select
    *,
    'AAPL' as root
from (
    values
    (
        'AAPL140621C00650000', '2014-06-06', 18_853, 'AAPL140621C00092860', 131_971,
        '2014-06-09 10:30Z', false, 7
    ),
    (
        'AAPL140621C00650000', '2014-06-09', 18_853, 'AAPL140621C00650000', 18_853,
        '2014-06-10 10:30Z', true, 1
    ),
    (
        'AAPL140621C00650000', '2014-06-10', 18_853, 'AAPL140621C00650000', 18_853,
        '2014-06-11 10:30Z', true, 1
    ),
    (
        'AAPL140621C00092860', '2014-06-09', 122_883, 'AAPL140621C00092860', 122_883,
        '2014-06-10 10:30Z', false, 1
    ),
    (
        'AAPL140621C00092860', '2014-06-10', 112_604, 'AAPL140621C00092860', 112_604,
        '2014-06-11 10:30Z', false, 1
    )
) as given (
    contract, oi_date, open_interest, next_contract, next_open_interest, known_at, is_dead,
    strike_ratio
);
-- expect: contract, previous_contract, oi_date, previous_open_interest, d_oi, strike_ratio
values
('AAPL140621C00092860', 'AAPL140621C00650000', '2014-06-09', 131_971, -9_088, 7),
('AAPL140621C00092860', 'AAPL140621C00092860', '2014-06-10', 122_883, -10_279, 1);

-- case: a new symbol that is listed with nothing before the split has changed by nothing
-- given: curated.open_interest
select
    *,
    'AAPL' as root
from (
    values
    ('AAPL140621C00650000', '2014-06-06', 10, 'AAPL140621C00092860', 70, '2014-06-09 10:30Z'),
    ('AAPL140621C00092860', '2014-06-06', 0, 'AAPL140621C00013270', 0, '2014-06-09 10:30Z'),
    ('AAPL140621C00092860', '2014-06-09', 70, 'AAPL140621C00092860', 70, '2014-06-10 10:30Z')
) as given (contract, oi_date, open_interest, next_contract, next_open_interest, known_at);
-- expect: contract, previous_contract, d_oi
values ('AAPL140621C00092860', 'AAPL140621C00650000', 0);

-- case: where an old strike is the seventh of another, each is held against its own past
-- given: curated.open_interest
select
    *,
    'AAPL' as root
from (
    values
    ('AAPL150117C00700000', '2014-06-06', 1_000, 'AAPL150117C00100000', 7_000, '2014-06-09 10:30Z'),
    ('AAPL150117C00100000', '2014-06-06', 30, 'AAPL150117C00014290', 210, '2014-06-09 10:30Z'),
    ('AAPL150117C00100000', '2014-06-09', 7_100, 'AAPL150117C00100000', 7_100, '2014-06-10 10:30Z'),
    ('AAPL150117C00014290', '2014-06-09', 205, 'AAPL150117C00014290', 205, '2014-06-10 10:30Z')
) as given (contract, oi_date, open_interest, next_contract, next_open_interest, known_at);
-- expect: contract, previous_contract, d_oi
values
('AAPL150117C00100000', 'AAPL150117C00700000', 100),
('AAPL150117C00014290', 'AAPL150117C00100000', -5);

-- case: a split that leaves nobody sure is no change
-- given: curated.open_interest
select
    *,
    'GE' as root
from (
    values
    ('GE190621C00010000', '2019-05-08', 500, null, null, '2019-05-09 10:30Z'),
    ('GE190621C00010000', '2019-05-09', 3, 'GE190621C00010000', 3, '2019-05-10 10:30Z'),
    ('GE1190621C00010000', '2019-05-09', 500, 'GE1190621C00010000', 500, '2019-05-10 10:30Z')
) as given (contract, oi_date, open_interest, next_contract, next_open_interest, known_at);
-- expect: nothing

-- case: a split that becomes known late corrects what was said of its day
-- given: curated.open_interest
select
    *,
    'AAPL' as root
from (
    values
    (
        'AAPL140621C00650000', '2014-06-06', 10, 'AAPL140621C00650000', 10,
        '2014-06-09 10:30Z', '2014-06-12 12:00Z'
    ),
    (
        'AAPL140621C00650000', '2014-06-06', 10, 'AAPL140621C00092860', 70,
        '2014-06-12 12:00Z', null
    ),
    (
        'AAPL140621C00650000', '2014-06-09', 10, 'AAPL140621C00650000', 10,
        '2014-06-10 10:30Z', null
    ),
    (
        'AAPL140621C00092860', '2014-06-09', 75, 'AAPL140621C00092860', 75,
        '2014-06-10 10:30Z', null
    )
) as given (
    contract, oi_date, open_interest, next_contract, next_open_interest, known_at, withdrawn_at
);
-- expect: contract, d_oi, known_at, withdrawn_at
values
('AAPL140621C00650000', 0, '2014-06-10 10:30Z', '2014-06-12 12:00Z'),
('AAPL140621C00092860', 5, '2014-06-12 12:00Z', null);

-- case: of a coin each day follows the one before, at the weekend too
-- given: curated.open_interest
select
    *,
    '24/7' as calendar,
    null as root
from (
    values
    ('2026-07-03', 10.5, '2026-07-04 04:00Z'),
    ('2026-07-04', 12.0, '2026-07-05 04:30Z'),
    ('2026-07-05', 11.9, '2026-07-06 03:40Z')
) as given (oi_date, open_interest, known_at);
-- expect: oi_date, d_oi, known_at, closes_at, calendar, root
values
('2026-07-04', 1.5, '2026-07-05 04:30Z', '2026-07-05 00:00Z', '24/7', null),
('2026-07-05', -0.1, '2026-07-06 03:40Z', '2026-07-06 00:00Z', '24/7', null);

-- case: one name in two calendars is two contracts
-- given: curated.open_interest
select
    *,
    1_000 as open_interest
from (
    values
    ('XNYS', '2019-05-08', '2019-05-09 10:30Z'),
    ('24/7', '2019-05-09', '2019-05-10 10:30Z')
) as given (calendar, oi_date, known_at);
-- expect: nothing

-- case: eleven sessions before the span hold the figure before one that is ten sessions late
-- span: 2019-05-23T20:00Z 2019-05-24
-- given: curated.open_interest
select *
from (
    values
    ('2019-05-08', 1_000, '2019-05-09 10:30Z'),
    ('2019-05-09', 1_100, '2019-05-23 20:00Z')
) as given (oi_date, open_interest, known_at);
-- expect: oi_date, d_oi
values ('2019-05-09', 100);

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
-- expect: oi_date, previous_open_interest, open_interest, d_oi
values
('2019-05-09', 1_000, 1_100, 100),
('2019-05-14', 1_500, 1_450, -50);

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

-- case: a correction enters until the close of the tenth session after, and not a second later
-- given: curated.open_interest
select
    *,
    contract as next_contract
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
