"""The part of the Lambda API that describes functions. It changes nothing."""
