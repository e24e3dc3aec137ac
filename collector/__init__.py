"""Sentiero carries here: HTTP, files, processes and clocks. What an event means is decided in `sessionizer`."""

__version__ = "0.1.0"
