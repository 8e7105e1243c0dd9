-- what:    A stock's session off exchange: volume, value, share of all, and who began its prints.
-- grain:   one row per symbol and session; of prints and totals the one with the longer history
-- status:  live
-- needs:   1d

with ratios as (
    select
        *,
        row_number() over (
            partition by symbol, session_date order by n_obs desc, basis asc
        ) as nth
    from features.off_exchange_ratio
)

select
    ratios.session_date,
    ratios.symbol,
    ratios.basis,  -- prints of the tape, or FINRA's totals over a bar's volume
    ratios.volume,  -- shares, on and off exchange
    ratios.offex_volume,  -- shares
    ratios.offex_value_usd,
    ratios.offex_ratio,  -- 0 to 1
    ratios.ratio_label,  -- against its own year
    ratios.legacy_label,  -- by the fixed bands of old
    ratios.ratio_pr,  -- percentile in its own year
    ratios.ats_ratio,  -- of the newest week that FINRA had split by then, in dark pools
    ratios.non_ats_ratio,  -- of that week, by other firms off exchange
    ratios.unknown_ratio,  -- what of this session's ratio that week does not explain
    ratios.week_date,
    ratios.short_sale_frac,  -- of FINRA's total, sold short
    flow.n_prints,  -- off exchange; null without a tape
    flow.n_large_prints,  -- of 1 M USD and more
    flow.n_blocks,  -- of 10 M USD and more
    flow.sided_frac,  -- of the value, that has a side
    flow.bull_share,  -- of the sided value, begun by buyers
    flow.direction,  -- null where too little has a side, and without a tape
    flow.confidence,  -- of the direction, 0 to 0.6
    ratios.known_at
from ratios
left join features.off_exchange_flow as flow
    on ratios.symbol = flow.symbol and ratios.session_date = flow.session_date
where ratios.nth = 1
