"""Presets of one's own."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the table. What is here stays as it is: a later revision changes it."""
    op.create_table(
        "preset",
        sa.Column("owner", sa.String(80), primary_key=True),
        sa.Column("name", sa.String(80), primary_key=True),
        sa.Column("parameters", sa.Text, nullable=False),
    )
