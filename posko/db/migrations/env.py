"""Alembic's entry: runs the migrations on the connection that `posko.db.migrate` hands over."""

from alembic import context

from posko.db.migrate import VERSION_TABLE

connection = context.config.attributes["connection"]
context.configure(connection=connection, version_table=VERSION_TABLE, version_table_schema="posko")
with context.begin_transaction():
    context.run_migrations()
