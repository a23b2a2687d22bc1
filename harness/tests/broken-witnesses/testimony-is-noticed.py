# expect: abstains: the program noticed: RuntimeError: no more; without a hook: returned
CLAIMS = set()


def install(emit):
    import builtins

    original = builtins.exec

    def refuses(code, names, *rest):
        if names["__name__"] == "pkg":
            raise RuntimeError("no more")
        original(code, names, *rest)

    builtins.exec = refuses

    def uninstall():
        builtins.exec = original

    return uninstall
