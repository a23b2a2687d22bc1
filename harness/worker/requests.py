"""Who asks for modules: every call of `builtins.__import__`, between what the recorder sees.

Not a strategy: it stands behind the recorder's source, in the same namespace. Statements and C code call
`builtins.__import__`, whether the module is there already or not. A call that the recorder sees no import in was
answered by `sys.modules`, or failed before any import; a hook that tells of it means something else than an
import, and says nothing that is not so. It runs in a child of its own, and only where some hook
reports more than happened.
"""

CLAIMS |= {"call.start", "call.end"}
install_recorder = install


def install(emit):
    uninstall_recorder = install_recorder(emit)
    builtins = sys.modules["builtins"]
    bound = vars(builtins)
    original = builtins.__import__
    watched = builtins.__import__ = emit.__self__.Import(original, "call")

    def uninstall():
        if bound.get("__import__") is watched:
            bound["__import__"] = original
        uninstall_recorder()

    return uninstall
