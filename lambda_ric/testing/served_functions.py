"""The functions that an Emulator serves, as its arguments describe them."""

from __future__ import annotations

import os
import site
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from lambda_ric.emulator import FunctionConfig
from lambda_ric.emulator.function import DurableConfig, FunctionOptions, inherited_environment

NO_EVENT = b"{}"
"""The event of an invoke without an event."""

_PACKAGE_ROOT = str(Path(__file__).parents[2])


class ServedFunction(FunctionOptions, total=False):
    """One of several functions: its handler, and the options and variables that are its alone."""

    handler: str
    env: Mapping[str, str]


def configurations(
    functions: Mapping[str, str | ServedFunction],
    command: Sequence[str] | None,
    cwd: str | os.PathLike[str] | None,
    env: Mapping[str, str],
    options: FunctionOptions,
) -> list[FunctionConfig]:
    """Return the configuration of each function. Raises TypeError for an unknown option."""
    directory = os.path.abspath(cwd or os.getcwd())
    environment = _environment(env)
    configs = []
    for name, function in functions.items():
        own: ServedFunction = {"handler": function} if isinstance(function, str) else function
        given = _checked({**options, **own, **({"name": name} if name else {})})
        served = given["handler"]
        own_variables = {**env, **given.pop("env", {})}
        configs.append(
            FunctionConfig(
                command=tuple(command or (sys.executable, "-m", "lambda_ric", served)),
                directory=directory,
                environment={**environment, **own_variables},
                own_environment=own_variables,
                **given,
            )
        )
    return configs


def _checked(options: dict[str, Any]) -> dict[str, Any]:
    """Return options of a function. Raises TypeError for one that there is not."""
    known = (*FunctionOptions.__annotations__, "handler", "env")
    for name in options:
        if name not in known:
            raise TypeError(f"Emulator has no option {name!r}; it has {', '.join(known)}")
    return options


def _environment(given: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of the functions' processes, which must find this package.

    If it is installed, they do. In a checkout, only this process may have it on its path.
    """
    variables = {**inherited_environment(), **given}
    if _PACKAGE_ROOT not in (*site.getsitepackages(), site.getusersitepackages()):
        path = variables.get("PYTHONPATH")
        variables["PYTHONPATH"] = os.pathsep.join([_PACKAGE_ROOT, *([path] if path else [])])
    return variables


def made_durable(
    configs: Sequence[FunctionConfig], durable: bool | Collection[str], settings: DurableConfig
) -> list[FunctionConfig]:
    """Return configurations, all of them durable, or those that are named.

    Raises ValueError for a name that no function has.
    """
    names = [config.name for config in configs]
    chosen = names if isinstance(durable, bool) else durable
    unknown = sorted(set(chosen).difference(names))
    if unknown:
        raise ValueError(f"durable: there is no function {unknown[0]}, only {', '.join(names)}")
    return [
        replace(config, durable=settings) if config.name in chosen else config for config in configs
    ]
