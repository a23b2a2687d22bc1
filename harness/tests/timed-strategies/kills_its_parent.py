"""Kills the process that forked it, as soon as it is installed."""

import sys

CLAIMS = {"find.start"}


def install(emit):
    posix = sys.modules["posix"]
    posix.kill(posix.getppid(), 9)
    return lambda: None
