-- default: root = 'AAPL', ex_date = '2014-06-09', strike_ratio = 7, calendar = 'XNYS'
-- default: known_at = '2014-06-09 04:00Z'

-- case: an old symbol that goes on after the split is dead, and the image of one is alive
-- given: curated.option_splits
select 'AAPL' as root;
-- given: raw.open_interest
select *
from (
    values
    ('AAPL140621C00650000', '2014-06-06', '2014-06-09', 18_853, '2014-06-09 10:30Z'),
    ('AAPL140621C00650000', '2014-06-09', '2014-06-10', 18_853, '2014-06-10 10:30Z'),
    ('AAPL140621C00092860', '2014-06-09', '2014-06-10', 122_883, '2014-06-10 10:30Z')
) as given (contract, oi_date, session_date, open_interest, known_at);
-- expect: contract, ex_date, known_at, withdrawn_at, ends_at
values (
    'AAPL140621C00650000', '2014-06-09', '2014-06-10 10:30Z', null, '2014-09-03 20:00Z'
);

-- case: new symbols that were listed before the ex-date are no old ones, as on real files
-- given: curated.option_splits
select 'AAPL' as root;
-- given: raw.option_chains
select *
from (
    values
    ('AAPL140621C00650000', '2014-06-04', 5_000, '2014-06-04 20:30Z'),
    ('AAPL140621C00092860', '2014-06-04', 0, '2014-06-04 20:30Z'),
    ('AAPL140621C00650000', '2014-06-09', 0, '2014-06-09 20:30Z'),
    ('AAPL140621C00092860', '2014-06-09', 33_185, '2014-06-09 20:30Z')
) as given (contract, session_date, volume, known_at);
-- expect: contract, known_at
values ('AAPL140621C00650000', '2014-06-09 20:30Z');

-- case: where an old strike is the seventh of another, its symbol lives on as that one
-- given: curated.option_splits
select 'AAPL' as root;
-- given: raw.option_chains
select
    contracts.contract,
    sessions.session_date,
    sessions.closes_at as known_at
from curated.us_sessions as sessions
cross join (values ('AAPL150117C00100000'), ('AAPL150117C00700000')) as contracts (contract)
where sessions.session_date between '2014-06-05' and '2014-06-10';
-- expect: contract
values ('AAPL150117C00700000');

-- case: a contract that is first listed with the split, or after it, is alive
-- given: curated.option_splits
select 'AAPL' as root;
-- given: raw.option_chains
select *
from (
    values
    ('AAPL140621C00650000', '2014-06-06', '2014-06-06 20:30Z'),
    ('AAPL140621C00092860', '2014-06-09', '2014-06-09 20:30Z'),
    ('AAPL140621C00095000', '2014-06-09', '2014-06-09 20:30Z')
) as given (contract, session_date, known_at);
-- expect: nothing

-- case: a symbol that a source dropped, and lists again after three sessions, is a new one
-- given: curated.option_splits
select 'AAPL' as root;
-- given: raw.option_chains
select *
from (
    values
    ('AAPL150117C00230000', '2014-06-06', '2014-06-06 20:30Z'),
    ('AAPL150117C00230000', '2014-06-12', '2014-06-12 20:30Z'),
    ('AAPL150117C00240000', '2014-06-06', '2014-06-06 20:30Z'),
    ('AAPL150117C00240000', '2014-06-11', '2014-06-11 20:30Z')
) as given (contract, session_date, known_at);
-- expect: contract, known_at
values ('AAPL150117C00240000', '2014-06-11 20:30Z');

-- case: it is dead no more once it trades, or its open interest moves
-- given: curated.option_splits
select 'AAPL' as root;
-- given: raw.option_chains
select *
from (
    values
    ('AAPL150117C00230000', '2014-06-06', 0, '2014-06-06 20:30Z'),
    ('AAPL150117C00230000', '2014-06-09', 0, '2014-06-09 20:30Z'),
    ('AAPL150117C00230000', '2014-06-10', 1, '2014-06-10 20:30Z'),
    ('AAPL150117C00230000', '2014-06-11', 7, '2014-06-11 20:30Z'),
    ('AAPL150117C00250000', '2014-06-06', 90, '2014-06-06 20:30Z'),
    ('AAPL150117C00250000', '2014-06-09', 1, '2014-06-09 20:30Z')
) as given (contract, session_date, volume, known_at);
-- given: raw.open_interest
select *
from (
    values
    ('AAPL150117C00240000', '2014-06-06', '2014-06-09', 4, '2014-06-09 10:30Z'),
    ('AAPL150117C00240000', '2014-06-09', '2014-06-10', 4, '2014-06-10 10:30Z'),
    ('AAPL150117C00240000', '2014-06-10', '2014-06-11', 4, '2014-06-11 10:30Z'),
    ('AAPL150117C00240000', '2014-06-11', '2014-06-12', 5, '2014-06-12 10:30Z')
) as given (contract, oi_date, session_date, open_interest, known_at);
-- expect: contract, known_at, withdrawn_at
values
('AAPL150117C00230000', '2014-06-09 20:30Z', '2014-06-10 20:30Z'),
('AAPL150117C00240000', '2014-06-10 10:30Z', '2014-06-12 10:30Z');

-- case: a split that became known late kills from then on, and one taken back only until then
-- given: curated.option_splits
select *
from (
    values
    ('AAPL', 7, '2014-06-11 12:00Z', '2014-06-12 12:00Z'),
    ('AAPL', 1, '2014-06-12 12:00Z', null)
) as given (root, strike_ratio, known_at, withdrawn_at);
-- given: raw.option_chains
select
    'AAPL140621C00650000' as contract,
    session_date,
    closes_at as known_at
from curated.us_sessions
where session_date between '2014-06-06' and '2014-06-13';
-- expect: contract, known_at, withdrawn_at
values ('AAPL140621C00650000', '2014-06-11 12:00Z', '2014-06-12 12:00Z');

-- case: a split that is no whole number, another root and a coin leave nothing behind
-- given: curated.option_splits
select *
from (values ('GE', null), ('AAPL', 7)) as given (root, strike_ratio);
-- given: raw.option_chains
select
    given.*,
    sessions.session_date,
    sessions.closes_at as known_at
from curated.us_sessions as sessions
cross join (
    values
    ('GE140621C00030000', 'XNYS'), ('AAPL7140621C00650000', 'XNYS'), ('AAPL-650-C', '24/7')
) as given (contract, calendar)
where sessions.session_date between '2014-06-06' and '2014-06-13';
-- expect: nothing

-- case: who was listed eleven sessions before the split, and not since, is new when it comes
-- given: curated.option_splits
select 'AAPL' as root;
-- given: raw.option_chains
select *
from (
    values
    ('AAPL150117C00230000', '2014-05-22', '2014-05-22 20:30Z'),
    ('AAPL150117C00230000', '2014-06-09', '2014-06-09 20:30Z'),
    ('AAPL150117C00240000', '2014-05-23', '2014-05-23 20:30Z'),
    ('AAPL150117C00240000', '2014-06-09', '2014-06-09 20:30Z')
) as given (contract, session_date, known_at);
-- expect: contract
values ('AAPL150117C00240000');

-- case: a second split ends what was said of the first
-- given: curated.option_splits
select *
from (
    values
    ('2014-06-09', '2014-06-09 04:00Z'),
    ('2014-06-16', '2014-06-16 04:00Z')
) as given (ex_date, known_at);
-- given: raw.option_chains
select
    'AAPL140621C00650000' as contract,
    session_date,
    closes_at as known_at
from curated.us_sessions
where session_date between '2014-06-06' and '2014-06-20';
-- expect: contract, ex_date, known_at, ends_at
values
('AAPL140621C00650000', '2014-06-09', '2014-06-09 20:00Z', '2014-06-16 13:30Z'),
('AAPL140621C00650000', '2014-06-16', '2014-06-16 20:00Z', '2014-09-10 20:00Z');

-- case: seventy-one sessions before the span hold who was listed before a split of sixty ago
-- span: 2014-09-03 2014-09-04
-- given: curated.option_splits
select '2014-09-03 12:00Z' as known_at;
-- given: raw.option_chains
select *
from (
    values
    ('AAPL150117C00650000', '2014-05-23', '2014-05-23 20:30Z'),
    ('AAPL150117C00650000', '2014-06-11', '2014-06-11 20:30Z'),
    ('AAPL150117C00650000', '2014-09-02', '2014-09-02 20:30Z')
) as given (contract, session_date, known_at);
-- expect: contract, known_at
values ('AAPL150117C00650000', '2014-09-03 12:00Z');
