{{ config(delta_part='judge', delta_scope='int_tki__scope', delta_by='tki_id', keys=['key rule (rule_id)']) }}
-- Filter stage (§3.1, §3.3, §10.1): what is odd about a TKI without holding her back.
-- Grain: one row per TKI and rule of severity H, W or I. Rules of severity B are in fct_tki_held_back, of a BLKLN in fct_blkln_finding.
-- depends_on: {{ ref('int_tki__scope') }}
{% set delta = is_delta('judge') %}
{% set own_rules = [
    {
        'rule_id': 'DV-E03',
        'condition': 'tki.is_too_short = 1',
        'evidence': "'hari', tki.training_days, 'hari_minimal', tki.required_days, 'keluar', tki.training_ended_on"
    },
    {
        'rule_id': 'DV-E04',
        'condition': 'tki.is_too_dense = 1',
        'evidence': "'jam', tki.training_hours, 'hari', tki.training_days, "
            ~ "'jam_per_hari', round(tki.training_hours / tki.training_days, 1), 'batas', tki.max_hours_per_day"
    },
    {
        'rule_id': 'DV-E06',
        'condition': 'tki.certificate_fault is not null',
        'evidence': "'salah', tki.certificate_fault"
    },
    {
        'rule_id': 'DV-E10',
        'condition': 'tki.closure_source is not null',
        'evidence': "'negara', tki.destination_iso2, 'keluar', tki.training_ended_on, 'dasar', tki.closure_source"
    },
    {'rule_id': 'DV-I01', 'condition': 'tki.nik_fault is not null', 'evidence': "'salah', tki.nik_fault"},
    {'rule_id': 'DV-I02', 'condition': 'tki.nik_mismatch is not null', 'evidence': "'berbeda', tki.nik_mismatch"}
] %}
{% set shared_rules = [
    {'rule_id': 'DV-E07', 'group': 'same_certificate', 'key': 'blkln_certificate_key'},
    {'rule_id': 'DV-I03', 'group': 'same_nik', 'key': 'nik_key'},
    {'rule_id': 'DV-I04', 'group': 'same_person', 'key': 'person_key'}
] %}
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

)

{% for rule in own_rules %}
    select
        tki.tki_id,
        rule.rule_id,
        rule.severity,
        cast(json_object({{ rule.evidence }}) as char) as evidence,
        tki.batch_id,
        tki.first_batch_id

    from tki

    inner join {{ ref('deviation_rule') }} as rule on rule.rule_id = '{{ rule.rule_id }}'

    where {{ rule.condition }}

    union all
{% endfor %}
{% for rule in shared_rules %}
    select
        tki.tki_id,
        rule.rule_id,
        rule.severity,
        {{ others_as_json(rule.group) }},
        tki.batch_id,
        tki.first_batch_id

    from tki

    inner join {{ rule.group }} on tki.{{ rule.key }} = {{ rule.group }}.{{ rule.key }}

    inner join {{ ref('deviation_rule') }} as rule on rule.rule_id = '{{ rule.rule_id }}'
    {% if not loop.last %}

        union all
    {% endif %}
{% endfor %}
