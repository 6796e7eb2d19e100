"""One execution environment: its processes, its running invoke, its memory, its deadlines."""
