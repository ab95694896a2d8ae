-- Reconcile stage (§12.8, X6): completeness of the allocation and evenness of its load.
-- Grain: one row per scope (ALL, LSP, TUK) and body. `ALL` carries the totals; the other rows one body each, those without a TKI included.
with

load_by_seat as (

    select
        tuk_code,
        lsp_code,
        sum(rank_to - rank_from + 1) as tki

    from {{ ref('int_allocation__lot') }}

    group by tuk_code, lsp_code

),

load_by_body as (

    select
        'LSP' as scope,
        lsp.lsp_code as body_code,
        coalesce(sum(load_by_seat.tki), 0) as tki

    from {{ ref('stg_registry__lsp') }} as lsp

    left join load_by_seat on lsp.lsp_code = load_by_seat.lsp_code

    group by lsp.lsp_code

    union all

    select
        'TUK',
        tuk.tuk_code,
        coalesce(sum(load_by_seat.tki), 0)

    from {{ ref('stg_registry__tuk') }} as tuk

    left join load_by_seat on tuk.tuk_code = load_by_seat.tuk_code

    group by tuk.tuk_code

),

ranked as (

    select
        load_by_body.*,
        row_number() over (partition by scope order by tki, body_code) as place,
        count(*) over (partition by scope) as bodies,
        sum(tki) over (partition by scope) as total,
        max(tki) over (partition by scope) as highest

    from load_by_body

),

measured as (

    select
        scope,
        max(bodies) as bodies,
        max(total) as total,
        max(highest) * max(bodies) / nullif(max(total), 0) as max_to_mean,
        2 * sum(place * tki) / nullif(max(bodies) * max(total), 0) - (max(bodies) + 1) / max(bodies) as gini

    from ranked

    group by scope

),

tolerance as (

    select
        {{ parameter_on('load_ratio_tolerance', 'current_date') }} as ratio,
        {{ parameter_on('load_gini_tolerance', 'current_date') }} as gini

),

whole as (

    select
        coalesce(sum(members), 0) as eligible,
        coalesce(sum(placed), 0) as proposed,
        coalesce(sum(unplaced), 0) as unplaced

    from {{ ref('int_allocation__outcome') }}

)

select
    'ALL' as scope,
    '*' as body_code,
    whole.eligible,
    whole.proposed,
    whole.unplaced,
    cast(1 as decimal(9, 6)) as share,
    cast(null as decimal(12, 4)) as max_to_mean,
    cast(null as decimal(9, 6)) as gini,
    whole.eligible = whole.proposed + whole.unplaced as is_within_tolerance

from whole

union all

select
    ranked.scope,
    ranked.body_code,
    null,
    ranked.tki,
    null,
    coalesce(ranked.tki / nullif(ranked.total, 0), 0),
    measured.max_to_mean,
    measured.gini,
    coalesce(measured.max_to_mean <= tolerance.ratio and measured.gini <= tolerance.gini, true)

from ranked

inner join measured on ranked.scope = measured.scope

cross join tolerance
