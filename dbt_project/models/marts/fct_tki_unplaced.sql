{{ config(delta_part='allocate', delta_scope='int_allocation__scope', delta_by='tki_id') }}
-- Allocate stage (§12.5): eligible TKI for whom no seat was found, and why; never dropped.
-- Grain: one row per TKI without a seat. The other eligible TKI are in fct_tuk_proposal.
-- depends_on: {{ ref('int_allocation__scope') }}
{% set delta = is_delta('allocate') %}
with

waiting as (

    select
        member.tki_id,
        member.queue_id,
        outcome.placed

    from {{ ref('int_tki__queue') }} as member
    {% if delta %}
        inner join {{ ref('int_allocation__scope') }} as scope on member.tki_id = scope.tki_id
    {% endif %}

    inner join {{ ref('int_allocation__outcome') }} as outcome on member.queue_id = outcome.queue_id

    where outcome.unplaced > 0

),

numbered as (

    select
        tki_id,
        queue_id,
        placed,
        row_number() over (partition by queue_id order by tki_id) as place

    from waiting

    where placed > 0

),

left_over as (

    select
        tki_id,
        queue_id

    from waiting

    where placed = 0

    union all

    select
        tki_id,
        queue_id

    from numbered

    where place > placed

)

select
    left_over.tki_id,
    outcome.reason_code,
    case outcome.reason_code
        when 'NO_RULE' then concat('Belum ada aturan TUK untuk BLKLN ', outcome.blkln_code, '.')
        when 'NO_LICENSED_TUK'
            then concat(
                'Tidak ada TUK dalam aturan BLKLN ', outcome.blkln_code, ' yang berizin dan buka antara ',
                outcome.test_from_on, ' dan ', outcome.test_until_on, '.'
            )
        when 'ALL_TIED'
            then concat(
                'Semua TUK atau LSP dalam aturan BLKLN ', outcome.blkln_code,
                ' terkait kepemilikan dengan PPTKIS atau BLKLN TKI ini.'
            )
        else concat(
            'Semua TUK dalam aturan BLKLN ', outcome.blkln_code, ' penuh antara ',
            outcome.test_from_on, ' dan ', outcome.test_until_on, '.'
        )
    end as reason,
    outcome.blkln_code,
    outcome.test_from_on,
    outcome.test_until_on,
    outcome.first_batch_id,
    left_over.queue_id

from left_over

inner join {{ ref('int_allocation__outcome') }} as outcome on left_over.queue_id = outcome.queue_id
