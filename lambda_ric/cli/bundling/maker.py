"""Imports a handler in a process of its own, and writes the code of all that it imports to a file.

The process looks for modules where the runtime does.
"""

from __future__ import annotations

import marshal
import os
import sys
from binascii import crc32
from importlib import import_module
from importlib.machinery import ExtensionFileLoader, PathFinder, SourceFileLoader

from lambda_ric.cli.bundling.files_read import FilesRead
from lambda_ric.ondemand import bundle
from lambda_ric.ondemand.precompiled import Precompiled
from lambda_ric.ondemand.service_listings import ServiceListings
from lambda_ric.runtime import handler

TYPE_CHECKING = False
if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec

    from lambda_ric.ondemand.bundle import Entry, Seen

_ELSEWHERE = (
    "__main__",
    "lambda_ric.cli",
    "lambda_ric.ondemand.bundle",
    "lambda_ric.ondemand.precompiled",
    "lambda_ric.ondemand.replacements",
    "lambda_ric.runtime",
    "lambda_ric.wire",
)
"""Modules that the runtime has loaded before it looks for a bundle, or never loads."""


def main(name: str, output: str) -> None:
    """Import the handler and write the bundle. Raises the exception of the import."""
    directory = os.getcwd()
    if directory not in sys.path:
        sys.path.insert(0, directory)
    head = bundle.describe_process()  # before the function changes `sys.path`
    compiled, listings, files = Precompiled({}, {}, {}), ServiceListings({}), FilesRead()
    compiled.install()
    listings.install()
    handler.load(name)
    other_files = files.besides_modules()
    compiled.close()
    listings.close()
    import_module("lambda_ric.ondemand.announcing_loader")
    if "logging" in sys.modules:  # which the runtime then sets up
        import_module("lambda_ric.ondemand.logs")
    entries, parts = _index(directory)
    # Only now, since it imports what the function may not.
    programs = import_module("lambda_ric.cli.bundling.programs").programs()
    sources = {module: dict(codes) for module, codes in compiled.sources.items() if codes}
    results = marshal.dumps((*programs, sources, listings.known))
    written = marshal.dumps((entries, (sum(map(len, parts)), len(results)), other_files))
    with open(output, "wb") as file:
        file.write(head + len(written).to_bytes(bundle.SIZE_BYTES, "little") + written)
        file.writelines([*parts, results])


def _index(directory: str) -> tuple[dict[str, Entry], list[bytes]]:
    """Return what a bundle has of the loaded modules, in the order in which they were imported."""
    specs = _specs()
    installed = _installed_modules(directory)
    index: dict[str, Entry] = {}
    codes: list[bytes] = []
    size = 0
    for spec in specs:
        top, path, place = spec.name.partition(".")[0], str(spec.origin), None
        if isinstance(spec.loader, SourceFileLoader):
            codes.append(marshal.dumps(spec.loader.get_code(spec.name)))
            place = (size, len(codes[-1]))
            size += len(codes[-1])
        is_own = path.startswith(directory + os.sep) and top not in installed
        is_package = spec.submodule_search_locations is not None
        index[spec.name] = path, spec.cached, is_package, place, _see(path), is_own
    return index, codes


def _installed_modules(directory: str) -> set[str]:
    """Return the top-level modules that are installed beside the function's own, or below them.

    Those installed elsewhere are not looked at: there may be hundreds of packages.
    """
    folders = [path for path in sys.path if (path + os.sep).startswith(directory + os.sep)]
    found = import_module("importlib.metadata").distributions(path=folders)
    files = (file for distribution in found for file in distribution.files or ())
    return {file.parts[0].partition(".")[0] for file in files}


def _specs() -> list[ModuleSpec]:
    """Return the specs of the modules that Python finds by their names."""
    return [
        spec
        for name, module in list(sys.modules.items())
        for spec in [getattr(module, "__spec__", None)]
        if spec is not None and spec.name == name and _is_found_by_name(spec)
    ]


def _is_found_by_name(spec: ModuleSpec) -> bool:
    """Tell whether Python finds the module by its name in this file, and keeps it there."""
    if spec.name.startswith(_ELSEWHERE) or spec.origin is None or not os.path.isabs(spec.origin):
        return False
    is_source = type(spec.loader) is SourceFileLoader
    if not is_source and type(spec.loader) is not ExtensionFileLoader:
        return False
    folders = [os.path.dirname(spec.origin)] if is_source else None
    if spec.submodule_search_locations not in (None, folders):
        return False
    parent = spec.name.rpartition(".")[0]
    where = getattr(sys.modules.get(parent), "__path__", None) if parent else None
    found = PathFinder.find_spec(spec.name, where)
    return found is not None and found.origin == spec.origin


def _see(path: str) -> Seen:
    status = os.stat(path)
    with open(path, "rb") as file:
        return status.st_size, int(status.st_mtime), crc32(file.read())


def _print_error(error: Exception, handler: str) -> None:
    """Print what Lambda would report, with the stack of the function alone."""
    report = import_module("lambda_ric.cli.examine.handler_kind").describe_error(error, handler)
    if report["stackTrace"]:
        print("Traceback (most recent call last):\n", *report["stackTrace"], sep="", end="")
    print(f"{report['errorType']}: {report['errorMessage']}")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Exception as failure:
        _print_error(failure, sys.argv[1])
        sys.exit(1)
    except KeyboardInterrupt:  # of the whole group; the command ends on its own account, too
        sys.exit(130)
