"""The routes of the founding smart-money system, over the views; its clients run unchanged."""

from fastapi import APIRouter, FastAPI

from panel_app.answers import Answers
from panel_app.described import ASKED
from panel_app.founding import (
    alerts,
    analytics,
    blocks,
    dark_pool,
    dashboard,
    demo,
    institutional,
)
from panel_app.founding.question import Asking

_FAMILIES = (dark_pool, institutional, blocks, analytics, alerts, dashboard)


def add(app: FastAPI, answers: Answers) -> None:
    """Add /smart-money to an app."""
    asking = Asking(answers)
    router = APIRouter(prefix="/smart-money", tags=["smart-money"], responses=ASKED)
    for family in _FAMILIES:
        router.include_router(family.routes(asking))
    router.include_router(demo.routes(demo.Inventing(answers.warehouse, asking)))
    app.include_router(router)
