-- default: underlying = 'IBM', session_date = '2024-03-01', known_at = '2024-03-01 15:00:00Z'

-- case: calls bought and puts sold are bullish; orders are counted by kind
-- given: features.option_flow_half_hours
select *
from (
    values
    ('call', 1_000, 600, 300),
    ('call', 500, 100, 0),
    ('put', 800, 200, 500)
) as given (put_call, premium_usd, bought_usd, sold_usd);
-- given: features.option_parents
select *
from (
    values
    ('call', 'sweep', 1),
    ('call', 'sweep', -1),
    ('call', 'block', 1),
    ('put', 'sweep', -1),
    ('put', 'single', 1)
) as given (put_call, parent_kind, side);
-- expect: underlying, call_premium_usd, put_premium_usd, bull_premium_usd, bear_premium_usd,
--     n_call_orders, n_put_orders, n_call_sweeps, n_put_sweeps, n_bull_sweeps, n_bear_sweeps
values ('IBM', 1_500, 800, 1_200, 500, 3, 2, 2, 1, 2, 1);

-- case: prints of no known side are premium and no orders
-- given: features.option_flow_half_hours
select 'put' as put_call, 800 as premium_usd, 0 as bought_usd, 0 as sold_usd;
-- expect: put_premium_usd, bull_premium_usd, bear_premium_usd, n_put_orders, n_bear_sweeps
values (800, 0, 0, 0, 0);
