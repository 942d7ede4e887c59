"""What a run may be a run of."""

from typing import Annotated

from pydantic import Field

from .picture_plans import PicturePlan
from .sweep_plans import SweepPlan

Plan = PicturePlan | SweepPlan

KeptPlan = Annotated[Plan, Field(discriminator="kind")]
"""A plan as it is kept: `kind` tells which."""
