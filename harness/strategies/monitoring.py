"""`sys.monitoring` (PEP 669) on importlib's own functions, with nothing patched.

Scalene, VizTracer and coverage.py moved from profile and trace functions to `sys.monitoring` when it
came.  Watched are the four code objects that do the work, so no other code is slowed down; an
exception that leaves a function could be watched in all code only, until 3.15.
"""

import sys

CLAIMS = {
    operation + edge
    for operation in ("import", "find", "load", "exec")
    for edge in (".start", ".end")
}
NOT_APPLICABLE = None if sys.version_info >= (3, 12) else "sys.monitoring came with Python 3.12"


def install(emit):
    bootstrap = sys.modules["_frozen_importlib"]
    monitoring, frame_of = sys.monitoring, sys._getframe
    tool, events = monitoring.PROFILER_ID, monitoring.events
    watched = {
        bootstrap._find_and_load.__code__: ("import", "name"),
        bootstrap._find_spec.__code__: ("find", "name"),
        bootstrap._load_unlocked.__code__: ("load", "spec"),
        bootstrap._exec.__code__: ("exec", "spec"),
    }
    find_spec = bootstrap._find_spec.__code__

    def report(edge, code, *outcome):
        operation, variable = watched[code]
        value = frame_of(2).f_locals[variable]
        emit(operation + edge, value if variable == "name" else value.name, *outcome)

    def start(code, offset):
        report(".start", code)

    def returned(code, offset, value):
        outcome = "not found" if code is find_spec and value is None else "ok"
        report(".end", code, outcome)

    def unwound(code, offset, error):
        if code in watched:
            report(".end", code, error)

    callbacks = {events.PY_START: start, events.PY_RETURN: returned, events.PY_UNWIND: unwound}
    # held on to, because a program may bind other objects to their names
    get_tool, free_tool_id, register = monitoring.get_tool, monitoring.free_tool_id, monitoring.register_callback
    set_events, set_local_events = monitoring.set_events, monitoring.set_local_events
    own_name = "tollgate"
    monitoring.use_tool_id(tool, own_name)
    for event, callback in callbacks.items():
        register(tool, event, callback)
    local = events.PY_START | events.PY_RETURN
    if sys.version_info >= (3, 15):
        local |= events.PY_UNWIND
    else:
        set_events(tool, events.PY_UNWIND)
    for code in watched:
        set_local_events(tool, code, local)

    def uninstall():
        # a program may have given the number back, and have it now
        if get_tool(tool) is not own_name:
            return
        for code in watched:
            set_local_events(tool, code, 0)
        set_events(tool, 0)
        for event in callbacks:
            register(tool, event, None)
        free_tool_id(tool)

    return uninstall
