"""pure-lambda-ric serves functions that are written for it: this one returns its event."""

import logging
import os

from fa_purity import Cmd, FrozenDict, Result
from fa_purity.json import JsonObj
from pure_lambda_ric import (
    Context,
    Event,
    HandlerFunction,
    HandlerId,
    LambdaError,
    start_lambda_listener,
)


def echo(event: Event, context: Context) -> Cmd[Result[JsonObj, LambdaError]]:
    return Cmd.wrap_impure(lambda: Result.success(event.raw))


def handlers() -> FrozenDict[HandlerId, HandlerFunction]:
    return FrozenDict({HandlerId("echo"): echo})


os.environ["HANDLER_ID"] = "echo"
start_lambda_listener(logging.getLogger(), handlers).compute()
