# expect: line 6: ValueError: emit: an outcome is "ok", "not found", the exception
CLAIMS = set()


def install(emit):
    emit("import.end", "shop", 42)
