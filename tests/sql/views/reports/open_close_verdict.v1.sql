-- default: contract = 'AAPL240315C00180000', underlying = 'AAPL', session_date = '2024-03-04'
-- default: oi_date = '2024-03-04', venue = 'CBOE', opt_trade_class = 'regular', calendar = 'XNYS'
-- default: open_interest = 1_000, fingerprint = 'x', version = 1

-- case: a print of more than was open and had traded is a tag, and the morning after judges it
-- given: features.prior_open_interest
select '2024-03-04 11:30Z' as known_at;
-- given: curated.option_prints
select
    *,
    size * 100 as premium_usd
from (
    values
    ('a', 300, '2024-03-04 14:31Z'), ('b', 1_400, '2024-03-04 14:32Z'),
    ('c', 2_700, '2024-03-04 14:33Z'), ('d', 5_000, '2024-03-04 14:34Z')
) as given (trade_id, size, known_at);
-- given: features.oi_change
select
    '2024-03-05 11:30Z' as known_at,
    8_000 as d_oi,
    9_400 as volume,
    0.851064 as open_ratio,
    'mostly_opening' as open_close_label;
-- expect: session_date, underlying, contract, tag_kind, tag_id, tagged_at, side, size, excess,
--     premium_usd, d_oi, volume, open_ratio, verdict, judged_at, known_at
values
(
    '2024-03-04', 'AAPL', 'AAPL240315C00180000', 'print', 'CBOE:b', '2024-03-04 14:32Z', null,
    1_400, 100, 140_000, 8_000, 9_400, 0.851064, 'opened', '2024-03-05 11:30Z', '2024-03-05 11:30Z'
);

-- case: of a new series the first print is a tag, one that is larger than all before too
-- given: features.prior_open_interest
select
    0 as open_interest,
    '2024-03-04 11:30Z' as known_at;
-- given: curated.option_prints
select *
from (
    values
    ('a', 5, '2024-03-04 14:31Z'), ('b', 5, '2024-03-04 14:32Z'), ('c', 11, '2024-03-04 14:33Z')
) as given (trade_id, size, known_at);
-- expect: tag_id, excess, verdict, known_at
values
('CBOE:a', 5, null, '2024-03-04 14:31Z'), ('CBOE:c', 1, null, '2024-03-04 14:33Z');

-- case: cancelled prints, other classes, coins and contracts nobody counted are no tags
-- given: features.prior_open_interest
select
    *,
    10 as open_interest,
    '2024-03-04 11:30Z' as known_at
from (values ('a'), ('b'), ('c')) as given (contract);
-- given: curated.option_prints
select
    *,
    900 as size,
    '2024-03-04 14:31Z' as known_at
from (
    values
    ('a', 'regular', 'XNYS', '2024-03-04 15:00Z'), ('b', 'administrative', 'XNYS', null),
    ('c', 'regular', '24/7', null), ('not counted', 'regular', 'XNYS', null)
) as given (contract, opt_trade_class, calendar, withdrawn_at);
-- expect: nothing

-- case: a sweep of more than was open is a tag with its side, an order of one print is its print
-- given: features.prior_open_interest
select '2024-03-04 11:30Z' as known_at;
-- given: curated.option_prints
select *
from (
    values
    ('a', 300, '2024-03-04 14:31:00.0Z'), ('b', 800, '2024-03-04 14:32:00.0Z'),
    ('c', 900, '2024-03-04 14:32:00.1Z')
) as given (trade_id, size, known_at);
-- given: features.option_parents
select *
from (
    values
    ('sweep', 'CBOE:b', 1_700, 1, '2024-03-04 14:32Z', '2024-03-04 14:32:01.2Z'),
    ('split', 'CBOE:x', 1_300, -1, '2024-03-04 14:32Z', '2024-03-04 14:32:01.2Z'),
    ('block', 'CBOE:y', 5_000, 1, '2024-03-04 14:32Z', '2024-03-04 14:32:01.2Z')
) as given (parent_kind, first_trade_id, size, side, started_at, known_at);
-- expect: tag_kind, tag_id, tagged_at, side, size, excess
values ('sweep', 'CBOE:b', '2024-03-04 14:32:01.2Z', 1, 1_700, 400);

-- case: an alert on a contract is a tag of its detector, but for what open interest told
-- given: curated.alerts
select
    *,
    'AAPL' as entity,
    '2024-03-04 20:00Z' as happened_at,
    '2024-03-04 20:00Z' as fired_at,
    '2024-03-04 20:00Z' as known_at,
    50_000 as notional_usd
from (
    values
    ('a', 'options.volume_oi', '{"contract": "AAPL240315C00180000"}', null),
    ('b', 'options.sweep', '{"contract": "AAPL240315C00180000", "side": 1, "size": 90.0}', null),
    ('c', 'options.oi_change', '{"contract": "AAPL240315C00180000"}', null),
    ('g', 'options.opened', '{"contract": "AAPL240315C00180000"}', null),
    ('d', 'options.iv_jump', '{"iv30": 0.3}', null),
    ('e', 'crypto.imbalance', '{"contract": "AAPL240315C00180000"}', null),
    ('f', 'options.sweep', '{"contract": "AAPL240315C00180000"}', '2024-03-04 21:00Z')
) as given (alert_key, detector, evidence, withdrawn_at);
-- given: features.oi_change
select *
from (
    values
    ('mostly_closing', '2024-03-05 11:30Z', '2024-03-05 15:00Z'),
    ('mixed', '2024-03-05 15:00Z', null)
) as given (open_close_label, known_at, withdrawn_at);
-- expect: tag_kind, tag_id, side, size, premium_usd, verdict, judged_at
values
('options.volume_oi', 'a', null, null, 50_000, 'mixed', '2024-03-05 15:00Z'),
('options.sweep', 'b', 1, 90, 50_000, 'mixed', '2024-03-05 15:00Z');

-- case: two sessions before the span hold Friday's trades for Monday's verdict
-- span: 2024-03-04T11:30Z 2024-03-05
-- given: features.prior_open_interest
select
    '2024-03-01' as session_date,
    '2024-03-01 11:30Z' as known_at;
-- given: curated.option_prints
select
    'a' as trade_id,
    '2024-03-01' as session_date,
    1_400 as size,
    '2024-03-01 14:32Z' as known_at;
-- given: features.oi_change
select
    '2024-03-01' as oi_date,
    'mostly_closing' as open_close_label,
    '2024-03-04 11:30Z' as known_at;
-- expect: tag_id, verdict
values ('CBOE:a', 'closed');
