import threading

armed, waited = True, "not reached"


def hook(event, args):
    global armed, waited
    if armed and is_it(event, args):
        armed = False
        thread = threading.Thread(target=attempt, args=("shop.cart",), daemon=True)
        thread.start()
        thread.join(0.3)
        waited = "for ever" if thread.is_alive() else "not long"


sys.addaudithook(hook)
print("outer:", told(attempt("shop.cart")))
print("waited:", waited)
