# expect: `import.begin` is no kind of event
CLAIMS = {"import.begin"}


def install(emit):
    return lambda: None
