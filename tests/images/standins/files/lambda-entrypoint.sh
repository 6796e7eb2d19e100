#!/bin/sh
# The contract of AWS's entry script: one argument, the handler, or exit code 142. Without a Runtime
# API the emulator starts around the bootstrap, with one the bootstrap alone.
if [ "$#" -ne 1 ]; then
  echo "entrypoint requires the handler name to be the first argument" >&2
  exit 142
fi
export _HANDLER="$1"
if [ -z "${AWS_LAMBDA_RUNTIME_API:-}" ]; then
  exec /usr/local/bin/aws-lambda-rie /var/runtime/bootstrap
fi
exec /var/runtime/bootstrap
