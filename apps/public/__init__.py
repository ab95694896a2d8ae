"""What strangers reach: the verification of certificates and the look-up of results, read-only (§14.1-14.3; R-160, R-166)."""
