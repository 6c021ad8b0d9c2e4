"""Contestants 选手: each runs as its own process; peers in an environment of their own."""
