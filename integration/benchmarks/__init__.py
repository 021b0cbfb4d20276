"""Benchmarks: what is compared is measured side by side in one run, and told as a ratio."""
