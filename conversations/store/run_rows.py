"""Runs as database rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from experiments import Outcome

from ..picture import Picture
from .erasure import erase_unused_images
from .message_rows import insert_once, keep_images, picture_of
from .picture_cache import Images
from .tables import run, run_outcome, run_picture


def insert_run(
    connection: Connection, values: Mapping[str, Any], pictures: Sequence[Picture]
) -> None:
    """Insert a run with its pictures."""
    keep_images(connection, pictures)
    connection.execute(run.insert().values(values))
    for position, picture in enumerate(pictures):
        place = {"run_id": values["id"], "position": position}
        connection.execute(run_picture.insert().values(place | picture.facts()))


def read_run(connection: Connection, owner: str, run_id: str) -> Row[Any] | None:
    """Return the row of an owner's run, or None."""
    theirs = (run.c.id == run_id) & (run.c.owner == owner)
    return connection.execute(select(run).where(theirs)).first()


def read_run_pictures(connection: Connection, run_id: str, images: Images) -> tuple[Picture, ...]:
    """Return a run's pictures in order, without their bytes."""
    rows = connection.execute(
        select(run_picture).where(run_picture.c.run_id == run_id).order_by(run_picture.c.position)
    )
    return tuple(picture_of(row, images) for row in rows)


def read_outcomes(connection: Connection, run_id: str) -> dict[str, Outcome]:
    """Return the stored outcomes of a run's calls, by key."""
    rows = connection.execute(select(run_outcome).where(run_outcome.c.run_id == run_id))
    return {row.key: row.outcome for row in rows}


def read_runs(connection: Connection, owner: str, kind: str, most: int) -> Sequence[Row[Any]]:
    """Return the rows of an owner's runs of one kind, newest first."""
    theirs = (run.c.owner == owner) & (run.c.kind == kind)
    newest_first = select(run).where(theirs).order_by(run.c.created.desc()).limit(most)
    return connection.execute(newest_first).all()


def keep_outcome(connection: Connection, run_id: str, outcome: Outcome) -> None:
    """Write the outcome of a call, unless its run has been erased."""
    if not connection.execute(update(run).where(run.c.id == run_id).values(id=run_id)).rowcount:
        return
    key = {"run_id": run_id, "key": outcome.key}
    if not insert_once(connection, run_outcome, key | {"outcome": outcome}):
        this = (run_outcome.c.run_id == run_id) & (run_outcome.c.key == outcome.key)
        connection.execute(update(run_outcome).where(this).values(outcome=outcome))


def erase_run(connection: Connection, owner: str, run_id: str) -> None:
    """Erase a run, if it exists and belongs to this owner."""
    theirs = (run.c.id == run_id) & (run.c.owner == owner)
    connection.execute(delete(run).where(theirs))
    erase_unused_images(connection)
