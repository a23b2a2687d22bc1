#!/bin/sh
# expect: the strategy failed: CLAIMS: `import.begin` is no kind of event
printf "hello 24\ntollgate-worker 1 3.13.0\n" >&3
printf "preloaded 3\nsys\nthread 1\n7\nclaims 12\nimport.begin\nevents 0\n\nended 2\nok\nmodules 3\nsys\nend 0\n\n" >&3
