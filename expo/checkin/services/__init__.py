"""Acts of check-in: checkpoints, and scans."""
