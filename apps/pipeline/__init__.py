"""The pipeline as the scheduler starts it: receive, gate, transform, gate (§12.2)."""
