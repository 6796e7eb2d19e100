"""Durable executions: handlers that wait for days, are tried again, and are replayed."""
