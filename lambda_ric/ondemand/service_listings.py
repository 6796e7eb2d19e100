"""Which services botocore has: listed when a bundle is made, and not again at each start.

For its first client botocore looks into the folders of all its services, some 400 of them. That is
thousands of system calls, and a tenth of the CPU of a start with boto3.
"""

from __future__ import annotations

import os
import sys
from binascii import crc32

from lambda_ric.ondemand.replacements import Replacements
from lambda_ric.runtime.import_hook import forget_import, on_import

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, TypeAlias

    Folder: TypeAlias = "tuple[str, int | None]"  # and checksum of the names in it, if it is there
    Search: TypeAlias = "tuple[str, tuple[Folder, ...]]"  # type of the services' files, where

LOADERS = "botocore.loaders"


class ServiceListings:
    """Stands in for the listing of `botocore.loaders.Loader`, from `install` until `close`.

    What is not known is listed, and known then. So an empty one records what a function needs.
    Where a service was added or removed, the listing is another one.
    """

    def __init__(self, known: dict[Search, list[str]]) -> None:
        self.known = known
        self._replacements = Replacements()

    def install(self) -> None:
        """Stand in as soon as botocore is imported."""
        on_import(LOADERS, self._replace)

    def close(self) -> None:
        """Leave botocore as it was, except where somebody else has replaced the method."""
        forget_import(LOADERS)
        self._replacements.undo()

    def _replace(self) -> None:
        loaders: Any = sys.modules[LOADERS]
        try:
            cached, before = loaders.instance_cache, loaders.Loader.list_available_services
        except AttributeError:
            return  # another botocore than those that are known

        def list_available_services(self: Any, type_name: str) -> list[str]:
            search = type_name, _see(self.search_paths)
            services = known.get(search)
            if services is None:
                services = known[search] = before(self, type_name)
            return list(services)

        known = self.known
        ours = cached(list_available_services)  # under its name, where botocore looks later
        self._replacements.make(loaders.Loader, list_available_services.__name__, ours)


def _see(folders: Iterable[str]) -> tuple[Folder, ...]:
    return tuple((os.fspath(folder), _checksum(folder)) for folder in folders)


def _checksum(folder: str) -> int | None:
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return None
    return crc32("/".join(names).encode("utf-8", "surrogateescape"))
