"""`--set KEY=VALUE` of sample events: settings of the builder, or places in the finished event."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, get_args, get_origin

from lambda_ric.cli.parser import UsageError
from lambda_ric.events import Event, Sample, UnknownSample, UnknownSetting, find

_KINDS: dict[Any, tuple[type, str]] = {
    bool: (bool, "true or false"),
    int: (int, "a whole number"),
    list: (list, "a list in JSON"),
    Mapping: (dict, "an object in JSON"),
}
"""Types of settings other than text: the type in Python, and its name in messages."""


def sample_event(name: str, assignments: list[str]) -> Event:
    """Return the sample event of a name with each KEY=VALUE applied.

    A key without a dot is a setting of the sample, so that checksums and ids fit the value. If it
    is given again, it makes another record. A key with dots is a path into the finished event,
    such as Records.0.body. Raises UsageError
    for what does not exist, or a value that does not fit.
    """
    try:
        sample = find(name)
    except UnknownSample as error:
        raise UsageError(f"{error}; `lambda-ric event` lists all") from None
    settings: dict[str, Any] = {}
    records: list[Any] = []
    places: list[tuple[str, str]] = []
    for assignment in assignments:
        key, equals, value = assignment.partition("=")
        if not equals or not key:
            raise UsageError(f"--set {assignment}: write it as KEY=VALUE")
        if "." in key:
            places.append((key, value))
        else:
            key = key.replace("-", "_")
            setting = _setting(sample, key, value)
            if key == sample.repeatable:
                records.append(setting)
            elif key in settings:
                raise UsageError(f"--set {key} is given twice")
            else:
                settings[key] = setting
    try:
        event = sample.build(*records, **settings)
    except (UnknownSetting, TypeError, ValueError) as error:
        raise UsageError(str(error)) from None
    for path, value in places:
        _put(event, path, value)
    return event


def _setting(sample: Sample, key: str, text: str) -> Any:
    """Read a value as the type the builder asks for: text stays text, all else is JSON."""
    parameter = sample.settings.get(key)
    if parameter is None or parameter.annotation is str:
        return text
    value = _json_or_text(text)
    for choice in (parameter.annotation, *get_args(parameter.annotation)):
        kind, wording = _KINDS.get(get_origin(choice) or choice, (object, ""))
        if wording and type(value) is not kind:
            raise UsageError(f"--set {key}={text}: the value is {wording}")
    return value


def _put(event: Event, path: str, text: str) -> None:
    """Replace or add the member at a path; text stays text where text stood before."""
    place: Any = event
    *way, last = path.split(".")
    try:
        for step in way:
            place = place[int(step)] if isinstance(place, list) else place[step]
        key: Any = int(last) if isinstance(place, list) else last
        before = place.get(key) if isinstance(place, dict) else place[key]
        place[key] = text if isinstance(before, str) else _json_or_text(text)
    except (LookupError, ValueError, TypeError):
        raise UsageError(f"--set {path}: the event has no such place") from None


def _json_or_text(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
