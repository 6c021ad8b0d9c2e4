"""Tests 测试: they read like the stairwell."""
