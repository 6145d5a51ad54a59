"""Coding: a document becomes events and statements; ``Coder.load().code(documents)``."""

from detente.coding.assembly import Explanation
from detente.coding.coder import Classified, Coded, Coder
from detente.coding.options import CodingOptions

__all__ = ["Classified", "Coded", "Coder", "CodingOptions", "Explanation"]
