"""The brief: the state of a relation on a few pages, every statement cited to its sentence."""

from detente.brief.content import compose
from detente.brief.likelihood import LIKELIHOODS, TONES, likelihood, tone_word
from detente.brief.markdown import to_markdown
from detente.brief.model import Brief, Figure, Line, Note, Row, Section, Source
from detente.brief.notes import cited_documents
from detente.brief.render import FORMATS, check_ending, render, to_html

__all__ = [
    "FORMATS",
    "LIKELIHOODS",
    "TONES",
    "Brief",
    "Figure",
    "Line",
    "Note",
    "Row",
    "Section",
    "Source",
    "check_ending",
    "cited_documents",
    "compose",
    "likelihood",
    "render",
    "to_html",
    "to_markdown",
    "tone_word",
]
