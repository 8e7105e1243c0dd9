-- default: contract = 'AAPL240315C00180000', underlying = 'AAPL', session_date = '2024-03-01'
-- default: expiration = '2024-03-15', strike = 180, put_call = 'call', venue = 'CBOE'
-- default: traded_at = '2024-03-01 15:00Z', known_at = '2024-03-01 15:00:01.1Z'
-- default: ended_at = '2024-03-01 15:00Z', premium_usd = 30_000, size = 50, n_prints = 1
-- default: opt_trade_class = 'regular', n_exchanges = 1, multiplier = 100, tier = 1
-- default: underlying_price = 175, is_dead = false

-- case: orders, packages and prints that are in neither make one tape
-- given: features.option_parents
select
    'sweep' as parent_kind,
    3 as n_prints,
    2 as n_exchanges,
    1 as side,
    0.8 as side_prob,
    6.05 as last_price,
    'at_ask' as price_bucket,
    1 as iso_frac,
    0.4 as delta,
    0.3 as iv,
    'CBOE:a' as first_trade_id,
    ['CBOE:a', 'CBOE:b', 'ISE:c'] as trade_ids;
-- given: features.option_packages
select
    'AAPL240315C00185000|ISE:p' as package_id,
    'ISE' as venue,
    'vertical' as package_type,
    2 as n_prints,
    500 as size,
    -1 as side,
    3 as net_price,
    150_000 as premium_usd,
    350_000 as legs_premium_usd,
    -0.3 as package_delta,
    true as is_directional,
    [
        {
            'expiration': '2024-03-15', 'strike': 185, 'put_call': 'call',
            'contract': 'AAPL240315C00185000', 'size': 500, 'price': 5, 'premium_usd': 250_000,
            'edge_usd': null, 'delta': null, 'side': -1, 'trade_ids': ['ISE:p']
        },
        {
            'expiration': '2024-03-15', 'strike': 190, 'put_call': 'call',
            'contract': 'AAPL240315C00190000', 'size': 500, 'price': 2, 'premium_usd': 100_000,
            'edge_usd': null, 'delta': null, 'side': 1, 'trade_ids': ['ISE:q']
        }
    ] as legs;
-- given: features.option_trade_facts
select
    'AAPL240315P00170000' as contract,
    'put' as put_call,
    170 as strike,
    'PHLX' as venue,
    'x' as trade_id,
    'cross' as opt_trade_class,
    400 as size,
    3 as price,
    120_000 as premium_usd;
-- expect: parent_id, parent_kind, contract, package_type, opt_trade_class, side, side_prob,
--     direction, size, price, premium_usd, legs_premium_usd, n_prints, n_exchanges, venue,
--     price_bucket, iso_frac, expiration, strike, put_call, dte, otm_pct, iv, delta, trade_ids
values
(
    'AAPL240315C00180000|CBOE:a', 'sweep', 'AAPL240315C00180000', null, null, 1, 0.8, 'bull', 50,
    6.05, 30_000, null, 3, 2, null, 'at_ask', 1, '2024-03-15', 180, 'call', 14, 2.857143, 0.3,
    0.4, ['CBOE:a', 'CBOE:b', 'ISE:c']
),
(
    'package|AAPL240315C00185000|ISE:p', 'package', null, 'vertical', null, -1, null, 'bear', 500,
    3, 150_000, 350_000, 2, 1, 'ISE', null, null, '2024-03-15', null, null, 14, null, null, -0.3,
    null
),
(
    'AAPL240315P00170000|PHLX:x', 'block', 'AAPL240315P00170000', null, 'cross', null, null, null,
    400, 3, 120_000, null, 1, 1, 'PHLX', null, null, '2024-03-15', 170, 'put', 14, 2.857143, null,
    null, ['PHLX:x']
);

-- case: below 25,000 USD nothing is told, of a package by what is left of it where that is known
-- given: features.option_parents
select
    parent_kind,
    premium_usd,
    parent_kind as first_trade_id
from (values ('sweep', 25_000), ('split', 24_999)) as given (parent_kind, premium_usd);
-- given: features.option_packages
select *
from (
    values
    ('left', 25_000, 90_000), ('little left', 24_999, 90_000), ('nobody knows', null, 25_000)
) as given (package_id, premium_usd, legs_premium_usd);
-- given: features.option_trade_facts
select *
from (values ('a', 25_000), ('b', 24_999)) as given (trade_id, premium_usd);
-- expect: parent_id
values
('AAPL240315C00180000|sweep'), ('package|left'), ('package|nobody knows'),
('AAPL240315C00180000|CBOE:a');

-- case: a print is told once: by its package, else by its order, else alone
-- given: features.option_parents
select *
from (
    values
    ('A', 'CBOE:a', 2, ['CBOE:a', 'CBOE:b']),
    ('B', 'CBOE:c', 1, ['CBOE:c']),
    ('C', 'CBOE:d', 2, ['CBOE:d', 'CBOE:e'])
) as given (contract, first_trade_id, n_prints, trade_ids);
-- given: features.option_packages
select
    'B|CBOE:c' as package_id,
    list(
        {
            'expiration': '2024-03-15', 'strike': 185, 'put_call': 'call', 'contract': contract,
            'size': 50, 'price': 5, 'premium_usd': 30_000, 'edge_usd': null, 'delta': null,
            'side': null, 'trade_ids': [print_id]
        }
    ) as legs
from (values ('B', 'CBOE:c'), ('C', 'CBOE:d')) as given (contract, print_id);
-- given: features.option_trade_facts
select *
from (
    values ('A', 'a'), ('A', 'b'), ('B', 'c'), ('C', 'd'), ('C', 'e'), ('C', 'f'), ('D', 'a')
) as given (contract, trade_id);
-- expect: parent_id, parent_kind
values
('A|CBOE:a', null), ('C|CBOE:d', null), ('package|B|CBOE:c', 'package'),
('C|CBOE:f', 'single'), ('D|CBOE:a', 'single');

-- case: legs that carry a code, cancels and what was cancelled since are no prints of the tape
-- given: features.option_trade_facts
select *
from (
    values
    ('a', 'multi_leg', null), ('b', 'stock_tied', null), ('c', 'administrative', null),
    ('d', 'cancel', null), ('e', 'regular', '2024-03-01 16:00Z'), ('f', 'late', null),
    ('g', null, null)
) as given (trade_id, opt_trade_class, withdrawn_at);
-- expect: parent_id, opt_trade_class
values ('AAPL240315C00180000|CBOE:f', 'late'), ('AAPL240315C00180000|CBOE:g', null);

-- case: a single print is a block from 100 contracts and 100,000 USD on
-- given: features.option_trade_facts
select *
from (
    values ('a', 100, 100_000), ('b', 99, 100_000), ('c', 100, 99_999)
) as given (trade_id, size, premium_usd);
-- expect: parent_id, parent_kind
values
('AAPL240315C00180000|CBOE:a', 'block'), ('AAPL240315C00180000|CBOE:b', 'single'),
('AAPL240315C00180000|CBOE:c', 'single');

-- case: a bought put and a sold call lean down; a package by its delta, if any is left
-- given: features.option_trade_facts
select *
from (
    values
    ('a', 'call', 1), ('b', 'call', -1), ('c', 'put', 1), ('d', 'put', -1), ('e', 'put', null)
) as given (trade_id, put_call, side);
-- given: features.option_packages
select *
from (
    values ('up', 0.4, true), ('neither', 0.1, false), ('nobody knows', null, null)
) as given (package_id, package_delta, is_directional);
-- expect: split_part(parent_id, '|', 2), direction
values
('CBOE:a', 'bull'), ('CBOE:b', 'bear'), ('CBOE:c', 'bear'), ('CBOE:d', 'bull'), ('CBOE:e', null),
('up', 'bull'), ('neither', 'neutral'), ('nobody knows', null);

-- case: volume is the session's by the end of the question, beside the evening's open interest
-- given: features.option_trade_facts
select
    *,
    '2024-03-01' as session_date
from (values ('A', 'a'), ('B', 'b'), ('C', 'c'), ('D', 'd')) as given (contract, trade_id);
-- given: curated.option_prints
select
    *,
    '2024-03-01 15:00Z' as known_at
from (
    values
    ('A', 'regular', '2024-03-01', 100, null), ('A', 'multi_leg', '2024-03-01', 40, null),
    ('A', null, '2024-03-01', 10, null), ('A', 'cancel', '2024-03-01', 40, null),
    ('A', 'regular', '2024-03-01', 40, '2024-03-01 15:10Z'),
    ('A', 'regular', '2024-02-29', 900, null), ('B', 'regular', '2024-03-01', 50, null)
) as given (contract, opt_trade_class, session_date, size, withdrawn_at);
-- given: curated.open_interest
select
    *,
    contract as next_contract,
    open_interest as next_open_interest,
    '2024-03-01 11:30Z' as known_at
from (
    values
    ('A', '2024-03-01', 300, null, false), ('A', '2024-02-29', 700, null, false),
    ('A', '2024-03-01', 500, '2024-03-01 12:00Z', false),
    ('C', '2024-03-01', 200, null, false), ('D', '2024-03-01', 200, null, true)
) as given (contract, session_date, open_interest, withdrawn_at, is_dead);
-- expect: contract, volume, open_interest, vol_oi_ratio
values ('A', 150, 300, 0.5), ('B', 50, null, null), ('C', null, 200, null), ('D', null, null, null);

-- case: on the day of a split open interest counts by the new symbol
-- given: features.option_trade_facts
select
    'new' as contract,
    'a' as trade_id;
-- given: curated.open_interest
select
    'old' as contract,
    'new' as next_contract,
    100 as open_interest,
    700 as next_open_interest;
-- expect: contract, open_interest
values ('new', 700);

-- case: a question that begins after the session did knows no volume of it
-- span: 2024-03-01T14:30:00.1Z 2024-03-02
-- given: features.option_trade_facts
select 'a' as trade_id;
-- given: curated.option_prints
select 100 as size;
-- given: curated.open_interest
select
    'AAPL240315C00180000' as next_contract,
    300 as next_open_interest,
    '2024-03-01 11:30Z' as known_at;
-- expect: volume, open_interest, vol_oi_ratio
values (null, 300, null);

-- case: a coin's session begins at midnight, on Sundays too
-- span: 2024-03-03 2024-03-04
-- given: features.option_trade_facts
select
    'deribit:BTC-USD' as underlying,
    '2024-03-03' as session_date,
    '2024-03-03 08:00Z' as known_at,
    'a' as trade_id;
-- given: curated.option_prints
select
    '2024-03-03' as session_date,
    '2024-03-03 08:00Z' as known_at;
-- expect: underlying, volume
values ('deribit:BTC-USD', 50);
