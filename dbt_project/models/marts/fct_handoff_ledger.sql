-- Reconcile stage (§12.1-12.5, R-182): what went into each hop and what came out of it; nothing may be missing.
-- Grain: one row per hop and batch. Hop 1 counts the rows of the delivery; hops 2 and 3 count the TKI of today by the delivery that
-- first brought them.
-- rejected_reasons is a JSON object, reason -> TKI; a TKI held back by two rules counts in both.
with

batches as (

    select * from {{ ref('stg_bnp2tki__batches') }}

),

judged as (

    select
        first_batch_id,
        count(*) as tki,
        cast(sum(is_held_back) as signed) as held_back

    from {{ ref('int_tki__facts') }}

    group by first_batch_id

),

held_rule as (

    select
        first_batch_id,
        rule_id,
        count(*) as tki

    from {{ ref('fct_tki_held_back') }}

    group by first_batch_id, rule_id

),

held as (

    select
        first_batch_id,
        concat('{', group_concat(concat(json_quote(rule_id), ': ', tki) order by rule_id separator ', '), '}') as reasons

    from held_rule

    group by first_batch_id

),

queued as (

    select
        first_batch_id,
        cast(sum(members) as signed) as eligible,
        cast(sum(placed) as signed) as placed,
        cast(sum(unplaced) as signed) as unplaced

    from {{ ref('int_allocation__outcome') }}

    group by first_batch_id

),

left_reason as (

    select
        first_batch_id,
        reason_code,
        cast(sum(unplaced) as signed) as tki

    from {{ ref('int_allocation__outcome') }}

    where unplaced > 0

    group by first_batch_id, reason_code

),

left_over as (

    select
        first_batch_id,
        concat('{', group_concat(concat(json_quote(reason_code), ': ', tki) order by reason_code separator ', '), '}') as reasons

    from left_reason

    group by first_batch_id

)

select
    1 as hop_no,
    batch_id,
    'BNP2TKI -> BNSP' as hop,
    '12.1-12.2' as paragraph,
    coalesce(sent, 0) as sent,
    coalesce(landed, 0) as received,
    coalesce(accepted, 0) as loaded,
    coalesce(refused, 0) as rejected,
    coalesce(sent, 0) - coalesce(landed, 0) as in_transit,
    coalesce(refused_reasons, '{}') as rejected_reasons

from batches

where batch_state = 'DONE'

union all

select
    2,
    judged.first_batch_id,
    'BNSP -> Penyaringan',
    '12.2',
    judged.tki,
    judged.tki,
    coalesce(queued.eligible, 0),
    judged.held_back,
    judged.tki - coalesce(queued.eligible, 0) - judged.held_back,
    coalesce(held.reasons, '{}')

from judged

left join held on judged.first_batch_id = held.first_batch_id

left join queued on judged.first_batch_id = queued.first_batch_id

union all

select
    3,
    queued.first_batch_id,
    'BNSP -> Konsorsium',
    '12.3-12.5',
    queued.eligible,
    queued.eligible,
    queued.placed,
    queued.unplaced,
    queued.eligible - queued.placed - queued.unplaced,
    coalesce(left_over.reasons, '{}')

from queued

left join left_over on queued.first_batch_id = left_over.first_batch_id
