# expect: the recorder stands alone against the scenario and the model on what the import system did
# scenario: patches/restores-original
import sys

CLAIMS = set()


def install(emit):
    bootstrap = sys.modules["_frozen_importlib"]
    before = {}

    def replace(function, operation, name_of):
        original = before[function] = getattr(bootstrap, function)

        def recorded(*args, **kwargs):
            name = name_of(args[0])
            emit(operation + ".start", name)
            try:
                result = original(*args, **kwargs)
            except BaseException as error:
                emit(operation + ".end", name, error)
                raise
            emit(operation + ".end", name, "not found" if result is None else "ok")
            return result

        setattr(bootstrap, function, recorded)

    replace("_find_and_load", "import", str)
    replace("_find_spec", "find", str)
    replace("_load_unlocked", "load", lambda spec: spec.name)
    replace("_exec", "exec", lambda spec: spec.name)
    return lambda: vars(bootstrap).update(before)
