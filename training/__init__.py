"""Turns question sets into the shipped reader; knows nothing of how the reader is used."""
