-- default: contract = 'SPX190621C02900000', calendar = 'XNYS'
-- default: oi_date = '2019-05-08', session_date = '2019-05-09', known_at = '2019-05-09 10:30Z'

-- case: a figure stands until its correction is known, and the correction is a version of its own
-- given: raw.open_interest
select *
from (
    values
    (1_000, '2019-05-09 10:30Z'),
    (1_200, '2019-05-09 15:00Z')
) as given (open_interest, known_at);
-- expect: contract, oi_date, open_interest, known_at, withdrawn_at
values
('SPX190621C02900000', '2019-05-08', 1_000, '2019-05-09 10:30Z', '2019-05-09 15:00Z'),
('SPX190621C02900000', '2019-05-08', 1_200, '2019-05-09 15:00Z', null);

-- case: a tombstone withdraws the figure and is none itself
-- given: raw.open_interest
select *
from (
    values
    (1_000, '2019-05-09 10:30Z', false),
    (1_000, '2019-05-09 15:00Z', true)
) as given (open_interest, known_at, is_gone);
-- expect: open_interest, known_at, withdrawn_at
values (1_000, '2019-05-09 10:30Z', '2019-05-09 15:00Z');

-- case: a figure that is gone may come back
-- given: raw.open_interest
select *
from (
    values
    (1_000, '2019-05-09 10:30Z', false),
    (1_000, '2019-05-09 15:00Z', true),
    (1_000, '2019-05-10 15:00Z', false)
) as given (open_interest, known_at, is_gone);
-- expect: open_interest, known_at, withdrawn_at
values
(1_000, '2019-05-09 10:30Z', '2019-05-09 15:00Z'),
(1_000, '2019-05-10 15:00Z', null);

-- case: of two figures known at the same moment the one recorded last is the only version
-- given: raw.open_interest
select
    *,
    '2019-05-09 10:30Z' as known_at
from (
    values
    (1_000, '2026-01-01 00:00Z', 'b'),
    (1_200, '2026-01-02 00:00Z', 'a')
) as given (open_interest, recorded_at, load_id);
-- expect: open_interest, known_at, withdrawn_at
values (1_200, '2019-05-09 10:30Z', null);

-- case: a correction that is not known yet is not seen, nor does it withdraw
-- span: 2019-05-09 2019-05-09T15:00Z
-- given: raw.open_interest
select *
from (
    values
    (1_000, '2019-05-09 10:30Z'),
    (1_200, '2019-05-09 15:00Z')
) as given (open_interest, known_at);
-- expect: open_interest, withdrawn_at
values (1_000, null);

-- case: another contract and another session correct nothing
-- given: raw.open_interest
select *
from (
    values
    ('SPX190621C02900000', '2019-05-08', '2019-05-09 10:30Z'),
    ('SPX190621P02900000', '2019-05-08', '2019-05-09 10:31Z'),
    ('SPX190621C02900000', '2019-05-09', '2019-05-10 10:30Z')
) as given (contract, oi_date, known_at);
-- expect: contract, oi_date, withdrawn_at
values
('SPX190621C02900000', '2019-05-08', null),
('SPX190621P02900000', '2019-05-08', null),
('SPX190621C02900000', '2019-05-09', null);

-- case: without a split a contract is called tomorrow what it is today, and a root is told
-- given: raw.open_interest
select *
from (
    values
    ('SPX190621C02900000', 'XNYS', 1_000),
    ('BRKB190621P00210000', 'XNYS', 20),
    ('no symbol', 'XNYS', 30),
    ('BTC-28JUN19-9000-C', '24/7', 12.5)
) as given (contract, calendar, open_interest);
-- expect: contract, root, next_contract, next_open_interest, strike_ratio, is_dead, calendar,
--     session_date
values
('SPX190621C02900000', 'SPX', 'SPX190621C02900000', 1_000, 1, false, 'XNYS', '2019-05-09'),
('BRKB190621P00210000', 'BRKB', 'BRKB190621P00210000', 20, 1, false, 'XNYS', '2019-05-09'),
('no symbol', '', 'no symbol', 30, 1, false, 'XNYS', '2019-05-09'),
('BTC-28JUN19-9000-C', null, 'BTC-28JUN19-9000-C', 12.5, 1, false, '24/7', '2019-05-09');

-- case: seven for one: strike 650 is 92.86 on the ex-date, and 18,853 contracts are 131,971
-- given: curated.option_splits
select
    'AAPL' as root,
    '2014-06-09' as ex_date,
    7 as strike_ratio,
    '2014-06-09 04:00Z' as known_at;
-- given: raw.open_interest
select *
from (
    values
    ('AAPL140621C00650000', '2014-06-05', '2014-06-06', 19_029, '2014-06-06 10:30Z'),
    ('AAPL140621C00650000', '2014-06-06', '2014-06-09', 18_853, '2014-06-09 10:30Z'),
    ('AAPL140621C00092860', '2014-06-09', '2014-06-10', 122_883, '2014-06-10 10:30Z'),
    ('AAPL7140621C00650000', '2014-06-06', '2014-06-09', 5, '2014-06-09 10:30Z')
) as given (contract, oi_date, session_date, open_interest, known_at);
-- expect: contract, oi_date, next_contract, next_open_interest, strike_ratio
values
('AAPL140621C00650000', '2014-06-05', 'AAPL140621C00650000', 19_029, 1),
('AAPL140621C00650000', '2014-06-06', 'AAPL140621C00092860', 131_971, 7),
('AAPL140621C00092860', '2014-06-09', 'AAPL140621C00092860', 122_883, 1),
('AAPL7140621C00650000', '2014-06-06', 'AAPL7140621C00650000', 5, 1);

-- case: strikes are rounded to cents as the exchanges do, a half of one upwards
-- given: curated.option_splits
select
    given.*,
    '2019-05-09' as ex_date,
    '2019-05-09 04:00Z' as known_at
from (values ('SEVEN', 7), ('FOUR', 4), ('TWENTY', 20), ('TWO', 2)) as given (root, strike_ratio);
-- given: raw.open_interest
select *
from (
    values
    ('SEVEN190621C00645000'), ('SEVEN190621P00647500'), ('FOUR190621C00137500'),
    ('FOUR190621C00137540'), ('FOUR190621C00137460'), ('TWENTY190621C02340000'),
    ('TWO190621P00007500'), ('TWO190621P01000000')
) as given (contract);
-- expect: contract, next_contract
values
('SEVEN190621C00645000', 'SEVEN190621C00092140'),
('SEVEN190621P00647500', 'SEVEN190621P00092500'),
('FOUR190621C00137500', 'FOUR190621C00034380'),
('FOUR190621C00137540', 'FOUR190621C00034390'),
('FOUR190621C00137460', 'FOUR190621C00034370'),
('TWENTY190621C02340000', 'TWENTY190621C00117000'),
('TWO190621P00007500', 'TWO190621P00003750'),
('TWO190621P01000000', 'TWO190621P00500000');

-- case: two old contracts that become a third and each other's symbol keep apart
-- given: curated.option_splits
select
    'AAPL' as root,
    '2014-06-09' as ex_date,
    7 as strike_ratio,
    '2014-06-09 04:00Z' as known_at;
-- given: raw.open_interest
select
    *,
    '2014-06-06' as oi_date,
    '2014-06-09' as session_date,
    '2014-06-09 10:30Z' as known_at
from (
    values
    ('AAPL150117C00700000', 1_000),
    ('AAPL150117C00100000', 30)
) as given (contract, open_interest);
-- expect: contract, next_contract, next_open_interest
values
('AAPL150117C00700000', 'AAPL150117C00100000', 7_000),
('AAPL150117C00100000', 'AAPL150117C00014290', 210);

-- case: a split that is no whole number leaves nobody sure
-- given: curated.option_splits
select
    'GE' as root,
    '2019-05-09' as ex_date,
    null as strike_ratio,
    '2019-05-09 04:00Z' as known_at;
-- given: raw.open_interest
select 'GE190621C00010000' as contract;
-- expect: open_interest, next_contract, next_open_interest, strike_ratio
values (null, null, null, null);

-- case: a split that becomes known late is a version of its own, and what was said before stays
-- given: curated.option_splits
select
    *,
    'AAPL' as root,
    '2014-06-09' as ex_date
from (
    values
    (7, '2014-06-09 13:30Z', '2014-06-11 12:00Z'),
    (1, '2014-06-11 12:00Z', null)
) as given (strike_ratio, known_at, withdrawn_at);
-- given: raw.open_interest
select
    *,
    'AAPL140621C00650000' as contract,
    '2014-06-06' as oi_date,
    '2014-06-09' as session_date
from (
    values
    (18_853, '2014-06-09 10:30Z', false),
    (18_850, '2014-06-10 12:00Z', false),
    (18_850, '2014-06-12 12:00Z', true)
) as given (open_interest, known_at, is_gone);
-- expect: open_interest, known_at, withdrawn_at, next_contract, next_open_interest
values
(
    18_853, '2014-06-09 10:30Z', '2014-06-09 13:30Z', 'AAPL140621C00650000', 18_853
),
(18_853, '2014-06-09 13:30Z', '2014-06-10 12:00Z', 'AAPL140621C00092860', 131_971),
(18_850, '2014-06-10 12:00Z', '2014-06-11 12:00Z', 'AAPL140621C00092860', 131_950),
(18_850, '2014-06-11 12:00Z', '2014-06-12 12:00Z', 'AAPL140621C00650000', 18_850);

-- case: a split that is announced for a later day changes no figure before it
-- given: curated.option_splits
select
    'AAPL' as root,
    '2014-06-09' as ex_date,
    7 as strike_ratio,
    '2014-04-23 20:30Z' as known_at;
-- given: raw.open_interest
select
    'AAPL140621C00650000' as contract,
    '2014-06-05' as oi_date,
    '2014-06-06' as session_date,
    19_029 as open_interest,
    '2014-06-06 10:30Z' as known_at;
-- expect: next_contract, next_open_interest, known_at, withdrawn_at
values ('AAPL140621C00650000', 19_029, '2014-06-06 10:30Z', null);

-- case: a symbol is dead from its ex-date on, as long as it was known to be
-- given: curated.dead_contracts
select
    *,
    '2014-06-09' as ex_date
from (
    values
    ('AAPL140621C00650000', '2014-06-10 10:30Z', '2014-06-12 10:30Z', '2014-09-03 20:00Z'),
    ('AAPL140621P00650000', '2014-06-10 10:30Z', null, '2014-06-12 10:30Z')
) as given (contract, known_at, withdrawn_at, ends_at);
-- given: raw.open_interest
select
    contracts.contract,
    figures.oi_date,
    figures.session_date,
    figures.session_date || ' 10:30Z' as known_at
from (
    values
    ('2014-06-06', '2014-06-09'), ('2014-06-09', '2014-06-10'), ('2014-06-10', '2014-06-11'),
    ('2014-06-11', '2014-06-12')
) as figures (oi_date, session_date)
cross join (
    values ('AAPL140621C00650000'), ('AAPL140621P00650000'), ('AAPL140621C00092860')
) as contracts (contract);
-- expect: contract, oi_date, is_dead
values
('AAPL140621C00650000', '2014-06-06', false),
('AAPL140621C00650000', '2014-06-09', true),
('AAPL140621C00650000', '2014-06-10', true),
('AAPL140621C00650000', '2014-06-11', false),
('AAPL140621P00650000', '2014-06-06', false),
('AAPL140621P00650000', '2014-06-09', true),
('AAPL140621P00650000', '2014-06-10', true),
('AAPL140621P00650000', '2014-06-11', false),
('AAPL140621C00092860', '2014-06-06', false),
('AAPL140621C00092860', '2014-06-09', false),
('AAPL140621C00092860', '2014-06-10', false),
('AAPL140621C00092860', '2014-06-11', false);
