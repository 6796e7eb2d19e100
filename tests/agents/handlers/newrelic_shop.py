"""With New Relic's decorator for Lambda."""

import shop
from newrelic import agent

agent.initialize()
from newrelic_lambda.lambda_handler import lambda_handler  # noqa: E402 - after its agent

handler = lambda_handler()(shop.handler)
