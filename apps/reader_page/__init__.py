"""The page on which the operator's own browser captures a finger (§8.2, §13.2-13.7; R-041, X12)."""
