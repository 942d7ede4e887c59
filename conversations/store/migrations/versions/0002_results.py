"""Messages with the results of tool calls."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the column for them."""
    op.add_column("message", sa.Column("results", sa.Text))
