# expect: the recorder stands alone against the scenario and the model on what the import system did
import sys

CLAIMS = {"import.start", "import.end"}


def install(emit):
    bootstrap = sys.modules["_frozen_importlib"]
    original = bootstrap._find_and_load

    def recorded(name, *rest):
        emit("import.start", name)
        try:
            result = original(name, *rest)
        except BaseException as error:
            emit("import.end", name, error)
            raise
        emit("import.end", name, "ok")
        return result

    bootstrap._find_and_load = recorded

    def uninstall():
        bootstrap._find_and_load = original

    return uninstall
