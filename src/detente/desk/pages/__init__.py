"""The views: one module each, thin over the read layer."""

from fastapi import APIRouter

from detente.desk.pages import adding, commitments, documents, groups, relations, search, texts, world

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
for part in (world, groups, relations, documents, commitments, search, adding, texts):
    router.include_router(part.router)
