"""The examination that `lambda-ric doctor` prints. Imports nothing here: see `probe`."""
