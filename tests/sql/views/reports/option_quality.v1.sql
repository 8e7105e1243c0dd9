-- default: source = 'massive_option_trades', session_date = '2024-03-01'
-- default: known_at = '2024-03-01 15:00Z', opt_trade_class = 'regular', size = 10
-- default: is_quoted = true, is_crossed = false, side_lee_ready = 1

-- case: what nobody explains, what is crossed and what has no side is counted, not dropped
-- given: curated.option_sides
select *
from (
    values
    ('regular', '209', 10, true, false, 1, '2024-03-01 15:00Z'),
    (null, '999', 10, false, false, null, '2024-03-01 15:01Z'),
    (null, '998', 10, false, false, null, '2024-03-01 15:02Z'),
    ('regular', '209', 10, false, true, null, '2024-03-01 15:03Z'),
    ('multi_leg', '232', 50, true, false, null, '2024-03-01 15:04Z'),
    ('regular', '209', 10, true, false, -1, '2024-03-01 15:05Z')
) as given (
    opt_trade_class, condition, size, is_quoted, is_crossed, side_lee_ready, known_at
);
-- given: curated.option_prints
select *
from (
    values
    ('cancel', false, null),
    ('cancel', true, null),
    ('multi_leg', false, '2024-03-01 16:00Z'),
    ('regular', false, null)
) as given (opt_trade_class, is_unmatched, withdrawn_at);
-- expect: source, session_date, n_trades, n_unknown_conditions, unknown_conditions, n_cancels,
--     n_unmatched_cancels, n_withdrawn, n_quoted, n_crossed, multileg_frac, unsided_frac, known_at
values (
    'massive_option_trades', '2024-03-01', 6, 2, ['998', '999'], 2, 1, 1, 4, 1, 0.5, 0.8,
    '2024-03-01 15:05Z'
);

-- case: a session without cancels has none
-- given: curated.option_sides
select 'a' as trade_id;
-- expect: n_trades, n_cancels, n_unmatched_cancels, unsided_frac
values (1, 0, 0, 0);
