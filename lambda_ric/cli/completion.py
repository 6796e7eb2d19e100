"""`lambda-ric completion`: print the script that makes a shell complete its command lines.

The scripts ask the program itself for candidates, so that they never lag behind it.
"""

from __future__ import annotations

from argparse import RawDescriptionHelpFormatter

from lambda_ric.cli.candidates import SHELLS, candidates
from lambda_ric.cli.parser import CommandParser

_BASH = """\
_lambda_ric() {
    local IFS=$'\\n'
    COMPREPLY=($(lambda-ric completion --words "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _lambda_ric lambda-ric
"""

_ZSH = """\
#compdef lambda-ric
_lambda_ric() {
    local -a found
    found=("${(@f)$(lambda-ric completion --words "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    if [[ -n "$found" ]]; then compadd -- $found; else _files; fi
}
compdef _lambda_ric lambda-ric
"""

_FISH = """\
function __lambda_ric
    lambda-ric completion --words (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null
end
complete -c lambda-ric -a '(__lambda_ric)'
"""

_SCRIPTS = dict(zip(SHELLS, (_BASH, _ZSH, _FISH), strict=True))

_EXAMPLES = """to enable it in every new shell:
  bash   echo 'eval "$(lambda-ric completion bash)"' >> ~/.bashrc
  zsh    echo 'eval "$(lambda-ric completion zsh)"' >> ~/.zshrc   (after compinit)
  fish   lambda-ric completion fish > ~/.config/fish/completions/lambda-ric.fish
"""


def main(arguments: list[str]) -> int:
    """Print a shell's script; with `--words`, print candidates for the word being typed."""
    if arguments[:1] == ["--words"]:
        print("\n".join(candidates(arguments[1:])))
        return 0
    parser = CommandParser(
        "lambda-ric completion",
        description="Print the script that makes a shell complete commands, options, handlers "
        "and sample events.",
        epilog=_EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("shell", choices=SHELLS, help="the shell")
    print(_SCRIPTS[parser.parse_args(arguments).shell], end="")
    return 0
