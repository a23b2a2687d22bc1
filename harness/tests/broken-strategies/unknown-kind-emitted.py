# expect: line 6: ValueError: emit: `import.begin` is no kind of event
CLAIMS = set()


def install(emit):
    emit("import.begin", "shop")
