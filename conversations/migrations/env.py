"""Run by Alembic, on the connection that `conversations.migrating` passes."""

from alembic import context

from conversations.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
