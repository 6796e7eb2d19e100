"""Making bundles: see `lambda_ric.ondemand.bundle`. Imports nothing here: see `maker`."""
