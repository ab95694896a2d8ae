"""The `posko` command."""
