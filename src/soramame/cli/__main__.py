"""``python -m soramame.cli``: the command line without its installed script."""

from soramame.cli import main

main()
