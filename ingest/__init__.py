"""Receive from BNP2TKI: contract, pull, typing, quarantine, history, simulator (Pedoman §10.2, §12.1-12.2)."""
