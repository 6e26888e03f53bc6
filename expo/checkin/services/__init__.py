"""Services for check-in: checkpoints and scans."""
