"""A profile function (`sys.setprofile`) that knows importlib's own functions.

Profilers see imports in this way: cProfile as rows of `_find_and_load`, pyinstrument as frames that it
had to learn to hide.  The function is called at every call and return of the whole program.  It cannot
tell an exception from a function that returns `None`, and it belongs to one thread.
"""

import sys

CLAIMS = {
    operation + edge
    for operation in ("import", "find", "load", "exec")
    for edge in (".start", ".end")
}


def install(emit):
    bootstrap = sys.modules["_frozen_importlib"]
    watched = {
        bootstrap._find_and_load.__code__: ("import", "name"),
        bootstrap._find_spec.__code__: ("find", "name"),
        bootstrap._load_unlocked.__code__: ("load", "spec"),
        bootstrap._exec.__code__: ("exec", "spec"),
    }
    edges = {"call": ".start", "return": ".end"}

    def profile(frame, event, value):
        edge = edges.get(event)
        if edge is None or frame.f_code not in watched:
            return
        operation, variable = watched[frame.f_code]
        subject = frame.f_locals[variable]
        name = subject if variable == "name" else subject.name
        emit(operation + edge, name, None if value is None else "ok")

    before, set_profile = sys.getprofile(), sys.setprofile
    set_profile(profile)

    def uninstall():
        set_profile(before)

    return uninstall
