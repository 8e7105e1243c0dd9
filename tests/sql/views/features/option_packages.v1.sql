-- default: package_id = 'A|CBOE:a', underlying = 'AAPL', venue = 'CBOE'
-- default: session_date = '2024-03-01', known_at = '2024-03-01 15:00:01.05Z', tier = 1
-- default: is_stock_tied = false, has_ratio = true, multiplier = 100, size = 10
-- default: n_told = 0, n_quoted = 0, n_deltas = 0

-- case: two legs of one size at 5.00 and 2.00 leave 3.00, 100 times their size
-- given: features.option_package_legs
select
    2 as n_legs,
    7_000 as legs_premium_usd,
    [
        {
            'expiration': '2024-03-15', 'strike': 180, 'put_call': 'call', 'contract': 'A',
            'size': 10, 'price': 5, 'premium_usd': 5_000, 'edge_usd': null, 'delta': null,
            'side': null, 'trade_ids': ['CBOE:a']
        },
        {
            'expiration': '2024-03-15', 'strike': 185, 'put_call': 'call', 'contract': 'B',
            'size': 10, 'price': 2, 'premium_usd': 2_000, 'edge_usd': null, 'delta': null,
            'side': null, 'trade_ids': ['CBOE:b']
        }
    ] as legs;
-- expect: package_type, ratio, side, net_price, premium_usd, net_premium_usd, legs_premium_usd,
--     package_delta, legs_delta, is_directional, net_delta_usd
values ('vertical', '1:1', null, 3, 3_000, null, 7_000, null, null, null, null);

-- case: what contracts and sizes make, where nobody tells a side
-- given: features.option_package_legs
select
    package_id,
    count(*) as n_legs,
    min(size) as size,
    count(distinct size) < 3 as has_ratio,
    sum(price * size * 100) as legs_premium_usd,
    list(
        {
            'expiration': expiration, 'strike': strike, 'put_call': put_call,
            'contract': put_call || strike, 'size': size, 'price': price,
            'premium_usd': price * size * 100, 'edge_usd': null, 'delta': null, 'side': null,
            'trade_ids': ['CBOE:a']
        } order by expiration, strike, put_call
    ) as legs
from (
    values
    ('vertical', '2024-03-15', 180, 'put', 10, 5.0), ('vertical', '2024-03-15', 185, 'put', 10, 7),
    ('calendar', '2024-03-15', 180, 'call', 10, 5), ('calendar', '2024-04-19', 180, 'call', 10, 9),
    ('diagonal', '2024-03-15', 180, 'call', 10, 5), ('diagonal', '2024-04-19', 185, 'call', 10, 6),
    ('straddle', '2024-03-15', 180, 'call', 10, 5), ('straddle', '2024-03-15', 180, 'put', 10, 4),
    ('strangle', '2024-03-15', 185, 'call', 10, 3), ('strangle', '2024-03-15', 175, 'put', 10, 2),
    ('ratio', '2024-03-15', 180, 'call', 10, 5), ('ratio', '2024-03-15', 190, 'call', 20, 2),
    ('butterfly', '2024-03-15', 180, 'call', 10, 5),
    ('butterfly', '2024-03-15', 185, 'call', 20, 3),
    ('butterfly', '2024-03-15', 190, 'call', 10, 2),
    ('condor', '2024-03-15', 180, 'put', 10, 1), ('condor', '2024-03-15', 185, 'put', 10, 2),
    ('condor', '2024-03-15', 190, 'put', 10, 4), ('condor', '2024-03-15', 195, 'put', 10, 7),
    ('iron_condor', '2024-03-15', 170, 'put', 10, 1),
    ('iron_condor', '2024-03-15', 175, 'put', 10, 2),
    ('iron_condor', '2024-03-15', 185, 'call', 10, 3),
    ('iron_condor', '2024-03-15', 190, 'call', 10, 1),
    ('iron_butterfly', '2024-03-15', 175, 'put', 10, 1),
    ('iron_butterfly', '2024-03-15', 180, 'put', 10, 3),
    ('iron_butterfly', '2024-03-15', 180, 'call', 10, 3),
    ('iron_butterfly', '2024-03-15', 185, 'call', 10, 1),
    ('box', '2024-03-15', 180, 'call', 10, 6), ('box', '2024-03-15', 190, 'call', 10, 2),
    ('box', '2024-03-15', 180, 'put', 10, 2), ('box', '2024-03-15', 190, 'put', 10, 7.5),
    ('two rights of two months', '2024-03-15', 180, 'call', 10, 5),
    ('two rights of two months', '2024-04-19', 180, 'put', 10, 5),
    ('two rights of two sizes', '2024-03-15', 180, 'call', 10, 5),
    ('two rights of two sizes', '2024-03-15', 180, 'put', 20, 5),
    ('a ladder', '2024-03-15', 180, 'call', 10, 5), ('a ladder', '2024-03-15', 185, 'call', 10, 3),
    ('a ladder', '2024-03-15', 190, 'call', 10, 2),
    ('no small sizes', '2024-03-15', 180, 'call', 10, 5),
    ('no small sizes', '2024-03-15', 185, 'call', 27, 3),
    ('no small sizes', '2024-03-15', 190, 'call', 17, 2),
    ('five', '2024-03-15', 180, 'call', 10, 5), ('five', '2024-03-15', 185, 'call', 20, 3),
    ('five', '2024-03-15', 190, 'call', 10, 2), ('five', '2024-03-15', 195, 'call', 10, 2),
    ('five', '2024-03-15', 200, 'call', 10, 2)
) as given (package_id, expiration, strike, put_call, size, price)
group by package_id;
-- expect: package_id, package_type, ratio, side, net_price, premium_usd, net_premium_usd
values
('vertical', 'vertical', '1:1', null, 2, 2_000, null),
('calendar', 'calendar', '1:1', null, 4, 4_000, null),
('diagonal', 'diagonal', '1:1', null, 1, 1_000, null),
('straddle', 'straddle', '1:1', null, 9, 9_000, null),
('strangle', 'strangle', '1:1', null, 5, 5_000, null),
('ratio', 'ratio', '1:2', null, 1, 1_000, null),
('butterfly', 'butterfly', '1:2:1', null, 1, 1_000, null),
('condor', 'condor', '1:1:1:1', null, 2, 2_000, null),
('iron_condor', 'iron_condor', '1:1:1:1', null, 3, 3_000, null),
('iron_butterfly', 'iron_butterfly', '1:1:1:1', null, 4, 4_000, null),
('box', 'box', '1:1:1:1', null, 9.5, 9_500, null),
('two rights of two months', 'other', '1:1', null, null, null, null),
('two rights of two sizes', 'other', '1:2', null, null, null, null),
('a ladder', 'other', '1:1:1', null, null, null, null),
('no small sizes', 'other', null, null, null, null, null),
('five', 'other', '1:2:1:1:1', null, null, null, null);

-- case: what was paid over the mids tells who bought, and which legs
-- given: features.option_package_legs
select
    package_id,
    count(*) as n_legs,
    count(edge_usd) as n_quoted,
    min(size) as size,
    list(
        {
            'expiration': '2024-03-15', 'strike': strike, 'put_call': put_call,
            'contract': put_call || strike, 'size': size, 'price': price,
            'premium_usd': price * size * 100, 'edge_usd': edge_usd, 'delta': null,
            'side': null, 'trade_ids': ['CBOE:a']
        } order by strike, put_call
    ) as legs
from (
    values
    ('bought', 180, 'call', 10, 5.0, 60), ('bought', 185, 'call', 10, 2, 50),
    ('sold', 180, 'call', 10, 5, 50), ('sold', 185, 'call', 10, 2, 60),
    ('a put spread bought', 180, 'put', 10, 2, -10), ('a put spread bought', 185, 'put', 10, 5, 0),
    ('at the mid', 180, 'call', 10, 5, 50), ('at the mid', 185, 'call', 10, 2, 50),
    ('no quote', 180, 'call', 10, 5, 50), ('no quote', 185, 'call', 10, 2, null),
    ('straddle bought', 180, 'call', 10, 5, 10), ('straddle bought', 180, 'put', 10, 4, 0),
    ('straddle sold', 180, 'call', 10, 5, -10), ('straddle sold', 180, 'put', 10, 4, -5),
    ('synthetic', 180, 'call', 10, 5, 10), ('synthetic', 180, 'put', 10, 4, -5),
    ('risk_reversal', 185, 'call', 10, 3, -10), ('risk_reversal', 175, 'put', 10, 2, 10),
    ('butterfly sold', 180, 'call', 10, 5, 0), ('butterfly sold', 185, 'call', 20, 3, 20),
    ('butterfly sold', 190, 'call', 10, 2, 0),
    ('iron_condor sold', 170, 'put', 10, 1, 0), ('iron_condor sold', 175, 'put', 10, 2, -20),
    ('iron_condor sold', 185, 'call', 10, 3, 0), ('iron_condor sold', 190, 'call', 10, 1, 5)
) as given (package_id, strike, put_call, size, price, edge_usd)
group by package_id;
-- expect: package_id, package_type, side, net_price, net_premium_usd,
--     legs[1].side, legs[2].side, legs[3].side, legs[4].side
values
('bought', 'vertical', 1, 3, 3_000, 1, -1, null, null),
('sold', 'vertical', -1, 3, -3_000, -1, 1, null, null),
('a put spread bought', 'vertical', 1, 3, 3_000, -1, 1, null, null),
('at the mid', 'vertical', null, 3, null, null, null, null, null),
('no quote', 'vertical', null, 3, null, null, null, null, null),
('straddle bought', 'straddle', 1, 9, 9_000, 1, 1, null, null),
('straddle sold', 'straddle', -1, 9, -9_000, -1, -1, null, null),
('synthetic', 'synthetic', 1, 1, 1_000, 1, -1, null, null),
('risk_reversal', 'risk_reversal', -1, 1, -1_000, 1, -1, null, null),
('butterfly sold', 'butterfly', -1, 1, -1_000, -1, 1, -1, null),
('iron_condor sold', 'iron_condor', -1, 3, -3_000, 1, -1, -1, 1);

-- case: sides that the source tells come first, also where they make another thing
-- given: features.option_package_legs
select
    package_id,
    count(*) as n_legs,
    count(*) as n_told,
    count(*) as n_quoted,
    sum(side * price * 1_000) as told_usd,
    max(block_id) as block_id,
    list(
        {
            'expiration': '2024-03-15', 'strike': strike, 'put_call': put_call,
            'contract': put_call || strike, 'size': 10, 'price': price,
            'premium_usd': price * 1_000, 'edge_usd': -10, 'delta': null, 'side': side,
            'trade_ids': ['CBOE:a']
        } order by strike, put_call
    ) as legs
from (
    values
    ('vertical', 180, 'call', 5.0, 1, 'b1'), ('vertical', 185, 'call', 2, -1, 'b1'),
    ('two calls', 180, 'call', 5, 1, 'b2'), ('two calls', 185, 'call', 2, 1, 'b2'),
    ('strangle', 175, 'put', 2, -1, 'b3'), ('strangle', 185, 'call', 3, -1, 'b3'),
    ('risk_reversal', 175, 'put', 2, -1, 'b4'), ('risk_reversal', 185, 'call', 3, 1, 'b4'),
    ('condor', 180, 'put', 1, -1, 'b5'), ('condor', 185, 'put', 2, 1, 'b5'),
    ('condor', 190, 'put', 4, 1, 'b5'), ('condor', 195, 'put', 7, -1, 'b5'),
    ('four puts', 180, 'put', 1, 1, 'b6'), ('four puts', 185, 'put', 2, 1, 'b6'),
    ('four puts', 190, 'put', 4, -1, 'b6'), ('four puts', 195, 'put', 7, -1, 'b6')
) as given (package_id, strike, put_call, price, side, block_id)
group by package_id;
-- expect: package_id, package_type, block_id, side, net_premium_usd, premium_usd, legs[1].side,
--     legs[2].side
values
('vertical', 'vertical', 'b1', 1, 3_000, 3_000, 1, -1),
('two calls', 'other', 'b2', 1, 7_000, 7_000, 1, 1),
('strangle', 'strangle', 'b3', -1, -5_000, 5_000, -1, -1),
('risk_reversal', 'risk_reversal', 'b4', 1, 1_000, 1_000, -1, 1),
('condor', 'condor', 'b5', -1, -2_000, 2_000, -1, 1),
('four puts', 'other', 'b6', -1, -8_000, 8_000, 1, 1);

-- case: it is directional if at least three tenths of its legs' deltas are left
-- given: features.option_package_legs
select
    package_id,
    2 as n_legs,
    2 as n_quoted,
    count(delta) as n_deltas,
    is_stock_tied,
    200 as underlying_price,
    sum(abs(delta) * 10) as legs_delta,
    list(
        {
            'expiration': '2024-03-15', 'strike': strike, 'put_call': put_call,
            'contract': put_call || strike, 'size': 10, 'price': 10 - place,
            'premium_usd': (10 - place) * 1_000, 'edge_usd': edge_usd, 'delta': delta,
            'side': null, 'trade_ids': ['CBOE:a']
        } order by strike, put_call
    ) as legs
from (
    values
    ('three tenths', false, 1, 180, 'call', 10, 0.65),
    ('three tenths', false, 2, 185, 'call', 0, 0.35),
    ('less', false, 1, 180, 'call', 10, 0.6), ('less', false, 2, 185, 'call', 0, 0.35),
    ('sold', false, 1, 180, 'call', -10, 0.65), ('sold', false, 2, 185, 'call', 0, 0.35),
    ('puts', false, 1, 180, 'put', -10, -0.3), ('puts', false, 2, 185, 'put', 0, -0.7),
    ('no side', false, 1, 180, 'call', 0, 0.8), ('no side', false, 2, 185, 'call', 0, 0.2),
    ('a delta missing', false, 1, 180, 'call', 9, 0.8),
    ('a delta missing', false, 2, 185, 'call', 0, null),
    ('with stock', true, 1, 180, 'call', 9, 0.8), ('with stock', true, 2, 185, 'call', 0, 0.2)
) as given (package_id, is_stock_tied, place, strike, put_call, edge_usd, delta)
group by package_id, is_stock_tied;
-- expect: package_id, package_delta, legs_delta, is_directional, net_delta_usd
values
('three tenths', 0.3, 1, true, 60_000),
('less', 0.25, 0.95, false, 50_000),
('sold', -0.3, 1, true, -60_000),
('puts', -0.4, 1, true, -80_000),
('no side', null, 1, null, null),
('a delta missing', null, null, null, null),
('with stock', null, 1, null, null);

-- case: of what came with stock only a sold call has a name
-- given: features.option_package_legs
select
    true as is_stock_tied,
    1 as n_legs,
    1 as n_quoted,
    [
        {
            'expiration': '2024-03-15', 'strike': 180, 'put_call': put_call, 'contract': 'A',
            'size': 10, 'price': 5, 'premium_usd': 5_000, 'edge_usd': edge_usd, 'delta': 0.5,
            'side': null, 'trade_ids': ['CBOE:a']
        }
    ] as legs,
    package_id
from (
    values
    ('a', 'call', -10),
    ('b', 'call', 10),
    ('c', 'put', -10)
) as given (package_id, put_call, edge_usd);
-- expect: package_id, package_type, ratio, side, premium_usd, net_premium_usd
values
('a', 'buy_write', '1', null, 5_000, null),
('b', 'stock_tied', '1', null, 5_000, null),
('c', 'stock_tied', '1', null, 5_000, null);
