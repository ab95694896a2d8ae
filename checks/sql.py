"""SQL that the gates share; every statement names one problem a row, and reads the same on MariaDB and MySQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_DIGIT = "[0-9]"
NIK_SHAPE = (
    # No {6}: braces are the engine's place for the table, and \\d is not portable.
    f"(^|[^0-9])[1-9]{_DIGIT * 5}"
    f"(0[1-9]|[12]{_DIGIT}|3[01]|4[1-9]|[56]{_DIGIT}|7[01])(0[1-9]|1[0-2]){_DIGIT * 6}"
    "([^0-9]|$)"
)
"""Pattern of a NIK inside a text: region, day of birth (+40 for women), month, year, number."""


def typed_columns(schema: str, columns: Mapping[str, Mapping[str, str]]) -> str:
    """Return SQL that names the columns which a schema lacks or holds in another type.

    Args:
        schema: schema to look at.
        columns: table -> column -> data type as the catalogue names it.
    """
    wanted = " union all ".join(
        f"select '{table}' as place, '{column}' as label, '{kind}' as kind"
        for table, named in columns.items()
        for column, kind in named.items()
    )
    return f"""
        select concat(
            'kolom ', wanted.place, '.', wanted.label,
            coalesce(concat(' berjenis ', found.data_type, ', seharusnya ', wanted.kind), ' tidak ada')
        ) as problem
        from ({wanted}) as wanted
        left join information_schema.columns as found
            on found.table_schema = '{schema}'
            and cast(found.table_name as binary) = cast(wanted.place as binary)
            and cast(found.column_name as binary) = cast(wanted.label as binary)
        where found.data_type is null or cast(found.data_type as binary) <> cast(wanted.kind as binary)
        """


def keyed_tables(schema: str, keys: Mapping[str, str]) -> str:
    """Return SQL that names the tables of a schema that are missing or lack their primary key.

    Args:
        schema: schema to look at.
        keys: table -> columns of its primary key, comma separated, in order.
    """
    wanted = " union all ".join(f"select '{table}' as place, '{key}' as label" for table, key in keys.items())
    return f"""
        select concat('tabel ', wanted.place, ' tidak ada, atau kuncinya bukan ', wanted.label) as problem
        from ({wanted}) as wanted
        left join (
            select table_name as place, group_concat(column_name order by seq_in_index separator ',') as label
            from information_schema.statistics
            where table_schema = '{schema}' and index_name = 'PRIMARY'
            group by table_name
        ) as found
            on cast(found.place as binary) = cast(wanted.place as binary)
            and cast(found.label as binary) = cast(wanted.label as binary)
        where found.place is null
        """


def holds_nik(texts: Mapping[str, str]) -> str:
    """Return SQL that names the texts in which a TKI's NIK stands.

    What only looks like a NIK, as an ID TKI may, is let pass: the number must be that of a TKI and not her own key.

    Args:
        texts: `schema.table` -> column to look into.
    """
    seen = " union all ".join(
        f"select '{table}.{column}' as place, {column} as held from {table} where {column} regexp '{NIK_SHAPE}'"
        for table, column in texts.items()
    )
    return f"""
        select concat('NIK seorang TKI tertulis di ', noted.place) as problem
        from (
            select distinct
                place,
                cast(regexp_replace(regexp_substr(held, '{NIK_SHAPE}'), '[^0-9]', '') as char(16)) as nik
            from ({seen}) as seen
        ) as noted
        where exists(
            select 1 from posko_staging.tki_tlrt as tki
            where tki.no_ktp = noted.nik and tki.id_tki <> noted.nik
        )
        """
