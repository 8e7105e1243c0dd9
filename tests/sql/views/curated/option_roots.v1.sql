-- default: exercise_style = 'european', settlement = 'am', valid_from = '1970-01-01'

-- case: a root stands for what its newest publication says, in each of its stretches
-- given: raw.option_roots
select *
from (
    values
    ('SPX', 'SPY', 100, '1970-01-01', null, '1970-01-01 00:00Z', false),
    ('SPX', 'SPX', 100, '1970-01-01', null, '2024-03-01 00:00Z', false),
    ('AAPL7', 'AAPL', 10, '2013-03-18', '2014-12-20', '1970-01-01 00:00Z', false),
    ('GONE', 'GONE', 10, '1970-01-01', null, '2024-03-01 00:00Z', true)
) as given (root, underlying, multiplier, valid_from, valid_to, known_at, is_gone);
-- expect: root, underlying, multiplier, exercise_style, settlement, valid_from, valid_to
values
('SPX', 'SPX', 100, 'european', 'am', '1970-01-01', null),
('AAPL7', 'AAPL', 10, 'european', 'am', '2013-03-18', '2014-12-20');
