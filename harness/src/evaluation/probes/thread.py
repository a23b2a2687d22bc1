import threading

armed, waited = True, "not reached"


def hook(event, args):
    global armed, waited
    if armed and is_it(event, args):
        armed = False
        thread = threading.Thread(target=attempt, args=("shop.cart",), daemon=True)
        thread.start()
        waited = "not long" if is_done_or_waits(thread) else "for ever"


sys.addaudithook(hook)
print("outer:", told(attempt("shop.cart")))
print("waited:", waited)
