"""Frozen values in our own words; no I/O, no SDK, no clock."""
