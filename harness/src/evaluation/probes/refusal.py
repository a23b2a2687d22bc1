armed = True


def hook(event, args):
    if armed and is_it(event, args):
        raise PermissionError("refused")


sys.addaudithook(hook)
print("raised:", told(attempt("shop.cart")))
print("bodies:", getattr(sys, "bodies", 0))
print("left:", left())
print("bound:", is_bound())
print("locked:", locks_held())
armed = False
print("again:", told(attempt("shop.cart")))
print("bodies again:", getattr(sys, "bodies", 0))
print("bound again:", is_bound())
