-- default: cik = '0001600001', ticker = 'LNLD', issuer = 'Line Inc', n_insiders_30d = 3
-- default: value_30d_usd = 100_000, n_opportunistic_30d = 3, n_routine_30d = 0, n_officers_30d = 0
-- default: has_ceo = false, has_cfo = false, role_weight_30d = 3, owners = 'A, B, C'
-- default: last_trans_date = '2024-01-26', accession_no = 'c'

-- case: three insiders and 100,000 USD fire on the day on which the third becomes known
-- given: features.insider_clusters
select *
from (
    values
    ('a', 1, 50_000, date '2024-01-02', '2024-01-02 22:00Z'),
    ('b', 2, 90_000, date '2024-01-05', '2024-01-05 22:00Z'),
    ('c', 3, 100_000, date '2024-01-30', '2024-01-30 22:00Z'),
    ('d', 1, 50_000, date '2024-03-15', '2024-03-15 21:00Z')
) as given (accession_no, n_insiders_30d, value_30d_usd, available_date, known_at);
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'LNLD', 'underlying', '2024-01-26 21:00Z', '2024-01-30 22:00Z', 'bull', 40, 0.8, 100_000,
    'LNLD: 3 insiders bought for 100000 USD within 30 days',
    'filings.insider_cluster|LNLD|c|2024-01-30',
    '{
        "cik": "0001600001", "issuer": "Line Inc", "n_insiders_30d": 3, "value_30d_usd": 100000,
        "n_opportunistic_30d": 3, "n_routine_30d": 0, "n_officers_30d": 0, "has_ceo": false,
        "has_cfo": false, "role_weight_30d": 3, "owners": "A, B, C", "tier": 1,
        "available_date": "2024-01-30", "accession_no": "c"
    }'
);

-- case: two insiders, or too little, stay quiet
-- given: features.insider_clusters
select
    given.*,
    date '2024-01-30' as available_date
from (
    values
    ('1', 2, 9_000_000, '2024-01-30 22:00Z'),
    ('2', 3, 99_999.99, '2024-01-30 22:00Z')
) as given (cik, n_insiders_30d, value_30d_usd, known_at);
-- expect: nothing

-- case: five insiders, or a million of such without a habit, are high; both chiefs lift it by one
-- given: features.insider_clusters
select
    given.*,
    given.ticker as cik,
    other.*
from (
    values
    ('A', 4, 1_000_000, 2, false, false),
    ('B', 3, 1_000_000, 3, false, false),
    ('C', 5, 100_000, 0, false, false),
    ('D', 3, 100_000, 3, true, true),
    ('E', 5, 100_000, 5, true, true),
    ('F', 3, 900_000_000, 0, true, false)
) as given (ticker, n_insiders_30d, value_30d_usd, n_opportunistic_30d, has_ceo, has_cfo)
cross join (values (date '2024-01-30', '2024-01-30 22:00Z')) as other (available_date, known_at);
-- expect: entity, score, headline
values
('A', 51, 'A: 4 insiders bought for 1000000 USD within 30 days'),
('B', 69, 'B: 3 insiders bought for 1000000 USD within 30 days'),
('C', 64, 'C: 5 insiders bought for 100000 USD within 30 days'),
('D', 60, 'D: 3 insiders bought for 100000 USD within 30 days, the CEO and the CFO among them'),
('E', 84, 'E: 5 insiders bought for 100000 USD within 30 days, the CEO and the CFO among them'),
('F', 59, 'F: 3 insiders bought for 900000000 USD within 30 days, the CEO among them');

-- case: a cluster that goes on is told once, and again when it is graver, or a month later
-- given: features.insider_clusters
select *
from (
    values
    ('c', 3, 100_000, date '2024-01-30', '2024-01-30 22:00Z'),
    ('d', 4, 120_000, date '2024-02-06', '2024-02-06 22:00Z'),
    ('e', 2, 90_000, date '2024-02-10', '2024-02-10 22:00Z'),
    ('f', 3, 100_000, date '2024-02-12', '2024-02-12 22:00Z'),
    ('g', 5, 150_000, date '2024-02-13', '2024-02-13 22:00Z'),
    ('h', 3, 100_000, date '2024-03-20', '2024-03-20 22:00Z')
) as given (accession_no, n_insiders_30d, value_30d_usd, available_date, known_at);
-- expect: alert_key
values
('filings.insider_cluster|LNLD|c|2024-01-30'),
('filings.insider_cluster|LNLD|g|2024-02-13'),
('filings.insider_cluster|LNLD|h|2024-03-20');

-- case: an offering at one price to all its directors looks like a cluster, and so do habits
-- given: features.insider_clusters
select
    given.*,
    other.*
from (
    values
    ('1', 5, 0, 0),
    ('2', 5, 0, 5)
) as given (cik, n_insiders_30d, n_opportunistic_30d, n_routine_30d)
cross join (values (date '2024-01-30', '2024-01-30 22:00Z', null))
    as other (available_date, known_at, ticker);
-- expect: entity, entity_type, confidence
values
('cik:1', 'issuer', 0.5),
('cik:2', 'issuer', 0.3);
