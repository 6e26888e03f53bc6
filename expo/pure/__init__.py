"""Pure algorithms: no Flask, database, clock, environment or randomness."""
