-- rule:    G5
-- what:    Features whose distribution is watched, each value a row: those that models read.
-- grain:   one row per feature, symbol and session that has any feature; null where it has not this
-- status:  live
-- needs:   0s

with features as (
    select features.feature
    from (
        values
        ('return_z'), ('value_z'), ('offex_ratio_z'), ('short_sale_z'),
        ('offex_balance_z'), ('blocks_z'), ('calls_z'), ('puts_z'),
        ('net_premium_z'), ('vol_oi_z'), ('d_oi_z'), ('d_iv_z')
    ) as features (feature)
)

select
    features.feature,  -- a column of features.anomaly_inputs
    inputs.entity as symbol,  -- the ticker then valid
    inputs.session_date,
    inputs.known_at,
    case
        when features.feature = 'return_z' then inputs.return_z
        when features.feature = 'value_z' then inputs.value_z
        when features.feature = 'offex_ratio_z' then inputs.offex_ratio_z
        when features.feature = 'short_sale_z' then inputs.short_sale_z
        when features.feature = 'offex_balance_z' then inputs.offex_balance_z
        when features.feature = 'blocks_z' then inputs.blocks_z
        when features.feature = 'calls_z' then inputs.calls_z
        when features.feature = 'puts_z' then inputs.puts_z
        when features.feature = 'net_premium_z' then inputs.net_premium_z
        when features.feature = 'vol_oi_z' then inputs.vol_oi_z
        when features.feature = 'd_oi_z' then inputs.d_oi_z
        when features.feature = 'd_iv_z' then inputs.d_iv_z
    end as value  -- in usual distances from its own 60 sessions
from features.anomaly_inputs as inputs
cross join features
