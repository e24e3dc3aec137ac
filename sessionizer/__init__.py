"""Sentiero decides here: pure functions of events, in event time. Nothing below this folder touches the world."""
