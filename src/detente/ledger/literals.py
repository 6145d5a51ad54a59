"""Values as DuckDB writes them, for statements without bound values.

For the first bound value DuckDB loads pandas, where that is installed, to see whether it is one of its own, and pyarrow
does so for the first array made of a list: half a second of an import, or of a reading, that needs no pandas.
"""

from __future__ import annotations

import datetime
from typing import Any

__all__ = ["literal"]


def literal(value: Any) -> str:
    """SQL for text, a number, a truth value, a day or moment, a list of them, or None."""
    if value is None:
        return "NULL"
    if isinstance(value, bool | int | float):
        return repr(value)
    if isinstance(value, datetime.datetime):
        return f"TIMESTAMP '{value.isoformat(sep=' ')}'"
    if isinstance(value, datetime.date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(literal, value))}]"
    # No byte of zero, which would end the statement, and no lone surrogate, which UTF-8 cannot hold.
    text = str(value).replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "'" + text.replace("'", "''") + "'"
