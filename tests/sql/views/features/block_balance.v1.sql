-- default: symbol = 'IBM', session_date = '2024-03-01', volume = 1_000_000, value_usd = 20_000_000
-- default: side = 1, size = 10_000, known_at = '2024-03-01 16:00Z'

-- case: blocks of five sessions, bought less sold, in days of the twenty sessions before
-- span: 2024-03-02 2024-03-03
-- given: features.equity_sessions
select
    sessions.session_date,
    sessions.closes_at + interval 255 minutes as known_at
from curated.us_sessions as sessions
where sessions.session_date between '2024-01-02' and '2024-03-01';
-- given: features.equity_sided_prints
select *
from (
    values
    ('2024-02-26', 'six sessions ago is five', 1, 2_000_000, 10_000, '2024-02-26 16:00Z'),
    ('2024-02-23', 'older', 1, 90_000_000, 10_000, '2024-02-23 16:00Z'),
    ('2024-02-28', 'sold', -1, 3_000_000, 10_000, '2024-02-28 16:00Z'),
    ('2024-02-28', 'of no side', null, 1_000_000, 10_000, '2024-02-28 16:00Z'),
    ('2024-02-29', 'below a hundredth of a day', 1, 9_999_999, 9_999, '2024-02-29 16:00Z'),
    ('2024-02-29', 'ten million are a block', 1, 10_000_000, 9_999, '2024-02-29 16:00Z'),
    ('2024-03-01', 'told too late', 1, 50_000_000, 10_000, '2024-03-02 01:15Z')
) as given (session_date, print_id, side, value_usd, size, known_at);
-- expect: symbol, session_date, known_at, told_at, n_blocks, total_usd, net_usd, adv_usd, balance,
--     is_few_sided
values (
    'IBM', '2024-03-01', '2024-03-02 02:00Z', '2024-03-02 01:15Z', 4, 16_000_000, 9_000_000,
    20_000_000, 0.45, false
);

-- case: no blocks are a zero, too short a history is nothing, and blocks without a side are told
-- span: 2024-03-02 2024-03-03
-- given: features.equity_sessions
select
    given.symbol,
    sessions.session_date,
    sessions.closes_at + interval 255 minutes as known_at
from (
    values
    ('NONE', 10), ('SHORT', 9), ('UNSIDED', 10)
) as given (symbol, n)
inner join curated.us_sessions as sessions
    on
        sessions.sequence
        between (
            select us.sequence from curated.us_sessions as us
            where us.session_date = '2024-03-01'
        ) - given.n
        and (
            select us.sequence from curated.us_sessions as us
            where us.session_date = '2024-03-01'
        );
-- given: features.equity_sided_prints
select *
from (
    values
    ('SHORT', 1, 20_000_000), ('UNSIDED', null, 81_000_000), ('UNSIDED', 1, 20_000_000)
) as given (symbol, side, value_usd);
-- expect: symbol, balance, is_few_sided
values
('NONE', 0, false),
('SHORT', null, false),
('UNSIDED', 1, true);
