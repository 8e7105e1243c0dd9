-- default: cik = '0001600001', ticker = 'LNLD', issuer = 'Line Inc', net_90d_usd = 300_000
-- default: buy_30d_usd = 300_000, sell_30d_usd = 50_000, n_buyers_30d = 2, n_sellers_30d = 1
-- default: all_net_30d_usd = 100_000, market_cap_usd = 100_000_000, net_30d_bps = 25
-- default: is_buy = true, is_sell = false, available_date = '2024-01-30', accession_no = 'a'
-- default: known_at = '2024-01-30 22:00Z'

-- case: a quarter of a million bought is low
-- given: features.insider_flow
select 250_000 as net_30d_usd;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'LNLD', 'underlying', '2024-01-30 22:00Z', '2024-01-30 22:00Z', 'bull', 20, 0.7, 250_000,
    'LNLD: insiders bought for 250000 USD net within 30 days (2 bought, 1 sold)',
    'filings.insider_flow|LNLD|buy|a',
    '{
        "cik": "0001600001", "issuer": "Line Inc", "net_30d_usd": 250000, "net_90d_usd": 300000,
        "buy_30d_usd": 300000, "sell_30d_usd": 50000, "n_buyers_30d": 2, "n_sellers_30d": 1,
        "all_net_30d_usd": 100000, "market_cap_usd": 100000000, "net_30d_bps": 25, "times": 1,
        "tier": 1, "available_date": "2024-01-30", "accession_no": "a"
    }'
);

-- case: less bought, less sold, and a net that what is new has no part in stay quiet
-- given: features.insider_flow
select *
from (
    values
    ('1', 249_999.99, true, false),
    ('2', -4_999_999.99, false, true),
    ('3', 0, true, true),
    ('4', 9_000_000, false, true),
    ('5', -9_000_000, true, false)
) as given (cik, net_30d_usd, is_buy, is_sell);
-- expect: nothing

-- case: purchases grow graver, sales stay low whatever their sum
-- given: features.insider_flow
select
    given.*,
    given.ticker as cik,
    true as is_sell
from (
    values
    ('A', 1_000_000),
    ('B', 5_000_000),
    ('C', 25_000_000),
    ('D', 125_000_000),
    ('E', -5_000_000),
    ('F', -50_000_000),
    ('G', -900_000_000_000)
) as given (ticker, net_30d_usd);
-- expect: entity, direction, score
values
('A', 'bull', 40),
('B', 'bull', 60),
('C', 'bull', 80),
('D', 'bull', 100),
('E', 'bear', 20),
('F', 'bear', 29.5),
('G', 'bear', 39);

-- case: a company of unknown worth has less weight
-- given: features.insider_flow
select
    given.*,
    given.ticker as cik,
    1_000_000 as net_30d_usd
from (
    values
    ('A', 0.5, 20_000_000_000),
    ('B', null, null)
) as given (ticker, net_30d_bps, market_cap_usd);
-- expect: entity, score, confidence
values
('A', 40, 0.7),
('B', 40, 0.6);

-- case: each threshold is told once, until a month has passed; both directions by themselves
-- given: features.insider_flow
select
    *,
    true as is_sell
from (
    values
    ('a', 260_000, '2024-01-30 22:00Z'),
    ('b', 200_000, '2024-01-31 22:00Z'),
    ('c', 300_000, '2024-02-01 22:00Z'),
    ('d', 1_000_000, '2024-02-02 22:00Z'),
    ('e', -6_000_000, '2024-02-03 22:00Z'),
    ('f', -60_000_000, '2024-02-05 22:00Z'),
    ('g', 260_000, '2024-03-04 22:00Z')
) as given (accession_no, net_30d_usd, known_at);
-- expect: alert_key
values
('filings.insider_flow|LNLD|buy|a'),
('filings.insider_flow|LNLD|buy|d'),
('filings.insider_flow|LNLD|sell|e'),
('filings.insider_flow|LNLD|buy|g');

-- case: whoever sells for a house fires as well, but low
-- given: features.insider_flow
select
    -8_000_000 as net_30d_usd,
    false as is_buy,
    true as is_sell,
    null as ticker;
-- expect: entity, entity_type, direction, score, confidence
values ('cik:0001600001', 'issuer', 'bear', 21.93914, 0.4);
