"""Adapters of fingerprint readers; every one gives a `Sample` (§8.2, R-041)."""
