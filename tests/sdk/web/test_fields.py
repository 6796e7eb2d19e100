"""Header fields of a response, as applications give them."""

from __future__ import annotations

import pytest

from lambda_ric.sdk.web.fields import decode_fields


def test_names_come_in_lower_case_and_values_as_utf_8() -> None:
    assert decode_fields([(b"X-Name", "Zoë".encode())]) == [("x-name", "Zoë")]


def test_only_a_value_that_is_not_utf_8_is_latin_1() -> None:
    fields = [(b"one", "Zoë".encode()), (b"two", "Zoë".encode("latin-1"))]
    assert decode_fields(fields) == [("one", "Zoë"), ("two", "Zoë")]


@pytest.mark.parametrize(
    "field", [(b"a", b"1\r\nb: 2"), (b"a", b"1\n"), (b"a", b"\0"), (b"a\r\nb", b""), (b"a\t", b"")]
)
def test_a_control_character_would_make_two_fields_of_one(field: tuple[bytes, bytes]) -> None:
    with pytest.raises(ValueError, match="a control character in the header fields"):
        decode_fields([(b"good", b"1"), field])


def test_a_field_without_a_name_is_refused() -> None:
    with pytest.raises(ValueError, match="without a name"):
        decode_fields([(b"good", b"1"), (b"", b"2")])
