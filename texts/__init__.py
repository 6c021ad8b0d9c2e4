"""Texts 文案: every word that people read, in Chinese and English."""
