"""The registers that allocation and scheduling rely on (§3.2, §12.5): entries, files, the Konsorsium's rule, a filled demo."""

from posko.services.registry_columns import REGISTERS, Problem
from posko.services.registry_demo import PlacementCompany, TrainingCentre, fill_demo_registry
from posko.services.registry_files import FileRefused, import_at_terminal, import_rows
from posko.services.registry_files import read as read_file
from posko.services.registry_history import rows_of
from posko.services.registry_rules import (
    ANY_BLKLN,
    RULE_COLUMNS,
    Rule,
    RulesImported,
    RulesRefused,
    import_blkln_tuk_rules,
    list_blkln_tuk_rules,
    read_rules,
)
from posko.services.registry_values import Register, as_text

__all__ = [
    "ANY_BLKLN",
    "REGISTERS",
    "RULE_COLUMNS",
    "FileRefused",
    "PlacementCompany",
    "Problem",
    "Register",
    "Rule",
    "RulesImported",
    "RulesRefused",
    "TrainingCentre",
    "as_text",
    "fill_demo_registry",
    "import_at_terminal",
    "import_blkln_tuk_rules",
    "import_rows",
    "list_blkln_tuk_rules",
    "read_file",
    "read_rules",
    "rows_of",
]
