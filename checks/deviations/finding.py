"""The shape of what a module here finds; it is that of the views `fct_deviation_*` (§4.2, §5.2; requirements 7.8)."""

from posko.domain.finding import ONLY, Finding

__all__ = ["ONLY", "Finding"]
