"""The database: tables, migrations, queries, and the errors of a store."""
