"""What several folders of tests use: processes, runtimes, services, commands."""
