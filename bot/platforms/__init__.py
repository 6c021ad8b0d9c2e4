"""Chat platforms 平台: one file each, found by name."""
