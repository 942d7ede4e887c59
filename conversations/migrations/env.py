"""Run by Alembic: the connection is handed over by `conversations.migrating`."""

from alembic import context

from conversations.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
