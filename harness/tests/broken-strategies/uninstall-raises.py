# expect: line 7: KeyError: 'gone' (in uninstall())
CLAIMS = set()


def install(emit):
    def uninstall():
        raise KeyError("gone")

    return uninstall
