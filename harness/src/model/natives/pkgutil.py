# https://docs.python.org/3/library/pkgutil.html
import sys
from importlib import import_module


def extend_path(path, name):
    if not isinstance(path, list):
        return path
    path = path[:]
    parent, _, tail = name.rpartition(".")
    for entry in sys.modules[parent].__path__ if parent else sys.path:
        finder = get_importer(entry)
        spec = None if finder is None else finder.find_spec(tail)
        if spec is None:
            continue
        for portion in spec.submodule_search_locations or []:
            if portion not in path:
                path.append(portion)
    return path


def resolve_name(name):
    if ":" in name:
        module, _, attributes = name.partition(":")
        found = import_module(module)
        parts = attributes.split(".") if attributes else []
    else:
        parts = name.split(".")
        module = parts.pop(0)
        found = import_module(module)
        while parts:
            child = module + "." + parts[0]
            try:
                found = import_module(child)
            except ImportError:
                break
            module = child
            parts.pop(0)
    for attribute in parts:
        found = getattr(found, attribute)
    return found
