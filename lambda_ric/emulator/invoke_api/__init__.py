"""What callers speak to: the Invoke API, whole and streamed, and who may use it."""
