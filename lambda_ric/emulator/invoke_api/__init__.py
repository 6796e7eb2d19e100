"""The API for callers: the Invoke API, whole and streamed, and who may use it."""
