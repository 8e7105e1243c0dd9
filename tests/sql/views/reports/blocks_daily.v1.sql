-- default: symbol = 'IBM', session_date = '2024-03-01', trade_type = 'dark', is_late = false
-- default: known_at = '2024-03-01 15:00:00Z', is_block = false, adv_frac = 0.01

-- case: what has no side is in no share, and what was withdrawn in no figure
-- given: reports.blocks_recent
select *
from (
    values
    (1_000_000, 'bull', 'dark', false, false, null),
    (3_000_000, 'bear', 'sweep', false, false, null),
    (12_000_000, null, 'dark', true, true, null),
    (50_000_000, 'bull', 'dark', true, false, '2024-03-01 16:00:00Z')
) as given (value_usd, direction, trade_type, is_block, is_late, withdrawn_at);
-- expect: symbol, n_large, n_blocks, n_offex, n_late, value_usd, offex_value_usd, largest_usd,
--     bull_value_usd, bear_value_usd, sided_frac, bull_share, adv_frac
values (
    'IBM', 3, 1, 2, 1, 16_000_000, 13_000_000, 12_000_000, 1_000_000, 3_000_000, 0.25, 0.25, 0.03
);

-- case: where nothing has a side there is no share of buyers
-- given: reports.blocks_recent
select 1_000_000 as value_usd;
-- expect: sided_frac, bull_share
values (0, null);
