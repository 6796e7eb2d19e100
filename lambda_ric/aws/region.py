"""AWS regions, and the partitions that they belong to.

A partition is a separate AWS: own accounts, own ARNs (`arn:aws-cn:…`), own host names. The table
follows the partition list that AWS publishes with its SDKs.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-\d{1,2}")


class Partition(NamedTuple):
    """One separate AWS: the name in its ARNs, the end of its host names."""

    name: str
    host_suffix: str
    region_prefix: str


COMMERCIAL = Partition("aws", "amazonaws.com", "")
_OTHERS = (
    Partition("aws-cn", "amazonaws.com.cn", "cn-"),
    Partition("aws-us-gov", "amazonaws.com", "us-gov-"),
    Partition("aws-eusc", "amazonaws.eu", "eusc-"),
    Partition("aws-iso", "c2s.ic.gov", "us-iso-"),
    Partition("aws-iso-b", "sc2s.sgov.gov", "us-isob-"),
    Partition("aws-iso-e", "cloud.adc-e.uk", "eu-isoe-"),
    Partition("aws-iso-f", "csp.hci.ic.gov", "us-isof-"),
)
HOST_SUFFIXES = frozenset(partition.host_suffix for partition in (COMMERCIAL, *_OTHERS))


def is_region(word: str) -> bool:
    """Whether the word is written as a region is: `eu-west-1`, not `eu-west-1a` or `EU`."""
    return _REGION.fullmatch(word) is not None


def partition_of(region: str) -> Partition:
    """The partition of a region, known by the beginning of its name."""
    for partition in _OTHERS:
        if region.startswith(partition.region_prefix):
            return partition
    return COMMERCIAL
