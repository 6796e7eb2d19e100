"""A hook of MkDocs: links to files beside docs/ lead somewhere in the repository, not on the site.

There they become the name of the file, so that every link of the site works.
"""

from __future__ import annotations

import posixpath
import re
from typing import Any

_LINK = re.compile(r"\[([^\]]+)\]\(([^)#\s]+)[^)]*\)")


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """Return the text of a page with links out of docs/ written out."""
    folder = posixpath.join("docs", posixpath.dirname(page.file.src_uri))

    def write_out(link: re.Match[str]) -> str:
        text, target = link.groups()
        path = posixpath.normpath(posixpath.join(folder, target))
        if ":" in target or path.startswith("docs/"):
            return link[0]
        return text if path in text else f"{text} (`{path}`)"

    return _LINK.sub(write_out, markdown)
