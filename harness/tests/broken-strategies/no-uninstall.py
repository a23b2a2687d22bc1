# expect: install: expected it to return a function uninstall()
CLAIMS = set()


def install(emit):
    pass
