-- what:    Trading halts of US stocks, one truth over all who tell of them, and when they ended.
-- grain:   one row per halt and version: another one once its end or a correction is known;
--          withdrawn_at is null while it stands
-- status:  live

with params as (
    select interval 2 seconds as max_apart  -- what tells whole seconds of one halt from the other
),

versions as (
    select
        *,
        lead(known_at) over in_order as replaced_at
    from raw.halts
    window
        in_order as (
            partition by source, symbol, halted_at, reason, step
            order by known_at, recorded_at, load_id
        )
    qualify lead(known_at) over in_order is distinct from known_at
),

told as (
    select
        *,
        case when source = 'nasdaq_halts' then 1 else 2 end as rank  -- its codes and milliseconds
    from versions
    where not is_gone
),

starts as (
    select
        symbol, halted_at,
        lag(halted_at) over (partition by symbol order by halted_at) as before_at
    from told
    group by symbol, halted_at
),

-- Moments that are so close are one halt, whoever tells of it.
same as (
    select
        starts.symbol, starts.halted_at,
        max(
            case
                when coalesce(starts.halted_at - starts.before_at > params.max_apart, true)
                    then starts.halted_at
            end
        ) over (partition by starts.symbol order by starts.halted_at) as began_at
    from starts
    cross join params
),

named as (
    select
        told.*,
        same.began_at
    from told
    inner join same on told.symbol = same.symbol and told.halted_at = same.halted_at
),

changes as (
    select
        symbol, began_at,
        known_at as changed_at
    from named
    union
    select
        symbol, began_at,
        replaced_at as changed_at
    from named
    where replaced_at is not null
),

-- What stood at each moment at which anything changed.
standing as (
    select
        named.*,
        changes.changed_at,
        named.step = 'halted' as is_begin
    from changes
    inner join named
        on
            changes.symbol = named.symbol
            and changes.began_at = named.began_at
            and changes.changed_at >= named.known_at
            and coalesce(changes.changed_at < named.replaced_at, true)
),

best as (
    select *
    from standing
    window
        by_rank as (
            partition by symbol, began_at, changed_at, is_begin
            order by rank asc, known_at desc, halted_at asc, reason asc, step asc, load_id asc
        )
    qualify row_number() over by_rank = 1
),

states as (
    select
        changes.symbol, changes.began_at, changes.changed_at,
        begins.halted_at, begins.reason, begins.issuer, begins.listed_on, begins.pause_price,
        begins.source,
        ends.quotes_at, ends.trades_at,
        coalesce(ends.step = 'extended', false) as is_extended,
        struct_pack(
            halted_at := begins.halted_at, reason := begins.reason, issuer := begins.issuer,
            listed_on := begins.listed_on, pause_price := begins.pause_price,
            quotes_at := ends.quotes_at, trades_at := ends.trades_at, step := ends.step
        ) as said
    from changes
    left join best as begins
        on
            changes.symbol = begins.symbol
            and changes.began_at = begins.began_at
            and changes.changed_at = begins.changed_at
            and begins.is_begin
    left join best as ends
        on
            changes.symbol = ends.symbol
            and changes.began_at = ends.began_at
            and changes.changed_at = ends.changed_at
            and not ends.is_begin
),

changed as (
    select *
    from states
    window in_order as (partition by symbol, began_at order by changed_at)
    qualify said is distinct from lag(said) over in_order
),

dated as (
    select
        *,
        min(changed_at) over (partition by symbol, began_at) as told_at,
        lead(changed_at) over (partition by symbol, began_at order by changed_at) as withdrawn_at
    from changed
)

select
    symbol,
    halted_at,
    reason,  -- the source's code, LUDP, or its words, LULD pause
    case
        when
            reason in ('T1', 'T2', 'T3', 'T12', 'H10')
            or lower(reason) like '%news%'
            or lower(reason) like '%additional information%'
            then 'news'
        when reason in ('LUDP', 'LUDS', 'M', 'T5') or lower(reason) like '%luld%' then 'volatility'
        when reason like 'MWC%' or lower(reason) like '%market%wide%' then 'market'
        else 'other'
    end as halt_class,  -- news, volatility, market or other
    quotes_at,  -- from when quotes are taken again, where told
    trades_at,  -- from when it trades again; null while nobody has told
    is_extended,  -- another halt of the stock goes on with it
    changed_at as known_at,
    withdrawn_at,  -- when its end, or a correction, became known
    told_at,  -- when anybody told of it first
    issuer,
    listed_on,
    pause_price,  -- USD, the limit at which a volatility pause began, where told
    source  -- who told of its begin
from dated
where halted_at is not null
