waiting, inner = ["shop.broken", "helper"], []


def hook(event, args):
    hear(event, args, "shop.broken")
    hear(event, args, "helper")
    # the second one is imported within the first one's import, and that one fails
    if waiting and (is_it(event, args) or is_it(event, args, "shop.broken")):
        inner.append(told(attempt(waiting.pop(0))))


sys.addaudithook(hook)
print("outer:", told(attempt("shop.cart")))
print("inner:", ", ".join(inner) or "not reached")
print("heard:", all_heard())
