-- default: symbol = 'AAPL', ex_date = '2014-06-09', ratio = 7, known_at = '2014-06-09 04:00Z'

-- case: a whole number divides the strikes; anything else makes the contract another
-- given: curated.splits
select *
from (
    values
    ('AAPL', 7),
    ('NVDA', 2.0),
    ('LCID', 0.1),
    ('ROL', 1.5),
    ('GE', 1.281)
) as given (symbol, ratio);
-- expect: root, ex_date, strike_ratio, known_at, withdrawn_at
values
('AAPL', '2014-06-09', 7, '2014-06-09 04:00Z', null),
('NVDA', '2014-06-09', 2, '2014-06-09 04:00Z', null),
('LCID', '2014-06-09', null, '2014-06-09 04:00Z', null),
('ROL', '2014-06-09', null, '2014-06-09 04:00Z', null),
('GE', '2014-06-09', null, '2014-06-09 04:00Z', null);

-- case: a share's class has a root without its dot, and a mini contract splits with its stock
-- given: curated.splits
select *
from (values ('BRK.B', 50), ('AAPL', 7)) as given (symbol, ratio);
-- given: curated.option_roots
select *
from (values ('BRKB', 'BRK.B'), ('AAPL7', 'AAPL'), ('SPXW', 'SPX')) as given (root, underlying);
-- expect: root, strike_ratio
values ('BRKB', 50), ('AAPL', 7), ('AAPL7', 7);

-- case: a split that was taken back divides by one, until it is told again
-- given: curated.splits
select *
from (
    values
    ('2014-04-23 20:30Z', '2014-05-01 12:00Z', 7),
    ('2014-05-02 12:00Z', '2014-05-03 12:00Z', 6),
    ('2014-05-03 12:00Z', '2014-05-04 12:00Z', 7)
) as given (known_at, withdrawn_at, ratio);
-- expect: strike_ratio, known_at, withdrawn_at
values
(7, '2014-04-23 20:30Z', '2014-05-01 12:00Z'),
(1, '2014-05-01 12:00Z', '2014-05-02 12:00Z'),
(6, '2014-05-02 12:00Z', '2014-05-03 12:00Z'),
(7, '2014-05-03 12:00Z', '2014-05-04 12:00Z'),
(1, '2014-05-04 12:00Z', null);
