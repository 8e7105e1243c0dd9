-- default: symbol = 'ABCD', source = 'nasdaq_halts', reason = 'LUDP', step = 'halted'
-- default: halted_at = '2024-03-12 14:41:07Z', known_at = '2024-03-12 14:41:07Z'
-- default: recorded_at = '2024-03-12 14:41:07Z', load_id = 'a', is_gone = false

-- case: an end that is told later makes a version of its own
-- given: raw.halts
select *
from (
    values
    ('halted', '2024-03-12 14:41:30Z', null, null),
    ('resumed', '2024-03-12 14:44:00Z', '2024-03-12 14:45Z', '2024-03-12 14:46:07Z')
) as given (step, known_at, quotes_at, trades_at);
-- expect: halt_class, known_at, withdrawn_at, told_at, quotes_at, trades_at
values
(
    'volatility', '2024-03-12 14:41:30Z', '2024-03-12 14:44:00Z', '2024-03-12 14:41:30Z', null,
    null
),
(
    'volatility', '2024-03-12 14:44:00Z', null, '2024-03-12 14:41:30Z', '2024-03-12 14:45Z',
    '2024-03-12 14:46:07Z'
);

-- case: both sources tell of one halt within two seconds, and the better one's word holds
-- given: raw.halts
select *
from (
    values
    (
        'nyse_halts', 'LULD pause', 'halted', '2024-03-12 14:41:07Z', '2024-03-12 14:41:07Z', null
    ),
    (
        'nyse_halts', 'LULD pause', 'resumed', '2024-03-12 14:41:07Z', '2024-03-12 14:46:07Z',
        '2024-03-12 14:46:07Z'
    ),
    ('nasdaq_halts', 'LUDP', 'halted', '2024-03-12 14:41:08.54Z', '2024-03-12 14:41:30Z', null),
    ('nasdaq_halts', 'LUDP', 'halted', '2024-03-12 14:41:10.6Z', '2024-03-12 14:42Z', null)
) as given (source, reason, step, halted_at, known_at, trades_at);
-- expect: reason, source, halted_at, known_at, withdrawn_at, trades_at
values
(
    'LULD pause', 'nyse_halts', '2024-03-12 14:41:07Z', '2024-03-12 14:41:07Z',
    '2024-03-12 14:41:30Z', null
),
(
    'LUDP', 'nasdaq_halts', '2024-03-12 14:41:08.54Z', '2024-03-12 14:41:30Z',
    '2024-03-12 14:46:07Z', null
),
(
    'LUDP', 'nasdaq_halts', '2024-03-12 14:41:08.54Z', '2024-03-12 14:46:07Z', null,
    '2024-03-12 14:46:07Z'
),
('LUDP', 'nasdaq_halts', '2024-03-12 14:41:10.6Z', '2024-03-12 14:42Z', null, null);

-- case: what is said again changes nothing, a new reason does, and what is taken back is over
-- given: raw.halts
select *
from (
    values
    ('T1', 'a', '2024-03-12 14:42Z', false), ('T1', 'b', '2024-03-12 14:43Z', false),
    ('T2', 'c', '2024-03-12 14:50Z', false), ('T1', 'd', '2024-03-12 14:50Z', true),
    ('T2', 'e', '2024-03-12 14:55Z', true)
) as given (reason, load_id, known_at, is_gone);
-- expect: reason, halt_class, known_at, withdrawn_at
values
('T1', 'news', '2024-03-12 14:42Z', '2024-03-12 14:50Z'),
('T2', 'news', '2024-03-12 14:50Z', '2024-03-12 14:55Z');

-- case: reasons are news, volatility, the whole market or another one, and a halt may be extended
-- given: raw.halts
select *
from (
    values
    ('A', 'News Pending', 'halted'), ('A', 'News Pending', 'extended'), ('B', 'MWC1', 'halted'),
    ('C', 'H4', 'halted'), ('D', 'T12', 'halted'), ('E', 'LUDS', 'halted')
) as given (symbol, reason, step);
-- expect: symbol, halt_class, is_extended
values
('A', 'news', true), ('B', 'market', false), ('C', 'other', false), ('D', 'news', false),
('E', 'volatility', false);
