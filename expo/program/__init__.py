"""Sessions, speakers and tracks: the public programme, and its exchange with other systems."""
