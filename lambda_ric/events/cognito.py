"""Events of Cognito: the triggers of a user pool, and the sync trigger of an identity pool.

Shapes: "Customizing user pool workflows with Lambda triggers" and "Customizing workflows with
Cognito Events" in the Cognito developer guide. A handler of a user pool answers with the event,
its `response` filled in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lambda_ric.events.identity import REGION, Event, new_digits, new_name, new_uuid

_SOURCES = {
    "pre-signup": "PreSignUp_SignUp",
    "post-confirmation": "PostConfirmation_ConfirmSignUp",
    "pre-authentication": "PreAuthentication_Authentication",
    "post-authentication": "PostAuthentication_Authentication",
    "pre-token-generation": "TokenGeneration_Authentication",
    "user-migration": "UserMigration_Authentication",
    "custom-message": "CustomMessage_SignUp",
    "custom-email-sender": "CustomEmailSender_SignUp",
    "custom-sms-sender": "CustomSMSSender_SignUp",
    "define-auth-challenge": "DefineAuthChallenge_Authentication",
    "create-auth-challenge": "CreateAuthChallenge_Authentication",
    "verify-auth-challenge": "VerifyAuthChallengeResponse_Authentication",
}

USER_POOL_TRIGGERS = tuple(_SOURCES)
"""The triggers that `user_pool` accepts."""


def user_pool(
    trigger: str = "pre-signup", *, user: str = "alice", email: str = "alice@example.com"
) -> Event:
    """Return the event of a user-pool trigger, one of USER_POOL_TRIGGERS.

    Raises ValueError for any other trigger.
    """
    if trigger not in _SOURCES:
        raise ValueError(f"no trigger {trigger!r}: there are {', '.join(_SOURCES)}")
    person = {"sub": new_uuid(), "email": email, "email_verified": "true"}
    sender = trigger in ("custom-email-sender", "custom-sms-sender")
    event: Event = {
        "version": "2" if trigger == "pre-token-generation" else "1",
        "triggerSource": _SOURCES[trigger],
        "region": REGION,
        "userPoolId": f"{REGION}_{new_name(9)}",
        "userName": user,
        "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": new_name(26)},
        "request": _request(trigger, person),
    }
    if not sender:
        event["response"] = _response(trigger)
    return event


def cognito_sync(dataset: str = "settings", *, records: Mapping[str, str] | None = None) -> Event:
    """Return a sync trigger, with each record as a change from an old value to the new one."""
    changes = {
        key: {"oldValue": "old", "newValue": value, "op": "replace"}
        for key, value in (records or {"theme": "dark"}).items()
    }
    return {
        "version": 2,
        "eventType": "SyncTrigger",
        "region": REGION,
        "identityPoolId": f"{REGION}:{new_uuid()}",
        "identityId": f"{REGION}:{new_uuid()}",
        "datasetName": dataset,
        "datasetRecords": changes,
    }


def _request(trigger: str, person: dict[str, str]) -> dict[str, Any]:
    if trigger == "user-migration":
        return {"password": "correct horse", "validationData": None, "clientMetadata": None}
    challenge = {
        "challengeName": "PASSWORD_VERIFIER",
        "challengeResult": True,
        "challengeMetadata": None,
    }
    special: dict[str, dict[str, Any]] = {
        "pre-signup": {"validationData": None},
        "pre-authentication": {"validationData": None, "userNotFound": False},
        "post-authentication": {"newDeviceUsed": False},
        "pre-token-generation": {
            "groupConfiguration": {
                "groupsToOverride": ["readers"],
                "iamRolesToOverride": [],
                "preferredRole": None,
            },
            "scopes": ["openid"],
        },
        "custom-message": {
            "codeParameter": "{####}",
            "linkParameter": "{##Click Here##}",
            "usernameParameter": None,
        },
        "custom-email-sender": _sent_code("customEmailSenderRequestV1"),
        "custom-sms-sender": _sent_code("customSMSSenderRequestV1"),
        "define-auth-challenge": {"session": [challenge], "userNotFound": False},
        "create-auth-challenge": {
            "challengeName": "CUSTOM_CHALLENGE",
            "session": [challenge],
            "userNotFound": False,
        },
        "verify-auth-challenge": {
            "privateChallengeParameters": {"answer": "42"},
            "challengeAnswer": "42",
            "userNotFound": False,
        },
    }
    return {"userAttributes": person, **special.get(trigger, {})}


def _sent_code(kind: str) -> dict[str, Any]:
    # Cognito encrypts the code; without the key no sample could be decrypted anyway.
    return {"type": kind, "code": new_digits(6), "clientMetadata": None}


def _response(trigger: str) -> dict[str, Any]:
    answers: dict[str, dict[str, Any]] = {
        "pre-signup": dict.fromkeys(
            ("autoConfirmUser", "autoVerifyEmail", "autoVerifyPhone"), False
        ),
        "pre-token-generation": {"claimsAndScopeOverrideDetails": None},
        "user-migration": dict.fromkeys(
            (
                "userAttributes",
                "finalUserStatus",
                "messageAction",
                "desiredDeliveryMediums",
                "forceAliasCreation",
                "enableSMSMFA",
            )
        ),
        "custom-message": dict.fromkeys(("smsMessage", "emailMessage", "emailSubject")),
        "define-auth-challenge": dict.fromkeys(
            ("challengeName", "issueTokens", "failAuthentication")
        ),
        "create-auth-challenge": dict.fromkeys(
            ("publicChallengeParameters", "privateChallengeParameters", "challengeMetadata")
        ),
        "verify-auth-challenge": {"answerCorrect": False},
    }
    return answers.get(trigger, {})
