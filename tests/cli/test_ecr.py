"""`lambda-ric ecr` as a user types it, in a process of its own."""

from __future__ import annotations

import json
import subprocess

from lambda_ric.deploy.repository_policy import repository_policy
from tests.support.command import run_here

OWNER, CONSUMER = "123456789012", "210987654321"
URI = f"{OWNER}.dkr.ecr.eu-west-1.amazonaws.com/app/fn:v1"


def ecr(*arguments: str) -> subprocess.CompletedProcess[str]:
    return run_here("ecr", *arguments)


def test_check_says_yes_and_lists_the_requirements() -> None:
    done = ecr("check", URI, "--region", "eu-west-1", "--account", CONSUMER)
    assert (done.returncode, done.stderr) == (0, "")
    assert "yes: Lambda in eu-west-1" in done.stdout
    assert f"lambda-ric ecr policy --account {CONSUMER} --region eu-west-1" in done.stdout


def test_check_says_no_in_another_region_with_lambdas_own_words() -> None:
    done = ecr("check", URI, "--region", "us-east-1", "--account", OWNER)
    assert done.returncode == 1
    assert "no: the image is in eu-west-1" in done.stdout
    assert f"Source image {URI} is not valid. Provide a valid source image." in done.stdout


def test_check_says_no_to_a_public_image() -> None:
    public = "public.ecr.aws/lambda/python:3.13"
    done = ecr("check", public, "--region", "us-east-1", "--account", OWNER)
    assert done.returncode == 1
    assert "public registry" in done.stdout


def test_policy_prints_nothing_but_json() -> None:
    done = ecr("policy", "--account", OWNER, CONSUMER, "--region", "eu-west-1")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == repository_policy([OWNER, CONSUMER], "eu-west-1")


def test_policy_takes_accounts_from_repeated_options() -> None:
    repeated = ecr("policy", "--account", OWNER, "--account", CONSUMER)
    assert json.loads(repeated.stdout) == repository_policy([OWNER, CONSUMER])


def test_wrong_usage_is_one_line_and_exit_code_2() -> None:
    for arguments in (
        ("policy", "--account", "12"),
        ("policy", "--account", OWNER, "--region", "Frankfurt"),
        ("check", URI, "--region", "eu-west-1", "--account", "me"),
        ("check", URI),
        ("frobnicate",),
        (),
    ):
        done = ecr(*arguments)
        assert done.returncode == 2
        assert done.stdout == ""
        assert len(done.stderr.splitlines()) == 1, done.stderr
