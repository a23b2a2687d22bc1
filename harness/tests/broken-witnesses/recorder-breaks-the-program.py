# expect: the recorder stands alone against the scenario and the model on what the import system did
import sys

CLAIMS = set()


def install(emit):
    bootstrap = sys.modules["_frozen_importlib"]
    original = bootstrap._find_spec

    def broken(name, *rest):
        if "." in name:
            raise OSError(name)
        return original(name, *rest)

    bootstrap._find_spec = broken

    def uninstall():
        bootstrap._find_spec = original

    return uninstall
