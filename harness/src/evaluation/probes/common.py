import sys


def is_it(event, args, name="shop.cart"):
    """Whether this is the event in question; `PLACE` is where its argument `end` stands."""
    return event == EVENT and args[0] == name and (PLACE is None or args[PLACE] is IS_END)


def attempt(name):
    """Imports a module; returns how that ended."""
    try:
        __import__(name)
    except BaseException as error:
        return error
    return None


def told(error):
    return "ok" if error is None else type(error).__name__


def left():
    return ", ".join(name for name in sys.modules if name.startswith("shop")) or "nothing"


def is_bound():
    return hasattr(sys.modules.get("shop"), "cart")
