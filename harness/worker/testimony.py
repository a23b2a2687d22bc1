"""What the modules say: which bodies ran, when, and how each ended.

A body is run by `exec`, whoever finds and loads the module. In the place of that built-in function
stands one of the probe's that marks where a body begins and ends; importlib, `sys.meta_path` and
the files of the program are as they were. It runs in a child of its own.

`load` and `exec` are bodies that the import system runs, as in the recorder's trace. `call` is a body
that the program has run by itself: `loader.exec_module(module)`, a lazy module, `runpy`.
"""

import sys

CLAIMS = {"load.start", "load.end", "exec.start", "exec.end", "call.start", "call.end"}


def install(emit):
    names = vars(sys.modules["builtins"])
    original = names["exec"]
    watched = names["exec"] = emit.__self__.watched_exec(original)

    def uninstall():
        if names.get("exec") is not watched:
            raise RuntimeError("the program has put something in the place of builtins.exec")
        names["exec"] = original

    return uninstall
