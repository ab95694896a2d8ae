"""Database layer: engine, migrations, transactions, accounts and the private server."""
