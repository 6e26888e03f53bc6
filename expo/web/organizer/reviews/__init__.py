"""Reviews: the queue of a reviewer, rounds, and the ranking with bulk decisions."""
