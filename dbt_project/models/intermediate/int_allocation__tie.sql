{{ config(stays_with='allocate', keys=['primary key (blkln_code, pptkis_name, tie_no)', 'key tie (tie_key, body_kind, body_code)']) }}
-- Allocate stage (§3.4, §12.5): ties of ownership that matter to the TKI of a BLKLN, alone (pptkis_name empty) or with a PPTKIS.
-- Grain: one row per BLKLN, PPTKIS and tie. Pairs with the same set of ties share a tie_key, so their TKI may share a queue.
with

alternative as (

    select
        register.blkln_code,
        rule.tuk_code

    from {{ ref('int_blkln__register') }} as register

    inner join {{ ref('stg_registry__blkln_tuk_rule') }} as rule
        on
            rule.blkln_code = case
                when exists(
                    select 1
                    from {{ ref('stg_registry__blkln_tuk_rule') }} as own
                    where own.blkln_code = register.blkln_code
                )
                    then register.blkln_code
                else '*'
            end

),

body as (

    select
        blkln_code,
        'TUK' as body_kind,
        tuk_code as body_code

    from alternative

    union

    select
        alternative.blkln_code,
        'LSP',
        tuk_lsp.lsp_code

    from alternative

    inner join {{ ref('stg_registry__tuk_lsp') }} as tuk_lsp on alternative.tuk_code = tuk_lsp.tuk_code

),

of_blkln as (

    select
        body.blkln_code,
        body.body_kind,
        body.body_code,
        tie.valid_from,
        tie.valid_until

    from body

    inner join {{ ref('stg_registry__ownership_tie') }} as tie
        on
            tie.party_kind = 'BLKLN'
            and body.blkln_code = tie.party_code
            and body.body_kind = tie.body_kind
            and body.body_code = tie.body_code

),

of_pptkis as (

    select
        body.blkln_code,
        upper(trim(tie.party_code)) as pptkis_name,
        body.body_kind,
        body.body_code,
        tie.valid_from,
        tie.valid_until

    from body

    inner join {{ ref('stg_registry__ownership_tie') }} as tie
        on
            tie.party_kind = 'PPTKIS'
            and body.body_kind = tie.body_kind
            and body.body_code = tie.body_code

),

together as (

    select
        blkln_code,
        '' as pptkis_name,
        body_kind,
        body_code,
        valid_from,
        valid_until

    from of_blkln

    union

    select
        blkln_code,
        pptkis_name,
        body_kind,
        body_code,
        valid_from,
        valid_until

    from of_pptkis

    union

    select
        of_pptkis.blkln_code,
        of_pptkis.pptkis_name,
        of_blkln.body_kind,
        of_blkln.body_code,
        of_blkln.valid_from,
        of_blkln.valid_until

    from of_pptkis

    inner join of_blkln on of_pptkis.blkln_code = of_blkln.blkln_code

)

select
    blkln_code,
    pptkis_name,
    body_kind,
    body_code,
    valid_from,
    valid_until,
    row_number() over (
        partition by blkln_code, pptkis_name
        order by body_kind, body_code, valid_from, valid_until
    ) as tie_no,
    cast(sum(
        cast(conv(left(sha2(concat_ws('|', body_kind, body_code, valid_from, valid_until), 256), 12), 16, 10) as unsigned)
    ) over (partition by blkln_code, pptkis_name) as unsigned) as tie_key

from together
