# expect: CLAIMS: expected a set of kinds of events, such as {'import.start'}
def install(emit):
    return lambda: None
