"""Core of Sistem POSKO BNSP: knows no screen, no dbt and no reader (Pedoman BNSP 503-2012)."""
