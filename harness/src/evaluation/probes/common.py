import sys

heard = []


def is_it(event, args, name="shop.cart"):
    """Whether this is the event in question; `PLACE` is where its argument `end` stands."""
    return event == EVENT and args[0] == name and (PLACE is None or args[PLACE] is IS_END)


def hear(event, args, root):
    """Keeps an event of the contract about this module or one below it, as the edge that it marks."""
    for name, place, start, end in EVENTS:
        if event == name and (args[0] == root or args[0].startswith(root + ".")):
            edge = end if place is not None and args[place] else start
            heard.append("%s %s" % (edge, args[0]))


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


def locks_held():
    """What is still locked when nothing is imported: the import system, or modules."""
    bootstrap, imp = sys.modules["_frozen_importlib"], sys.modules["_imp"]
    locks = [(name, reference()) for name, reference in list(bootstrap._module_locks.items())]
    held = [name for name, lock in locks if getattr(lock, "owner", None) is not None]
    return ", ".join(["the import system"] * imp.lock_held() + held) or "nothing"


def all_heard():
    return ", ".join(heard) or "nothing"


def is_done_or_waits(thread):
    """Waits until a thread has ended, or waits for the lock of a module; whether it has ended."""
    still, place = 0, None
    while thread.is_alive() and still < 10:
        thread.join(0.005)
        frame = sys._current_frames().get(thread.ident)
        is_locked = frame is not None and frame.f_code.co_name == "acquire"
        now = (frame.f_code.co_filename, frame.f_lasti) if is_locked else None
        still = still + 1 if now is not None and now == place else 0
        place = now
    return not thread.is_alive()
