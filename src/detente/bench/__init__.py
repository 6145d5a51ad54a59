"""Accuracy and speed of the coder, measured: ``bench.run(name, arguments)`` gives figures as plain data."""

from detente.bench.runs import NAMES, run

__all__ = ["NAMES", "run"]
