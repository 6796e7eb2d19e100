"""`--code` and `--layer`: zip functions served as Lambda would serve them."""

from __future__ import annotations

import json
import os
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import run_command, run_here, running_command
from tests.support.paths import EMULATED_HANDLERS

PACKAGES = f"python/lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
APP = """
import os, sys
import shared

def handler(event, context):
    return {
        "shared": shared.WHOSE,
        "path": sys.path,
        "root": os.environ["LAMBDA_TASK_ROOT"],
        "variables": {name: os.environ.get(name) for name in event.get("names", [])},
    }
"""

unix = pytest.mark.skipif(os.name != "posix", reason="a program of a layer is a shell script")


def packed(path: Path, files: dict[str, str]) -> str:
    with zipfile.ZipFile(path, "w") as opened:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name)
            entry.create_system = 3
            entry.external_attr = 0o100755 << 16
            opened.writestr(entry, text)
    return str(path)


def invoke(folder: Path, *options: str, event: object = None, **variables: str) -> Any:
    words = ("app.handler", "--event", json.dumps(event or {}), *options)
    done = run_here(*words, cwd=folder, **variables)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_search_path_is_the_one_of_lambdas_own_runtimes(tmp_path: Path) -> None:
    code = packed(tmp_path / "function.zip", {"app.py": APP})
    layer = packed(tmp_path / "layer.zip", {"python/shared.py": "WHOSE = 'layer'"})
    words = ("app.handler", "--event", "{}", "--code", code, "--layer", layer)
    found = json.loads(run_command(*words, cwd=tmp_path).stdout)
    root = Path(found["root"])
    opt = Path(found["path"][2]).parent
    assert found["shared"] == "layer"
    assert [Path(place) for place in found["path"][:3]] == [root, opt / PACKAGES, opt / "python"]
    assert not root.parent.exists()  # what was unpacked is removed in the end


def test_the_code_comes_before_layers_and_site_packages_before_the_rest(tmp_path: Path) -> None:
    layers = [
        packed(tmp_path / "1.zip", {"python/shared.py": "WHOSE = 'folder'"}),
        packed(tmp_path / "2.zip", {f"{PACKAGES}/shared.py": "WHOSE = 'packages'"}),
    ]
    options = [word for layer in layers for word in ("--layer", layer)]
    code = packed(tmp_path / "a.zip", {"app.py": APP})
    assert invoke(tmp_path, "--code", code, *options)["shared"] == "packages"
    own = packed(tmp_path / "b.zip", {"app.py": APP, "shared.py": "WHOSE = 'own'"})
    assert invoke(tmp_path, "--code", own, *options)["shared"] == "own"


def test_a_later_layer_wins(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP)
    layers = [
        packed(tmp_path / f"{name}.zip", {"python/shared.py": f"WHOSE = {name!r}"})
        for name in ("first", "second")
    ]
    found = invoke(tmp_path, "--layer", layers[0], "--layer", layers[1])
    assert (found["shared"], found["root"]) == ("second", str(tmp_path.resolve()))


def test_a_layer_comes_before_the_runtimes_own_packages(tmp_path: Path) -> None:
    app = "import boto3\n\ndef handler(event, context):\n    return boto3.WHOSE\n"
    code = packed(tmp_path / "function.zip", {"app.py": app})
    layer = packed(tmp_path / "layer.zip", {"python/boto3/__init__.py": "WHOSE = 'layer'"})
    assert invoke(tmp_path, "--code", code, "--layer", layer) == "layer"


def test_a_search_path_of_the_function_replaces_the_one_with_the_layers(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "own").mkdir()
    (tmp_path / "own/shared.py").write_text("WHOSE = 'own'")
    (tmp_path / "variables").write_text(f"PYTHONPATH={tmp_path / 'own'}")
    layer = packed(tmp_path / "layer.zip", {"python/shared.py": "WHOSE = 'layer'"})
    own = invoke(tmp_path, "--layer", layer, "--env-file", "variables")
    assert own["shared"] == "own"
    shell = invoke(tmp_path, "--layer", layer, PYTHONPATH=str(tmp_path / "own"))
    assert shell["shared"] == "layer"


@unix
def test_programs_libraries_and_wrappers_of_a_layer_are_found(tmp_path: Path) -> None:
    app = (
        "import os, subprocess\n\n"
        "def handler(event, context):\n"
        "    said = subprocess.run(['tool'], capture_output=True, text=True).stdout\n"
        "    return [said, os.environ['WRAPPED'], os.environ['LD_LIBRARY_PATH']]\n"
    )
    layer = {
        "bin/tool": "#!/bin/sh\nprintf tool",
        "wrapper": '#!/bin/sh\nexport WRAPPED=yes\nexec "$@"\n',
    }
    code = packed(tmp_path / "function.zip", {"app.py": app})
    layers = ("--layer", packed(tmp_path / "layer.zip", layer))
    (tmp_path / "variables").write_text("AWS_LAMBDA_EXEC_WRAPPER=/opt/wrapper")
    said, wrapped, libraries = invoke(tmp_path, "--code", code, *layers, "--env-file", "variables")
    assert (said, wrapped) == ("tool", "yes")
    assert [Path(place).name for place in libraries.split(":")][-3:] == ["task", "lib", "lib"]


@unix
def test_extensions_of_a_layer_are_started(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("def handler(event, context): ...")
    script = f"#!/bin/sh\nexec {sys.executable} {EMULATED_HANDLERS / 'extension.py'} agent\n"
    layer = packed(tmp_path / "layer.zip", {"extensions/agent": script})
    done = run_here("app.handler", "--event", "{}", "--layer", layer, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Name: agent" in done.stderr


def test_what_lambda_would_not_find_is_said(tmp_path: Path) -> None:
    code = packed(tmp_path / "function.zip", {"function/app.py": APP})
    layer = packed(tmp_path / "layer.zip", {"shared.py": ""})
    done = run_here("run", "app.handler", "--event", "{}", "--code", code, "--layer", layer)
    assert "app.py is in the folder function of the package, and Lambda looks" in done.stderr
    assert "layer.zip has no folder python, so nothing in it can be imported" in done.stderr


def test_a_changed_folder_of_code_or_of_a_layer_restarts_the_function(tmp_path: Path) -> None:
    code, layer = tmp_path / "code", tmp_path / "layer"
    (layer / "python").mkdir(parents=True)
    code.mkdir()
    (code / "app.py").write_text(APP)
    (layer / "python/shared.py").write_text("WHOSE = 'old'")
    options = ("app.handler", "--port", "0", "--code", str(code), "--layer", str(layer))
    with running_command(*options, "--reload", cwd=tmp_path) as command:
        assert command.invoke().payload["shared"] == "old"
        (layer / "python/shared.py").write_text("WHOSE = 'new layer'")
        command.wait_for("changed: restarting")
        assert command.invoke().payload["shared"] == "new layer"
        (code / "app.py").write_text(APP.replace("shared.WHOSE", "'new code'"))
        command.until(lambda: command.invoke().payload["shared"] == "new code")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--code", ""], "is empty"),
        (["--layer", ""], "is empty"),
        (["--code", "missing.zip"], "missing.zip: there is no such file or folder"),
        (["--code", "app.py"], "app.py is no zip file, or is damaged"),
        (["--code", "outside.zip"], "'../evil.py' is outside of the package"),
        (["--layer", "missing"], "missing: there is no such file or folder"),
        (["--code", "whole.zip", "--reload"], "name the one that whole.zip is made of as --code"),
    ],
)
def test_a_wrong_package_is_one_line_and_exits_with_2(
    options: list[str], words: str, tmp_path: Path
) -> None:
    (tmp_path / "app.py").write_text("def handler(event, context): ...")
    packed(tmp_path / "outside.zip", {"../evil.py": ""})
    packed(tmp_path / "whole.zip", {"app.py": ""})
    done = run_here("app.handler", *options, cwd=tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert words in done.stderr
