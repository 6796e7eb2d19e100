"""The Telemetry API and the Logs API: what extensions subscribe to, and how they get it."""
