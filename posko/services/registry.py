"""The registers that allocation relies on (§3.2, §12.5): the Konsorsium's rule and a filled demo."""

from posko.services.registry_demo import PlacementCompany, TrainingCentre, fill_demo_registry
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

__all__ = [
    "ANY_BLKLN",
    "RULE_COLUMNS",
    "PlacementCompany",
    "Rule",
    "RulesImported",
    "RulesRefused",
    "TrainingCentre",
    "fill_demo_registry",
    "import_blkln_tuk_rules",
    "list_blkln_tuk_rules",
    "read_rules",
]
