"""Jobs: the one place that spawns. `runner` is what the daemon sees of it, `supervisor` what a job sees.

This file imports nothing, for the supervisor, which every job has one of, has to be small and soon ready.
"""
