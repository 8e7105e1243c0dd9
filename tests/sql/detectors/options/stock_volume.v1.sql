-- default: underlying = 'GME', week_date = '2024-02-26', known_at = '2024-03-02 00:00Z'
-- default: closes_at = '2024-03-01 21:00Z', contracts = 1_000, shares = 400_000, os = 0.25
-- default: premium_usd = 1_000_000, n_obs = 52, d_os = 2, os_pr = 1
-- default: iv30 = 0.27, previous_iv30 = 0.25, iv30_error = 0.009, jump_z = 3.5
-- default: open_close_label = 'mostly_opening', d_oi_usd = 100_000

-- case: the top of its own year fires at the end of the week's last day, low and weak
-- given: features.option_stock_weeks
select 'GME' as underlying;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key
values (
    'GME', 'underlying', '2024-03-01 21:00Z', '2024-03-02 00:00Z', 'bear', 39, 0.3, 1_000_000,
    'GME: its options stand for 25 % of the shares traded in the week, '
    'above 100 % of its own last 52 weeks', 'options.stock_volume|GME|2024-02-26'
);

-- case: below the percentile or a million, and without a history, it stays quiet
-- given: features.option_stock_weeks
select *
from (
    values
    ('BELOW', 0.989999, 1_000_000), ('CHEAP', 1, 999_999), ('NEW', null, 1_000_000)
) as given (underlying, os_pr, premium_usd);
-- expect: nothing

-- case: a dividend that calls are traded for looks the same (noisy)
-- given: features.option_stock_weeks
select
    3 as os,
    0.99 as os_pr;
-- expect: score, direction
values (20, 'bear');

-- case: a jump of volatility in the week and puts that were opened make a weak sign a medium one
-- given: features.option_stock_weeks
select unnest(['GME', 'AMC', 'BB']) as underlying;
-- given: features.iv_change
select
    unnest(['GME', 'AMC']) as underlying,
    '2024-02-28' as session_date,
    '2024-02-28 21:30Z' as known_at;
-- given: features.oi_change
select
    *,
    '2024-02-27' as oi_date,
    '2024-02-28 11:30Z' as known_at
from (
    values ('GME', 'put', 100_000), ('GME', 'call', 99_999), ('BB', 'put', 1)
) as given (underlying, put_call, d_oi_usd);
-- expect: entity, score, confidence, headline, evidence
values
(
    'GME', 59, 0.5, 'GME: its options stand for 25 % of the shares traded in the week, '
    'above 100 % of its own last 52 weeks; volatility jumped; puts were opened',
    '{
        "week_date": "2024-02-26", "contracts": 1000, "shares": 400000, "os": 0.25, "d_os": 2,
        "os_pr": 1, "n_obs": 52, "premium_usd": 1000000, "jump_z": 3.5,
        "put_opened_usd": 100000, "call_opened_usd": 99999
    }'
),
(
    'AMC', 59, 0.4, 'AMC: its options stand for 25 % of the shares traded in the week, '
    'above 100 % of its own last 52 weeks; volatility jumped',
    '{
        "week_date": "2024-02-26", "contracts": 1000, "shares": 400000, "os": 0.25, "d_os": 2,
        "os_pr": 1, "n_obs": 52, "premium_usd": 1000000, "jump_z": 3.5,
        "put_opened_usd": null, "call_opened_usd": null
    }'
),
(
    'BB', 59, 0.4, 'BB: its options stand for 25 % of the shares traded in the week, '
    'above 100 % of its own last 52 weeks; puts were opened',
    '{
        "week_date": "2024-02-26", "contracts": 1000, "shares": 400000, "os": 0.25, "d_os": 2,
        "os_pr": 1, "n_obs": 52, "premium_usd": 1000000, "jump_z": null,
        "put_opened_usd": 1, "call_opened_usd": 0
    }'
);

-- case: what is small, of another week, told later or taken back makes it no stronger
-- given: features.option_stock_weeks
select 'GME' as underlying;
-- given: features.iv_change
select *
from (
    values
    ('2024-02-28', 3.499999, 0.30, 0.01, timestamptz '2024-02-28 21:30Z', null),
    ('2024-02-28', 5, 0.269999, 0.001, timestamptz '2024-02-28 21:30Z', null),
    ('2024-02-28', 5, 0.30, 0.025, timestamptz '2024-02-28 21:30Z', null),
    ('2024-02-23', 5, 0.30, 0.01, timestamptz '2024-02-23 21:30Z', null),
    ('2024-03-01', 5, 0.30, 0.01, timestamptz '2024-03-02 00:00Z', null),
    (
        '2024-02-28', 5, 0.30, 0.01, timestamptz '2024-02-28 21:30Z',
        timestamptz '2024-03-01 21:30Z'
    )
) as given (session_date, jump_z, iv30, iv30_error, known_at, withdrawn_at);
-- given: features.oi_change
select *
from (
    values
    ('2024-02-27', 'put', 'mixed', timestamptz '2024-02-28 11:30Z', null),
    ('2024-02-23', 'put', 'mostly_opening', timestamptz '2024-02-26 11:30Z', null),
    ('2024-03-01', 'put', 'mostly_opening', timestamptz '2024-03-04 11:30Z', null),
    (
        '2024-02-27', 'put', 'mostly_opening', timestamptz '2024-02-28 11:30Z',
        timestamptz '2024-02-29 11:30Z'
    ),
    ('2024-02-27', 'call', 'mostly_opening', timestamptz '2024-02-28 11:30Z', null)
) as given (oi_date, put_call, open_close_label, known_at, withdrawn_at);
-- expect: entity, score, confidence
values ('GME', 39, 0.3);
