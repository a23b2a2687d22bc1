"""Forks when the program has ended; the child goes on to where it came from."""

import sys

CLAIMS = {"find.start"}


def fork():
    posix = sys.modules["posix"]
    child = posix.fork()
    if child:
        posix.waitpid(child, 0)
    return child == 0


def install(emit):
    class Finder:
        @staticmethod
        def find_spec(name, path=None, target=None):
            emit("find.start", name)

    sys.meta_path.insert(0, Finder)

    def finish():
        fork()

    def uninstall():
        sys.meta_path.remove(Finder)

    return uninstall, finish
