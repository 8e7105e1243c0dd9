-- default: underlying = 'AAPL', session_date = '2024-03-04', known_at = '2024-03-04 21:30Z'
-- default: closes_at = '2024-03-04 21:00Z', iv30 = 0.30, previous_iv30 = 0.25, iv30_error = 0.01
-- default: d_iv = 0.182322, market = 'SPX', market_d_iv = 0.01, beta = 1.2, residual = 0.170322
-- default: n_changes = 60, middle = 0.001, mad = 0.02, max_residual = 0.09, jump_z = 5
-- default: iv_ratio = 1.2, near_iv = 0.31, vega_traded_usd = 10_000_000
-- default: far_expiration = '2024-04-05', previous_far_expiration = '2024-04-05'
-- default: previous_known_at = '2024-03-01 21:30Z'

-- case: five points more than a session before, five times beyond the market, are high
-- given: features.iv_change
select 'AAPL' as underlying;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'AAPL', 'underlying', '2024-03-04 21:00Z', '2024-03-04 21:30Z', null, 60, 1, 500_000,
    'AAPL: 30-day volatility 25.0 to 30.0 %, z 5.0 beyond SPX',
    'options.iv_jump|AAPL|iv30|2024-03-04',
    '{
        "session_date": "2024-03-04", "iv30": 0.3, "previous_iv30": 0.25, "rise": 0.05,
        "iv30_error": 0.01, "d_iv": 0.182322, "market": "SPX", "market_d_iv": 0.01, "beta": 1.2,
        "residual": 0.170322, "middle": 0.001, "mad": 0.02, "max_residual": 0.09, "jump_z": 5,
        "n_changes": 60, "short_history": false, "no_market": false, "iv_ratio": 1.2,
        "near_iv": 0.31, "vega_traded_usd": 10000000, "far_expiration": "2024-04-05"
    }'
);

-- case: below any bound it stays quiet
-- given: features.iv_change
select *
from (
    values
    ('not 3.5 times', 3.499999, 0.25, 0.01),
    ('no z', null, 0.25, 0.01),
    ('a fall', 5, 0.35, 0.01),
    ('not two points', 5, 0.280001, 0.001),
    ('wide quotes', 5, 0.25, 0.025),
    ('no quotes', 5, 0.25, null)
) as given (underlying, jump_z, previous_iv30, iv30_error);
-- expect: nothing

-- case: at each bound it fires, and a bound that is a parameter moves
-- param: min_vega_usd = 1_000
-- given: features.iv_change
select *
from (
    values
    ('3.5 times', 3.5, 0.25, 0.01),
    ('two points', 5, 0.28, 0.009999)
) as given (underlying, jump_z, previous_iv30, iv30_error);
-- expect: entity, score, confidence
values ('3.5 times', 40, 1), ('two points', 60, 0.8);

-- case: the z has its knots at 3.5, 5, 7 and 14
-- given: features.iv_change
select *
from (
    values
    ('a', 3.5), ('b', 4.25), ('c', 5), ('d', 6), ('e', 7), ('f', 10.5), ('g', 14), ('h', 99)
) as given (underlying, jump_z);
-- expect: entity, score
values
('a', 40), ('b', 50), ('c', 60), ('d', 70), ('e', 80), ('f', 90), ('g', 100), ('h', 100);

-- case: what was seen in the quarter is medium at most, a short history low, a small one a mention
-- given: features.iv_change
select
    *,
    99 as jump_z
from (
    values
    ('seen before', 0.170322, 60, 10_000_000),
    ('short', 0.09, 59, 10_000_000),
    ('small', 0.09, 60, 499_999),
    ('worth a floor', 0.09, 60, 500_000),
    ('not ten floors', 0.09, 60, 4_999_999),
    ('ten floors', 0.09, 60, 5_000_000)
) as given (underlying, max_residual, n_changes, vega_traded_usd);
-- expect: entity, score
values
('seen before', 59), ('short', 39), ('small', 19), ('worth a floor', 79), ('not ten floors', 79),
('ten floors', 100);

-- case: without a market, with wide quotes or little history it is less sure, and not critical
-- given: features.iv_change
select
    *,
    99 as jump_z
from (
    values
    ('no market', null, 60, 0.01), ('wide', 'SPX', 60, 0.0125), ('both', null, 60, 0.0125),
    ('nothing', null, 20, 0.0125)
) as given (underlying, market, n_changes, iv30_error);
-- expect: entity, confidence, score, evidence ->> '$.no_market', headline
values
('no market', 0.8, 100, 'true', 'no market: 30-day volatility 25.0 to 30.0 %, z 99.0'),
('wide', 0.8, 100, 'false', 'wide: 30-day volatility 25.0 to 30.0 %, z 99.0 beyond SPX'),
('both', 0.6, 100, 'true', 'both: 30-day volatility 25.0 to 30.0 %, z 99.0'),
('nothing', 0.4, 39, 'true', 'nothing: 30-day volatility 25.0 to 30.0 %, z 99.0');

-- case: a report that the window reaches for the first time is the reason, one of yesterday none
-- given: features.iv_change
select *
from (
    values
    ('reached', '2024-04-12'), ('known before', '2024-04-05'), ('rolled over', '2024-04-12'),
    ('beyond', '2024-04-05'), ('over', '2024-04-05'), ('announced', '2024-04-05'),
    ('withdrawn', '2024-04-12')
) as given (underlying, far_expiration);
-- given: curated.earnings
select
    *,
    entity || ' Q1' as event_id
from (
    values
    ('reached', '2024-04-10 20:30Z', '2024-02-01 12:00Z', null),
    ('known before', '2024-04-03 20:30Z', '2024-02-01 12:00Z', null),
    ('rolled over', '2024-04-03 20:30Z', '2024-02-01 12:00Z', null),
    ('beyond', '2024-04-10 20:30Z', '2024-02-01 12:00Z', null),
    ('over', '2024-03-04 20:30Z', '2024-03-03 12:00Z', null),
    ('announced', '2024-04-03 20:30Z', '2024-03-04 12:00Z', null),
    ('withdrawn', '2024-04-10 20:30Z', '2024-02-01 12:00Z', '2024-03-04 12:00Z')
) as given (entity, reports_at, known_at, withdrawn_at);
-- expect: entity
values ('known before'), ('rolled over'), ('beyond'), ('over'), ('withdrawn');

-- case: the first version of a session that is a jump is answered, during the day too
-- given: features.iv_change
select *
from (
    values
    ('2024-03-04 15:00Z', '2024-03-04 18:00Z', 2),
    ('2024-03-04 18:00Z', '2024-03-04 21:30Z', 4.25),
    ('2024-03-04 21:30Z', null, 7)
) as given (known_at, withdrawn_at, jump_z);
-- expect: happened_at, fired_at, score, alert_key
values (
    '2024-03-04 18:00Z', '2024-03-04 18:00Z', 50, 'options.iv_jump|AAPL|iv30|2024-03-04'
);

-- case: what is not known before the end of the span is not answered
-- span: 2024-03-04 2024-03-04T21:30Z
-- given: features.iv_change
select 'AAPL' as underlying;
-- expect: nothing

-- case: a later version is not answered again, though only it is in the span
-- span: 2024-03-15T19:59Z 2024-03-16
-- given: features.iv_change
select *
from (
    values
    ('2024-03-04 21:30Z', '2024-03-15 20:00Z'),
    ('2024-03-15 20:00Z', null)
) as given (known_at, withdrawn_at);
-- expect: nothing

-- case: news that everybody can read jumps as news that nobody has (noisy)
-- given: features.iv_change
select
    'PHA' as underlying,
    0.6 as iv30,
    0.4 as previous_iv30,
    1.5 as iv_ratio,
    7 as jump_z;
-- expect: entity, direction, score, evidence ->> '$.iv_ratio'
values ('PHA', null, 80, '1.5');

-- case: where no market is loaded all jump when all do (noisy)
-- given: features.iv_change
select
    *,
    null as market
from (values ('AAPL'), ('MSFT'), ('KO')) as given (underlying);
-- expect: entity, confidence
values ('AAPL', 0.8), ('MSFT', 0.8), ('KO', 0.8);
