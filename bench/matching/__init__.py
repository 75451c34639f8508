"""Measurements of the record-matching engine beside Splink and recordlinkage."""
