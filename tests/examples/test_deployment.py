"""The policies and plain CloudFormation templates against moto, through boto3.

moto stores and returns what it is given and enforces no policy: what is tested here is that the
API's shapes, names and template references hold.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import boto3
import pytest
import yaml

from lambda_ric.deploy.repository_policy import repository_policy
from lambda_ric.emulator.function import DurableConfig
from tests.conftest import Require
from tests.support.command import run_command
from tests.support.paths import EXAMPLES

pytestmark = pytest.mark.slow

REGION, CONSUMER = "eu-west-1", "222222222222"
OWNER = "123456789012"  # the account that moto plays


@pytest.fixture(scope="module")
def aws(require: Require) -> Iterator[Any]:
    """A function that makes boto3 clients of a moto server."""
    require(find_spec("moto"), "moto is not installed")
    server = import_module("moto.server").ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    session = boto3.Session("testing", "testing", region_name=REGION)
    yield lambda service: session.client(service, endpoint_url=f"http://{host}:{port}")
    server.stop()


def test_the_printed_policy_is_one_that_ecr_takes_and_returns(aws: Any) -> None:
    ecr = aws("ecr")
    ecr.create_repository(repositoryName="app/fn")
    printed = run_command("ecr", "policy", "--account", CONSUMER, "--region", REGION).stdout
    ecr.set_repository_policy(repositoryName="app/fn", policyText=printed)
    stored = ecr.get_repository_policy(repositoryName="app/fn")["policyText"]
    assert json.loads(stored) == json.loads(printed)


def test_the_cloudformation_example_makes_a_function_from_the_image(aws: Any) -> None:
    uri = f"{OWNER}.dkr.ecr.{REGION}.amazonaws.com/greeter:v1"
    arn = deploy(aws, "cloudformation/template.yaml", ImageUri=uri)["GreeterArn"]
    assert aws("lambda").get_function(FunctionName=arn)["Code"]["ImageUri"] == uri


def test_the_cloudformation_examples_settings_are_the_apis(aws: Any) -> None:
    image = f"{OWNER}.dkr.ecr.{REGION}.amazonaws.com/greeter:v1"
    template = resolved("cloudformation/template.yaml", ImageUri=image)
    settings = template["Resources"]["Greeter"]["Properties"]
    trust = template["Resources"]["GreeterRole"]["Properties"]["AssumeRolePolicyDocument"]
    role = aws("iam").create_role(RoleName="direct", AssumeRolePolicyDocument=json.dumps(trust))
    made = aws("lambda").create_function(
        **{**settings, "FunctionName": "direct", "Role": role["Role"]["Arn"]}
    )
    assert made["Architectures"] == ["x86_64"]
    assert made["ImageConfigResponse"]["ImageConfig"] == settings["ImageConfig"]


def test_the_owners_repository_has_the_policy_that_the_command_prints() -> None:
    template = resolved("cross-account/owner.yaml", ConsumerAccount=CONSUMER)
    written = template["Resources"]["Repository"]["Properties"]["RepositoryPolicyText"]
    assert unlisted(written) == unlisted(repository_policy([CONSUMER], REGION))


def test_the_consumers_function_names_the_owners_image(aws: Any) -> None:
    deploy(aws, "cross-account/consumer.yaml", OwnerAccount="111111111111", Tag="v1")
    functions = aws("lambda").list_functions()["Functions"]
    names = [it["FunctionName"] for it in functions]
    images = [aws("lambda").get_function(FunctionName=name)["Code"] for name in names]
    expected = f"111111111111.dkr.ecr.{REGION}.amazonaws.com/shared/greeter:v1"
    assert expected in [image["ImageUri"] for image in images]


def test_the_durable_example_has_limits_that_lambda_and_the_emulator_take() -> None:
    template = resolved("durable/template.yaml")
    limits = template["Resources"]["Order"]["Properties"]["DurableConfig"]
    assert limits.keys() == {"ExecutionTimeout", "RetentionPeriodInDays"}
    DurableConfig(limits["ExecutionTimeout"], limits["RetentionPeriodInDays"])


def deploy(aws: Any, template: str, **parameters: str) -> dict[str, str]:
    """Create a stack from one of the examples, and return its outputs."""
    client = aws("cloudformation")
    stack = template.replace("/", "-").removesuffix(".yaml")
    client.create_stack(
        StackName=stack,
        TemplateBody=(EXAMPLES / template).read_text(),
        Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in parameters.items()],
        Capabilities=["CAPABILITY_IAM"],
    )
    (described,) = client.describe_stacks(StackName=stack)["Stacks"]
    assert described["StackStatus"] == "CREATE_COMPLETE"
    return {it["OutputKey"]: it["OutputValue"] for it in described.get("Outputs", [])}


def resolved(template: str, **parameters: str) -> Any:
    """A template with its parameters put in, as far as the examples use functions for them."""
    values = {"AWS::Partition": "aws", "AWS::Region": REGION, **parameters}

    class Loader(yaml.SafeLoader):  # type: ignore[misc]  # yaml comes without types
        """Knows the short forms of CloudFormation's functions."""

    def substitute(_: yaml.SafeLoader, node: yaml.ScalarNode) -> str:
        return re.sub(r"\$\{([^}]+)\}", lambda name: values[name[1]], node.value)

    Loader.add_constructor("!Sub", substitute)
    Loader.add_constructor("!Ref", lambda _, node: values.get(node.value, node.value))
    Loader.add_constructor("!GetAtt", lambda _, node: node.value)
    return yaml.load((EXAMPLES / template).read_text(), Loader)


def unlisted(value: Any) -> Any:
    """IAM reads a list of one as the value itself."""
    if isinstance(value, dict):
        return {key: unlisted(item) for key, item in value.items()}
    if isinstance(value, list):
        return unlisted(value[0]) if len(value) == 1 else [unlisted(item) for item in value]
    return value
