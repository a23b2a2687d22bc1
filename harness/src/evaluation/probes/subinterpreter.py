heard = []


def hook(event, args):
    if event in EVENTS and args[0].startswith("shop"):
        heard.append("%s %s" % (event, args[0]))


CODE = """
import sys
sys.path.insert(0, %r)
heard = []
def hook(event, args):
    if event in %r and args[0].startswith("shop"):
        heard.append("%%s %%s" %% (event, args[0]))
sys.addaudithook(hook)
import shop.cart
print("heard within:", ", ".join(heard) or "nothing", flush=True)
""" % (sys.path[0], tuple(EVENTS))
sys.addaudithook(hook)
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
run = getattr(interpreters, "exec", None) or interpreters.run_string
run(interpreters.create(), CODE)
print("heard outside:", ", ".join(heard) or "nothing")
