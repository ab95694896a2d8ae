{{ config(delta_part='allocate', delta_scope='int_allocation__scope', delta_by='tki_id') }}
-- Allocate stage (§12.5): eligible TKI for whom no seat was found, and why; never dropped.
-- Grain: one row per TKI without a seat. The other eligible TKI are in fct_tuk_proposal.
-- depends_on: {{ ref('int_allocation__scope') }}
{% set delta = is_delta('allocate') %}
with

waiting as (

    select
        waiting.*,
        outcome.placed,
        outcome.reason_code

    from {{ ref('int_tki__queue') }} as waiting
    {% if delta %}
        inner join {{ ref('int_allocation__scope') }} as scope on waiting.tki_id = scope.tki_id
    {% endif %}

    inner join {{ ref('int_allocation__outcome') }} as outcome on waiting.queue_id = outcome.queue_id

    where outcome.unplaced > 0

),

left_over as (

    select
        tki_id,
        queue_id,
        first_batch_id,
        test_from_on,
        test_until_on,
        blkln_code,
        reason_code

    from waiting

    where placed = 0

    union all

    select
        numbered.tki_id,
        numbered.queue_id,
        numbered.first_batch_id,
        numbered.test_from_on,
        numbered.test_until_on,
        numbered.blkln_code,
        numbered.reason_code

    from (

        select
            waiting.*,
            row_number() over (partition by queue_id order by tki_id) as place

        from waiting

        where placed > 0

    ) as numbered

    where numbered.place > numbered.placed

)

select
    tki_id,
    reason_code,
    case reason_code
        when 'NO_RULE' then concat('Belum ada aturan TUK untuk BLKLN ', blkln_code, '.')
        when 'NO_LICENSED_TUK'
            then concat('Tidak ada TUK dalam aturan BLKLN ', blkln_code, ' yang berizin dan buka antara ', test_from_on, ' dan ', test_until_on, '.')
        when 'ALL_TIED'
            then concat('Semua TUK atau LSP dalam aturan BLKLN ', blkln_code, ' terkait kepemilikan dengan PPTKIS atau BLKLN TKI ini.')
        else concat('Semua TUK dalam aturan BLKLN ', blkln_code, ' penuh antara ', test_from_on, ' dan ', test_until_on, '.')
    end as reason,
    blkln_code,
    test_from_on,
    test_until_on,
    first_batch_id,
    queue_id

from left_over
