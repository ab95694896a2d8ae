"""A simulated year with planted frauds, to measure what the deviation rules find."""
