"""With metrics in the embedded metric format."""

import shop
from aws_embedded_metrics import metric_scope


@metric_scope
def handler(event, context, metrics):
    metrics.put_dimensions({"shop": "one"})
    metrics.put_metric("Sold", 1, "Count")
    metrics.set_property("request", context.aws_request_id)
    return shop.handler(event, context)
