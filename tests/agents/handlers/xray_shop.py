"""With subsegments of the X-Ray SDK."""

import shop
from aws_xray_sdk.core import xray_recorder


@xray_recorder.capture("price")
def price(event):
    xray_recorder.current_subsegment().put_annotation("item", str(event.get("item")))


def handler(event, context):
    price(event)
    with xray_recorder.in_subsegment("sell"):
        return shop.handler(event, context)
