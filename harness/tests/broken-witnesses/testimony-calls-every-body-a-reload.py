# expect: the modules stand alone against the scenario and the recorder on which bodies ran
CLAIMS = set()


def install(emit):
    import builtins

    original = builtins.exec

    def reload(code, names, *rest):
        emit("exec.start", names["__name__"])
        original(code, names, *rest)
        emit("exec.end", names["__name__"], "ok")

    builtins.exec = reload

    def uninstall():
        builtins.exec = original

    return uninstall
