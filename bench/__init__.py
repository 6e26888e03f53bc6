"""Measurements that a person runs: `make bench`. Each prints a small table and writes `bench/results/<name>.json`."""
