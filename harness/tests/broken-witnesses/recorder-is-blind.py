# expect: the recorder stands alone against the scenario and the model on what the import system did
CLAIMS = set()


def install(emit):
    return lambda: None
