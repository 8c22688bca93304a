"""Whole offers played from files, beside figures worked out by hand and a second reading of the format."""
