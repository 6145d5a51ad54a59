"""detente: relations between states, read from the news."""

__version__ = "0.1.0"
