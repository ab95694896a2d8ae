"""Numbered schema migrations (Alembic); the test databases are built by these very files."""
