# expect: abstains: event 2, load pkg.child: its end is missing
CLAIMS = set()


def install(emit):
    import builtins

    original = builtins.exec

    def starts(code, names, *rest):
        emit("load.start", names["__name__"])
        original(code, names, *rest)

    builtins.exec = starts

    def uninstall():
        builtins.exec = original

    return uninstall
