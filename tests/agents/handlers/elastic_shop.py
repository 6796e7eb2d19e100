"""With Elastic APM's decorator."""

import elasticapm
import shop

handler = elasticapm.capture_serverless()(shop.handler)
