"""The API for callers: the Invoke API, buffered and streamed, and who may use it."""
