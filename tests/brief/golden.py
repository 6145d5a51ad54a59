"""Write the agreed Markdown brief anew: ``python -m tests.brief.golden``."""

from pathlib import Path

from detente.brief import to_markdown
from tests.brief.conftest import events_of_years, full_brief

if __name__ == "__main__":
    (Path(__file__).parent / "brief.md").write_text(to_markdown(full_brief(events_of_years())), encoding="utf-8")
