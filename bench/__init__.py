"""Benchmarks 基准: ratios between contestants that take turns in one run."""
