def hook(event, args):
    if is_it(event, args, "shop.broken"):
        raise RAISED("refused")


sys.addaudithook(hook)
error = attempt("shop.broken")
print("raised:", told(error))
print("context:", told(error and error.__context__))
print("left:", left())
print("locked:", locks_held())
