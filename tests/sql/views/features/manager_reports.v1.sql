-- default: cik = '1', manager = 'Line LLC', period_end = '2024-06-30', share_type = 'SH'
-- default: known_at = '2024-08-10 20:00Z', accession_no = 'june', previous_accession_no = 'march'
-- default: prev_shares = 1, shares = 1, value_usd = 0, prev_value_usd = 0

-- case: stocks are counted, all is added up, and the lesser of bought and sold is the turnover
-- given: features.holder_positions
select *
from (
    values
    ('A', null, 'SH', 100, 0, 30_000, 0, 30_000, 0.3, 0),
    ('B', null, 'SH', 0, 50, 0, 20_000, -20_000, 0, 0.25),
    ('C', null, 'SH', 10, 10, 50_000, 60_000, 0, 0.5, 0.75),
    ('D', 'put', 'SH', 10, 0, 15_000, 0, 15_000, 0.15, 0),
    ('E', 'call', 'SH', 10, 0, 4_000, 0, 4_000, 0.04, 0),
    ('F', null, 'PRN', 10, 0, 1_000, 0, 1_000, 0.01, 0)
) as given (
    cusip, put_call, share_type, shares, prev_shares, value_usd, prev_value_usd, trade_effect_usd,
    portfolio_frac, prev_portfolio_frac
);
-- expect: cik, manager, period_end, n_positions, n_prev_positions, value_usd, prev_value_usd,
--     put_usd, call_usd, bought_usd, sold_usd, turnover_frac, top_frac, d_frac_scale, manager_type,
--     is_active, accession_no, previous_accession_no
values (
    '1', 'Line LLC', '2024-06-30', 2, 2, 100_000, 80_000, 15_000, 4_000, 30_000, 20_000, 1, 0.5,
    0.267706307, null, false, 'june', 'march'
);

-- case: number and turnover say what kind a manager is, from the quarter before on
-- given: features.holder_positions
select
    given.cik,
    given.sold * (numbers.n % 2 * 2 - 1) as trade_effect_usd,
    100 as value_usd,
    case when given.cik <> 'a first' then 100 end as prev_value_usd,
    case when given.cik <> 'a first' then 'march' end as previous_accession_no
from (
    values
    ('a first', 20, 50),
    ('b too few', 8, 50),
    ('c active', 10, 11),
    ('d kept', 10, 10),
    ('e hedge', 20, 50),
    ('f many', 200, 11),
    ('g index', 202, 9),
    ('h quant', 202, 10)
) as given (cik, n_held, sold)
inner join range(400) as numbers (n) on given.n_held > numbers.n;
-- expect: cik, n_positions, turnover_frac, manager_type, is_active
values
('a first', 20, null, null, false),
('b too few', 8, 1, null, false),
('c active', 10, 0.22, 'active', true),
('d kept', 10, 0.2, null, false),
('e hedge', 20, 1, 'hedge', true),
('f many', 200, 0.22, 'active', true),
('g index', 202, 0.18, 'index', false),
('h quant', 202, 0.2, 'quant', false);

-- case: versions stay apart
-- given: features.holder_positions
select *
from (
    values
    ('2024-08-10 20:00Z', '2024-08-20 20:00Z', 100),
    ('2024-08-20 20:00Z', null, 200)
) as given (known_at, withdrawn_at, value_usd);
-- expect: known_at, withdrawn_at, value_usd
values
('2024-08-10 20:00Z', '2024-08-20 20:00Z', 100),
('2024-08-20 20:00Z', null, 200);
