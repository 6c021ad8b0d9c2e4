"""SQL and nothing else 存储: domain objects in and out, SQLite and PostgreSQL."""
