"""Alembic revisions, numbered; every one tested up and down with data in `tests/test_migrations.py`."""
