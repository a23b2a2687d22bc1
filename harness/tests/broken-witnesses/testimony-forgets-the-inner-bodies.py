# expect: the modules stand alone against the scenario and the recorder and the model on which bodies ran
CLAIMS = set()


def install(emit):
    import builtins

    original, depth = builtins.exec, []

    def outermost(code, names, *rest):
        depth.append(names["__name__"])
        if len(depth) == 1:
            emit("load.start", names["__name__"])
        try:
            original(code, names, *rest)
        finally:
            if len(depth) == 1:
                emit("load.end", names["__name__"], "ok")
            depth.pop()

    builtins.exec = outermost

    def uninstall():
        builtins.exec = original

    return uninstall
