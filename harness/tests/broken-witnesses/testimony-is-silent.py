# expect: the modules stand alone against the scenario and the recorder and the model on which bodies ran
CLAIMS = set()


def install(emit):
    return lambda: None
