armed = True


def hook(event, args):
    if armed and is_it(event, args):
        raise KeyboardInterrupt


sys.addaudithook(hook)
print("raised:", told(attempt("shop.cart")))
print("bodies:", getattr(sys, "bodies", 0))
print("left:", left())
print("locked:", locks_held())
armed = False
print("again:", told(attempt("shop.cart")))
print("bound again:", is_bound())
