"""The kinds of plans for a run."""

from typing import Annotated

from pydantic import Field

from .picture_plans import PicturePlan
from .sweep_plans import SweepPlan

Plan = PicturePlan | SweepPlan

KeptPlan = Annotated[Plan, Field(discriminator="kind")]
"""A plan as it is stored, discriminated by `kind`."""
