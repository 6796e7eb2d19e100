"""Events of services that call a function and wait: Step Functions, AppSync, Bedrock agents.

Shapes: "Invoke an AWS Lambda function with Step Functions" in the Step Functions developer guide,
"Resolver mapping template context reference" in the AppSync developer guide, "Configure Lambda
functions to send information" in the Bedrock user guide, "Invoke Lambda functions" in the Connect
administrator guide, "AWS Lambda input event" in the Lex V2 developer guide.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lambda_ric.events.http_request import CLIENT
from lambda_ric.events.identity import (
    ACCOUNT,
    Event,
    arn,
    new_digits,
    new_name,
    new_token,
    new_uuid,
)
from lambda_ric.events.moment import Moment


def hello(name: str = "world") -> Event:
    """Return the smallest event worth sending: a greeting."""
    return {"hello": name}


def step_functions(state_input: Any = None, *, task_token: bool = False) -> Event:
    """Return the event of a Task state: its input, the execution, and a token on request.

    This is a payload of `{"input.$": "$", "execution.$": "$$.Execution"}`, and with
    `task_token` (the pattern .waitForTaskToken) also of `{"taskToken.$": "$$.Task.Token"}`.
    """
    name, machine = new_uuid(), "my-state-machine"
    event: Event = {
        "input": {"orderId": new_uuid()} if state_input is None else state_input,
        "execution": {
            "Id": arn("states", f"execution:{machine}:{name}"),
            "Name": name,
            "RoleArn": arn("iam", "role/states-role", region=""),
            "StartTime": Moment().iso,
            "RedriveCount": 0,
        },
    }
    if task_token:
        event["taskToken"] = new_token(300)
    return event


def step_functions_error(error: str = "ValueError", cause: str = "it failed") -> Event:
    """Return the event that a Catch passes to the next state."""
    return {"Error": error, "Cause": cause}


def appsync(
    field: str = "getPost",
    arguments: Mapping[str, Any] | None = None,
    *,
    parent: str = "Query",
    selection: list[str] | None = None,
) -> Event:
    """Return a direct resolver call of AppSync by a user of a Cognito user pool."""
    names = selection or ["id", "title"]
    subject = new_uuid()
    issuer = f"https://cognito-idp.us-east-1.amazonaws.com/us-east-1_{new_name(9)}"
    return {
        "arguments": dict(arguments or {"id": "1"}),
        "identity": {
            "sub": subject,
            "issuer": issuer,
            "username": "alice",
            "claims": {"sub": subject, "iss": issuer, "token_use": "access"},
            "sourceIp": [CLIENT],
            "defaultAuthStrategy": "ALLOW",
            "groups": None,
        },
        "source": None,
        "request": {"headers": {"host": "example.com"}, "domainName": None},
        "prev": None,
        "info": {
            "selectionSetList": names,
            "selectionSetGraphQL": "{\n  " + "\n  ".join(names) + "\n}",
            "parentTypeName": parent,
            "fieldName": field,
            "variables": {},
        },
        "stash": {},
    }


def bedrock_agent(
    text: str = "What is the weather in Berlin?",
    *,
    function: str = "",
    parameters: Mapping[str, str] | None = None,
) -> Event:
    """Return a call of an action group: by API schema, or by function details with `function`."""
    event: Event = {
        "messageVersion": "1.0",
        "agent": {
            "name": "my-agent",
            "id": new_name(10).upper(),
            "alias": "TSTALIASID",
            "version": "DRAFT",
        },
        "inputText": text,
        "sessionId": new_digits(15),
        "actionGroup": "weather",
        "parameters": [
            {"name": name, "type": "string", "value": value}
            for name, value in (parameters or {"city": "Berlin"}).items()
        ],
        "sessionAttributes": {},
        "promptSessionAttributes": {},
    }
    if function:
        event["function"] = function
    else:
        event |= {"apiPath": "/weather", "httpMethod": "GET"}
    return event


def connect(parameters: Mapping[str, str] | None = None, *, phone: str = "+15555550100") -> Event:
    """Return the event of an Amazon Connect flow during a call from `phone`."""
    contact = new_uuid()
    return {
        "Name": "ContactFlowEvent",
        "Details": {
            "ContactData": {
                "Attributes": {},
                "Channel": "VOICE",
                "ContactId": contact,
                "CustomerEndpoint": {"Address": phone, "Type": "TELEPHONE_NUMBER"},
                "InitialContactId": contact,
                "InitiationMethod": "INBOUND",
                "InstanceARN": arn("connect", f"instance/{new_uuid()}"),
                "MediaStreams": {
                    "Customer": {
                        "Audio": {
                            "StartFragmentNumber": None,
                            "StartTimestamp": None,
                            "StreamARN": None,
                        }
                    }
                },
                "PreviousContactId": contact,
                "Queue": None,
                "SystemEndpoint": {"Address": "+15555550199", "Type": "TELEPHONE_NUMBER"},
            },
            "Parameters": dict(parameters or {"department": "sales"}),
        },
    }


def lex(text: str = "I want to order flowers", *, intent: str = "OrderFlowers") -> Event:
    """Return a fulfilment call of an Amazon Lex V2 bot."""
    chosen = {
        "name": intent,
        "state": "ReadyForFulfillment",
        "confirmationState": "None",
        "slots": {
            "FlowerType": {
                "value": {
                    "originalValue": "roses",
                    "interpretedValue": "roses",
                    "resolvedValues": ["roses"],
                }
            }
        },
    }
    return {
        "messageVersion": "1.0",
        "invocationSource": "FulfillmentCodeHook",
        "inputMode": "Text",
        "responseContentType": "text/plain; charset=utf-8",
        "sessionId": ACCOUNT + new_digits(3),
        "inputTranscript": text,
        "bot": {
            "id": new_name(10).upper(),
            "name": "my-bot",
            "aliasId": "TSTALIASID",
            "aliasName": "TestBotAlias",
            "localeId": "en_US",
            "version": "DRAFT",
        },
        "interpretations": [{"intent": chosen, "interpretationSource": "Lex"}],
        "proposedNextState": None,
        "requestAttributes": {},
        "sessionState": {
            "activeContexts": [],
            "sessionAttributes": {},
            "intent": chosen,
            "originatingRequestId": new_uuid(),
        },
        "transcriptions": [],
    }
