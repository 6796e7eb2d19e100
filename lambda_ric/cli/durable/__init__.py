"""What `lambda-ric executions` and `lambda-ric callback` find, do and draw."""
