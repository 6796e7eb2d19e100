"""What runtimes and extensions speak to: the Runtime API and the Extensions API."""
