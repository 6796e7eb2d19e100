"""Powertools' pydantic models say whether a sample event is what the service sends."""

from __future__ import annotations

import json

import pytest
from aws_lambda_powertools.utilities.data_classes import (
    AWSConfigRuleEvent,
    CloudWatchAlarmEvent,
    CodePipelineJobEvent,
    SecretsManagerEvent,
    VPCLatticeEventV2,
)
from aws_lambda_powertools.utilities.data_classes.active_mq_event import ActiveMQEvent
from aws_lambda_powertools.utilities.data_classes.cognito_user_pool_event import (
    PreTokenGenerationV2TriggerEvent,
)
from aws_lambda_powertools.utilities.data_classes.connect_contact_flow_event import (
    ConnectContactFlowEvent,
)
from aws_lambda_powertools.utilities.data_classes.rabbit_mq_event import RabbitMQEvent
from aws_lambda_powertools.utilities.parser import models
from aws_lambda_powertools.utilities.parser.models.iot_registry_events import IoTCoreThingEvent
from pydantic import BaseModel

from lambda_ric.testing import events

MODELS: dict[str, type[BaseModel]] = {
    "alb/request": models.AlbModel,
    "apigateway/authorizer": models.ApiGatewayAuthorizerToken,
    "apigateway/http": models.APIGatewayProxyEventV2Model,
    "apigateway/http-authorizer": models.ApiGatewayAuthorizerRequestV2,
    "apigateway/request-authorizer": models.ApiGatewayAuthorizerRequest,
    "apigateway/rest": models.APIGatewayProxyEventModel,
    "apigateway/websocket-connect": models.APIGatewayWebSocketConnectEventModel,
    "apigateway/websocket-disconnect": models.APIGatewayWebSocketDisconnectEventModel,
    "apigateway/websocket-message": models.APIGatewayWebSocketMessageEventModel,
    "appsync/resolver": models.AppSyncResolverEventModel,
    "bedrock/agent": models.BedrockAgentEventModel,
    "bedrock/agent-function": models.BedrockAgentFunctionEventModel,
    "cloudformation/create": models.CloudFormationCustomResourceCreateModel,
    "cloudformation/delete": models.CloudFormationCustomResourceDeleteModel,
    "cloudformation/update": models.CloudFormationCustomResourceUpdateModel,
    "cloudwatch/logs": models.CloudWatchLogsModel,
    "cognito/create-auth-challenge": models.CognitoCreateAuthChallengeTriggerModel,
    "cognito/custom-email-sender": models.CognitoCustomEmailSenderTriggerModel,
    "cognito/custom-message": models.CognitoCustomMessageTriggerModel,
    "cognito/custom-sms-sender": models.CognitoCustomSMSSenderTriggerModel,
    "cognito/define-auth-challenge": models.CognitoDefineAuthChallengeTriggerModel,
    "cognito/post-authentication": models.CognitoPostAuthenticationTriggerModel,
    "cognito/post-confirmation": models.CognitoPostConfirmationTriggerModel,
    "cognito/pre-authentication": models.CognitoPreAuthenticationTriggerModel,
    "cognito/pre-signup": models.CognitoPreSignupTriggerModel,
    "cognito/user-migration": models.CognitoMigrateUserTriggerModel,
    "cognito/verify-auth-challenge": models.CognitoVerifyAuthChallengeTriggerModel,
    "dynamodb/insert": models.DynamoDBStreamModel,
    "dynamodb/remove": models.DynamoDBStreamModel,
    "dynamodb/update": models.DynamoDBStreamModel,
    "eventbridge/event": models.EventBridgeModel,
    "eventbridge/s3": models.S3EventNotificationEventBridgeModel,
    "eventbridge/scheduled": models.EventBridgeModel,
    "firehose/kinesis": models.KinesisFirehoseModel,
    "firehose/records": models.KinesisFirehoseModel,
    "function-url/request": models.LambdaFunctionUrlModel,
    "iot/thing": IoTCoreThingEvent,
    "kafka/msk": models.KafkaMskEventModel,
    "kafka/self-managed": models.KafkaSelfManagedEventModel,
    "kinesis/records": models.KinesisDataStreamModel,
    "s3/batch": models.S3BatchOperationModel,
    "s3/delete": models.S3Model,
    "s3/object-lambda": models.S3ObjectLambdaEvent,
    "s3/put": models.S3Model,
    "ses/email": models.SesModel,
    "sns/notification": models.SnsModel,
    "sqs/fifo": models.SqsModel,
    "sqs/message": models.SqsModel,
    "sqs/sns": models.SqsModel,
}


@pytest.mark.parametrize("name", MODELS)
def test_the_model_of_the_service_accepts_the_event(name: str) -> None:
    event = json.loads(json.dumps(events.sample(name)))
    MODELS[name].model_validate(event)


def test_every_sample_is_checked_or_listed_as_unchecked() -> None:
    without = {
        "alb/multi-value",
        "cloudwatch/alarm",
        "codecommit/repository",
        "codepipeline/job",
        "cognito/pre-token-generation",
        "cognito/sync",
        "config/item-change",
        "config/oversized-item-change",
        "config/periodic",
        "connect/contact-flow",
        "hello/world",
        "iot/rule",
        "lex/fulfillment",
        "mq/activemq",
        "mq/rabbitmq",
        "secretsmanager/rotation",
        "stepfunctions/error",
        "stepfunctions/task",
        "vpc-lattice/request",
    }
    assert {sample.name for sample in events.CATALOGUE} == MODELS.keys() | without


def test_active_mq_messages_are_read_by_the_data_class() -> None:
    (message,) = ActiveMQEvent(events.active_mq({"a": 1}, queue="q")).messages
    assert (message.json_data, message.destination_physicalname) == ({"a": 1}, "q")


def test_rabbit_mq_messages_are_read_by_the_data_class() -> None:
    (message,) = RabbitMQEvent(events.rabbit_mq("grüezi")).rmq_messages_by_queue["my-queue::/"]
    assert message.decoded_data == "grüezi"
    assert message.basic_properties.body_size == len("grüezi".encode())


def test_config_rules_get_their_invoking_event_as_json() -> None:
    event = AWSConfigRuleEvent(events.config("periodic", parameters={"age": "90"}))
    assert event.rule_parameters == {"age": "90"}
    assert event.invoking_event.message_type == "ScheduledNotification"
    changed = AWSConfigRuleEvent(events.config()).invoking_event
    assert changed.configuration_item.resource_type == "AWS::S3::Bucket"  # type: ignore[union-attr]


def test_pipeline_jobs_are_read_by_the_data_class() -> None:
    job = CodePipelineJobEvent(events.codepipeline('{"a": 1}', bucket="b", key="k"))
    assert (job.decoded_user_parameters, job.input_bucket_name, job.input_object_key) == (
        {"a": 1},
        "b",
        "k",
    )


def test_alarms_are_read_by_the_data_class() -> None:
    alarm = CloudWatchAlarmEvent(events.cloudwatch_alarm("a")).alarm_data
    assert (alarm.alarm_name, alarm.state.value, alarm.previous_state.value) == ("a", "ALARM", "OK")
    assert alarm.state.reason_data_decoded["threshold"] == 1.0  # type: ignore[index]


def test_rotation_steps_are_read_by_the_data_class() -> None:
    event = SecretsManagerEvent(events.secrets_rotation("testSecret"))
    assert event.step == "testSecret"
    assert event.secret_id.startswith("arn:aws:secretsmanager:")


def test_contact_flows_are_read_by_the_data_class() -> None:
    event = ConnectContactFlowEvent(events.connect({"team": "a"}, phone="+15555550123"))
    assert event.parameters == {"team": "a"}
    assert event.contact_data.customer_endpoint.address == "+15555550123"  # type: ignore[union-attr]


def test_lattice_requests_have_lists_of_query_values() -> None:
    event = VPCLatticeEventV2(events.vpc_lattice(path="/a", query="x=1&x=2"))
    assert (event.path, event.query_string_parameters) == ("/a", {"x": "1,2"})


def test_token_generation_has_scopes_and_groups() -> None:
    event = PreTokenGenerationV2TriggerEvent(events.user_pool("pre-token-generation"))
    assert event.request.scopes == ["openid"]
    assert event.request.group_configuration.groups_to_override == ["readers"]
