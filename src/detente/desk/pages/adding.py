"""Add: files, pasted text, feeds; what is being read, and what was skipped and why."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from detente.api import jobs, lookups
from detente.desk.web import page, services

__all__ = ["router"]

router = APIRouter()


@router.get("/add")
def add(request: Request) -> Response:
    """Ways in, and what came of the last reads."""
    own = services(request)
    return page(
        request,
        "add.html",
        view="add",
        title="Add",
        jobs=jobs.job_list(own.state)[:50],
        batches=lookups.batches(own.store)[:50],
    )


@router.get("/batch/{batch_id}")
def batch(request: Request, batch_id: str) -> Response:
    """One read or import: what it brought, what it skipped and why."""
    store = services(request).store
    rejections = lookups.rejections(store, batch_id)
    found = [b for b in lookups.batches(store) if b.batch_id == batch_id]
    return page(
        request,
        "batch.html",
        view="batch",
        title=batch_id,
        batch=found[0],
        rejections=rejections,
    )
