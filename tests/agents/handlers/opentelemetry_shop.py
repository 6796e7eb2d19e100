"""With OpenTelemetry's instrumentation of Lambda; spans are printed."""

import os
import sys

import shop
from opentelemetry import trace
from opentelemetry.instrumentation.aws_lambda import AwsLambdaInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SimpleSpanProcessor

provider = TracerProvider()
exporter = ConsoleSpanExporter(out=sys.stdout, formatter=lambda span: span.to_json(None) + "\n")
provider.add_span_processor(SimpleSpanProcessor(exporter))
trace.set_tracer_provider(provider)


def handler(event, context):
    with trace.get_tracer("shop").start_as_current_span("sell"):
        return shop.handler(event, context)


os.environ.setdefault("_HANDLER", "opentelemetry_shop.handler")
AwsLambdaInstrumentor().instrument(tracer_provider=provider)
