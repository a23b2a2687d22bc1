import threading

armed, other = True, []


def hook(event, args):
    if armed and is_it(event, args):
        raise PermissionError("refused")


def import_elsewhere():
    other.append(told(attempt("shop.cart")))


sys.addaudithook(hook)
print("raised:", told(attempt("shop.cart")))
armed = False
thread = threading.Thread(target=import_elsewhere, daemon=True)
# that one could not even start
if not sys.modules["_imp"].lock_held():
    thread.start()
    is_done_or_waits(thread)
print("elsewhere:", other[0] if other else "waits for ever")
