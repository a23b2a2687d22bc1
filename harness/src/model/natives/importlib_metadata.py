# https://docs.python.org/3/library/importlib.metadata.html#entry-points
from importlib import import_module


class EntryPoint:
    def __init__(self, name, value, group):
        self.name, self.value, self.group = name, value, group

    def load(self):
        module, _, attributes = self.value.partition(":")
        found = import_module(module)
        for attribute in attributes.split("."):
            if attribute:
                found = getattr(found, attribute)
        return found
