"""The published surface: endpoints do not vanish, and each is in the docs with all its parameters described."""

from __future__ import annotations

from pathlib import Path

import httpx

ROOT = Path(__file__).parent.parent.parent
GOLDEN = Path(__file__).parent / "endpoints.txt"


def endpoints(client: httpx.Client) -> list[str]:
    schema = client.get("/openapi.json").json()
    found = []
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            names = ",".join(sorted(p["name"] for p in operation.get("parameters", ())))
            found.append(f"{method.upper()} {path} {names}".rstrip())
    return sorted(found)


def test_the_surface_is_as_published(reader: httpx.Client) -> None:
    """A new endpoint or parameter is added to the file by hand; one that vanishes breaks users' programs."""
    assert endpoints(reader) == GOLDEN.read_text(encoding="utf-8").splitlines()


def test_every_endpoint_is_documented(reader: httpx.Client) -> None:
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    schema = reader.get("/openapi.json").json()
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            assert f"## `{method.upper()} {path}`" in page
            assert operation["description"] in page


def test_every_field_of_the_main_records_is_described(reader: httpx.Client) -> None:
    schemas = reader.get("/openapi.json").json()["components"]["schemas"]
    for name in ("Event", "Party", "Statement", "Document", "Commitment", "Job", "Watched", "DocumentView", "Problem"):
        for field, inner in schemas[name]["properties"].items():
            assert inner.get("description"), (name, field)
