-- default: underlying = 'AAPL', venue = 'CBOE', traded_at = '2024-03-01 15:00Z'
-- default: expiration = '2024-03-15', strike = 180, put_call = 'call', price = 2.5, size = 10
-- default: premium_usd = 2_500, bid = 2.4, ask = 2.5, price_bucket = 'at_ask', eff_pos = 1
-- default: side_prob = 0.8, opt_trade_class = 'regular', dte = 14, otm_pct = 2.857143

-- case: an order opens into its prints, each where it lay in the spread
-- given: reports.option_flow
select
    'A|CBOE:a' as parent_id,
    'A' as contract,
    '2024-03-01 15:00:01.1Z' as known_at,
    ['CBOE:a', 'ISE:b'] as trade_ids;
-- given: features.option_trade_facts
select
    *,
    -1 as side
from (
    values ('A', 'CBOE', 'a'), ('A', 'ISE', 'b'), ('A', 'CBOE', 'b'), ('B', 'CBOE', 'a')
) as given (contract, venue, trade_id);
-- expect: parent_id, print_id, contract, venue, price, size, premium_usd, price_bucket, eff_pos,
--     side, side_prob, dte, otm_pct, withdrawn_at
values
('A|CBOE:a', 'CBOE:a', 'A', 'CBOE', 2.5, 10, 2_500, 'at_ask', 1, -1, 0.8, 14, 2.857143, null),
('A|CBOE:a', 'ISE:b', 'A', 'ISE', 2.5, 10, 2_500, 'at_ask', 1, -1, 0.8, 14, 2.857143, null);

-- case: a package opens into the prints of all its legs, each with its leg's side
-- given: reports.option_flow
select
    'package|A|CBOE:a' as parent_id,
    '2024-03-01 15:00:01.1Z' as known_at,
    list(
        {
            'expiration': '2024-03-15', 'strike': 185, 'put_call': 'call', 'contract': contract,
            'size': 50, 'price': 5, 'premium_usd': 30_000, 'edge_usd': null, 'delta': null,
            'side': side, 'trade_ids': trade_ids
        }
    ) as legs
from (
    values ('A', 1, ['CBOE:a', 'CBOE:b']), ('B', -1, ['CBOE:a'])
) as given (contract, side, trade_ids);
-- given: features.option_trade_facts
select
    *,
    'multi_leg' as opt_trade_class
from (values ('A', 'a'), ('A', 'b'), ('B', 'a')) as given (contract, trade_id);
-- expect: parent_id, contract, print_id, side, opt_trade_class
values
('package|A|CBOE:a', 'A', 'CBOE:a', 1, 'multi_leg'),
('package|A|CBOE:a', 'A', 'CBOE:b', 1, 'multi_leg'),
('package|A|CBOE:a', 'B', 'CBOE:a', -1, 'multi_leg');

-- case: of a print's versions the newest is shown, and a cancel that came too late is told
-- given: reports.option_flow
select
    'A|CBOE:a' as parent_id,
    'A' as contract,
    '2024-03-01 15:00:01.1Z' as known_at,
    ['CBOE:a', 'CBOE:b'] as trade_ids;
-- given: features.option_trade_facts
select
    *,
    'A' as contract
from (
    values
    ('a', 10, '2024-03-01 15:00Z', '2024-03-01 15:30Z'), ('a', 8, '2024-03-01 15:30Z', null),
    ('b', 10, '2024-03-01 15:00Z', '2024-03-01 16:00Z')
) as given (trade_id, size, known_at, withdrawn_at);
-- expect: print_id, size, withdrawn_at
values ('CBOE:a', 8, null), ('CBOE:b', 10, '2024-03-01 16:00Z');
