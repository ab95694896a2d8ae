{{ config(delta_part='judge', delta_scope='int_tki__scope', delta_by='tki_id', keys=['key rule (rule_id)']) }}
-- Filter stage (§3.1, §3.3, §10.1): what is odd about a TKI without holding her back.
-- Grain: one row per TKI and rule of severity H, W or I. Rules of severity B are in fct_tki_held_back, of a BLKLN in fct_blkln_finding.
-- depends_on: {{ ref('int_tki__scope') }}
{% set delta = is_delta('judge') %}
with

tki as (

    select facts.*

    from {{ ref('int_tki__facts') }} as facts
    {% if delta %}
        inner join {{ ref('int_tki__scope') }} as scope on facts.tki_id = scope.tki_id
    {% endif %}

),

same_certificate as (

    {{ tki_sharing('blkln_certificate_key', delta) }}

),

same_nik as (

    {{ tki_sharing('nik_key', delta) }}

),

same_person as (

    {{ tki_sharing('person_key', delta) }}

),

finding as (

    select
        tki_id,
        'DV-E03' as rule_id,
        cast(json_object('hari', training_days, 'hari_minimal', required_days, 'keluar', training_ended_on) as char) as evidence,
        batch_id,
        first_batch_id

    from tki

    where is_too_short = 1

    union all

    select
        tki_id,
        'DV-E04',
        cast(json_object(
            'jam', training_hours,
            'hari', training_days,
            'jam_per_hari', round(training_hours / training_days, 1),
            'batas', max_hours_per_day
        ) as char),
        batch_id,
        first_batch_id

    from tki

    where is_too_dense = 1

    union all

    select
        tki_id,
        'DV-E06',
        cast(json_object('salah', certificate_fault) as char),
        batch_id,
        first_batch_id

    from tki

    where certificate_fault is not null

    union all

    select
        tki.tki_id,
        'DV-E07',
        {{ others_as_json('same_certificate') }},
        tki.batch_id,
        tki.first_batch_id

    from tki

    inner join same_certificate on tki.blkln_certificate_key = same_certificate.blkln_certificate_key

    union all

    select
        tki_id,
        'DV-E10',
        cast(json_object('negara', destination_iso2, 'keluar', training_ended_on, 'dasar', closure_source) as char),
        batch_id,
        first_batch_id

    from tki

    where closure_source is not null

    union all

    select
        tki_id,
        'DV-I01',
        cast(json_object('salah', nik_fault) as char),
        batch_id,
        first_batch_id

    from tki

    where nik_fault is not null

    union all

    select
        tki_id,
        'DV-I02',
        cast(json_object('berbeda', nik_mismatch) as char),
        batch_id,
        first_batch_id

    from tki

    where nik_mismatch is not null

    union all

    select
        tki.tki_id,
        'DV-I03',
        {{ others_as_json('same_nik') }},
        tki.batch_id,
        tki.first_batch_id

    from tki

    inner join same_nik on tki.nik_key = same_nik.nik_key

    union all

    select
        tki.tki_id,
        'DV-I04',
        {{ others_as_json('same_person') }},
        tki.batch_id,
        tki.first_batch_id

    from tki

    inner join same_person on tki.person_key = same_person.person_key

)

select
    finding.tki_id,
    finding.rule_id,
    rule.severity,
    finding.evidence,
    finding.batch_id,
    finding.first_batch_id

from finding

inner join {{ ref('deviation_rule') }} as rule on finding.rule_id = rule.rule_id
