"""Personal presets."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the table. Never edit this: changes belong in a later revision."""
    op.create_table(
        "preset",
        sa.Column("owner", sa.String(80), primary_key=True),
        sa.Column("name", sa.String(80), primary_key=True),
        sa.Column("parameters", sa.Text, nullable=False),
    )
