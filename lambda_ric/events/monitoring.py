"""Events of CloudWatch: log subscriptions and alarms.

Shapes: "Using CloudWatch Logs subscription filters" in the CloudWatch Logs user guide, "Lambda
alarm actions" in the CloudWatch user guide.
"""

from __future__ import annotations

import gzip
import json
from base64 import b64encode
from typing import Any

from lambda_ric.events.identity import (
    ACCOUNT,
    REGION,
    Event,
    arn,
    new_digits,
    new_hex,
    new_uuid,
)
from lambda_ric.events.moment import Moment


def cloudwatch_logs(
    message: Any = "[ERROR] something failed",
    *more: Any,
    log_group: str = "/aws/lambda/my-function",
    log_stream: str = "",
    subscription_filter: str = "my-filter",
) -> Event:
    """Return log lines as a subscription delivers them: JSON, gzip, base64.

    Other values than text become JSON. An empty `log_stream` gets a name like Lambda's.
    """
    now = Moment()
    data = {
        "messageType": "DATA_MESSAGE",
        "owner": ACCOUNT,
        "logGroup": log_group,
        "logStream": log_stream or f"{now.iso[:10].replace('-', '/')}/[$LATEST]{new_hex(32)}",
        "subscriptionFilters": [subscription_filter],
        "logEvents": [
            {
                "id": new_digits(56),
                "timestamp": now.milliseconds + index,
                "message": text if isinstance(text, str) else json.dumps(text),
            }
            for index, text in enumerate((message, *more))
        ],
    }
    packed = gzip.compress(json.dumps(data).encode())
    return {"awslogs": {"data": b64encode(packed).decode()}}


def cloudwatch_alarm(
    name: str = "my-alarm",
    *,
    state: str = "ALARM",
    reason: str = "Threshold Crossed: 1 datapoint was greater than the threshold (1.0).",
) -> Event:
    """Return the change of an alarm from OK to `state`."""
    now = Moment()
    before = now.earlier(60)
    return {
        "source": "aws.cloudwatch",
        "alarmArn": arn("cloudwatch", f"alarm:{name}"),
        "accountId": ACCOUNT,
        "time": _time(now),
        "region": REGION,
        "alarmData": {
            "alarmName": name,
            "state": _state(state, reason, now),
            "previousState": _state("OK", "Nothing crossed the threshold.", before),
            "configuration": {
                "description": "Errors of my function",
                "metrics": [
                    {
                        "id": new_uuid(),
                        "metricStat": {
                            "metric": {
                                "namespace": "AWS/Lambda",
                                "name": "Errors",
                                "dimensions": {"FunctionName": "my-function"},
                            },
                            "period": 60,
                            "stat": "Sum",
                        },
                        "returnData": True,
                    }
                ],
            },
        },
    }


def _state(value: str, reason: str, when: Moment) -> dict[str, Any]:
    data = {
        "version": "1.0",
        "queryDate": _time(when),
        "startDate": _time(when.earlier(60)),
        "statistic": "Sum",
        "period": 60,
        "recentDatapoints": [5.0],
        "threshold": 1.0,
    }
    return {
        "value": value,
        "reason": reason,
        "reasonData": json.dumps(data),
        "timestamp": _time(when),
    }


def _time(moment: Moment) -> str:
    return moment.iso[:-1] + "+0000"
