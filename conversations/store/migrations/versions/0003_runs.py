"""Runs of many calls, with their pictures and outcomes."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables. Never edit this: changes belong in a later revision."""
    op.create_table(
        "run",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("owner", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("created", sa.Double, nullable=False),
        sa.Column("plan", sa.Text, nullable=False),
    )
    op.create_index("run_of_owner", "run", ["owner", "kind", "created"])
    op.create_table(
        "run_picture",
        sa.Column(
            "run_id", sa.String(64), sa.ForeignKey("run.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("sha256", sa.String(64), sa.ForeignKey("image.sha256"), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("media_type", sa.String(64), nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("original_format", sa.String(16), nullable=False),
        sa.Column("original_width", sa.Integer, nullable=False),
        sa.Column("original_height", sa.Integer, nullable=False),
        sa.Column("original_bytes", sa.Integer, nullable=False),
        sa.Column("changes", sa.Text, nullable=False),
    )
    op.create_index("run_picture_image", "run_picture", ["sha256"])
    op.create_table(
        "run_outcome",
        sa.Column(
            "run_id", sa.String(64), sa.ForeignKey("run.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("outcome", sa.Text, nullable=False),
    )
