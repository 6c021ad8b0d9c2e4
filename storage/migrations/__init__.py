"""Migrations 迁移: numbered SQL files, forward only, each in one transaction."""
