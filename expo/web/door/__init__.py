"""Pages of the audience `door`."""
