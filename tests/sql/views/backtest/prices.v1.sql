-- default: bar = 'session', kind = 'stock', entity = 'A', security_id = 'A'
-- default: known_at = '2024-03-01 21:15Z'

-- case: a price that goes 2 percent up and down has that volatility, from twenty returns on
-- given: backtest.session_closes
select
    place,
    100 * exp(0.02 * (place % 2)) as price
from range(1000, 1023) as t (place);
-- expect: place, n_returns, sigma_frac
select
    place,
    place - 1000 as n_returns,
    case when place >= 1020 then 0.02 end as sigma_frac
from range(1000, 1023) as t (place);

-- case: the newest return weighs 6 percent, also across the blocks in which weights are reckoned
-- given: backtest.session_closes
select
    place,
    case when place = 3000 then 110 else 100 end as price
from range(2700, 3001) as t (place);
-- expect: case when place >= 2999 then sigma_frac end, case when place >= 2999 then n_returns end
select
    case n when 299 then 0 when 300 then round(ln(1.1) * sqrt(0.06 / (1 - power(0.94, 250))), 9)
    end as sigma_frac,
    case when n >= 299 then 250 end as n_returns
from range(301) as t (n);

-- case: there is no return over a gap of eleven bars, and over a shorter one it is of no session
-- given: backtest.session_closes
select *
from (values (1, 100), (2, 110), (12, 121), (23, 133)) as given (place, price);
-- expect: place, return_frac, n_returns
values
(1, null, 0),
(2, 0.1, 1),
(12, null, 2),
(23, null, 2);

-- case: a price that never moved has no volatility to compare with, and no regime
-- given: backtest.session_closes
select
    place,
    100 as price
from range(100) as t (place);
-- expect: sigma_frac, regime, beta
select
    case when n >= 20 then 0 end as sigma_frac,
    null as regime,
    null as beta
from range(100) as t (n);

-- case: regimes follow the volatility of 20 bars, and change when two bars agree
-- given: backtest.session_closes
select
    place,
    100 * exp(case when place > 120 then 0.04 else 0.01 + place / 1_000_000 end * (place % 2))
        as price
from range(1, 125) as t (place);
-- expect: case when place > 119 then regime end
select
    case when n > 119 then 'stressed' end as regime
from range(1, 125) as t (n);

-- case: beta is the slope on the market's returns
-- given: backtest.session_closes
select
    place,
    price
from (values (1, 100), (2, 102), (3, 98.94), (4, 102.8976)) as given (place, price);
-- given: backtest.markets
select
    *,
    'SPY' as market,
    place as nth
from (values (2, 0.01, 0.1), (3, -0.015, 0.2), (4, 0.02, 0.3)) as given (
    place, return_frac, log_level
);
-- expect: place, n_beta, beta, market, market_return_frac, market_log_level, nth_market
values
(1, 0, null, null, null, null, null),
(2, 1, null, 'SPY', 0.01, 0.1, 2),
(3, 2, 2, 'SPY', -0.015, 0.2, 3),
(4, 3, 2, 'SPY', 0.02, 0.3, 4);

-- case: a rise is of over 5 percent, over 0.50 USD, and among the first 2 percent of stocks
-- given: backtest.session_closes
select
    *,
    price as traded_price,
    entity as security_id
from (
    select
        bars.place,
        'S' || stocks.n as entity,
        case
            when bars.place = 2 and stocks.n = 1 then 107
            when bars.place = 2 and stocks.n = 2 then 106
            when stocks.n = 3 then 0.3 * bars.place
            else 100
        end as price
    from range(1, 101) as stocks (n), range(1, 3) as bars (place)
) as given;
-- expect: case when is_rise then entity end, has_cross_section
select
    case
        when bars.place = 2 and stocks.n = 1 then 'S1'
        when bars.place = 2 and stocks.n = 3 then 'S3'
    end as entity,
    bars.place = 2 as has_cross_section
from range(1, 101) as stocks (n), range(1, 3) as bars (place);
