"""Forms and fields that several audiences share."""
