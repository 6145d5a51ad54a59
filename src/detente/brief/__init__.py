"""The brief: the state of a relation on a page, every statement cited to its sentence."""

from detente.brief.content import Brief, Line, Note, Section, compose
from detente.brief.markdown import to_markdown
from detente.brief.render import FORMATS, check_ending, render, to_html

__all__ = ["FORMATS", "Brief", "Line", "Note", "Section", "check_ending", "compose", "render", "to_html", "to_markdown"]
