"""The script that Alembic runs, on the connection that `conversations.store.migration` passes."""

from alembic import context

from conversations.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
