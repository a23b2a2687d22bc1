#!/bin/sh
# expect: (killed by signal 6 (SIGABRT))
printf "hello 24\ntollgate-worker 1 3.13.0\n" >&3
printf "preloaded 3\nsys\nthread 1\n7\nclaims 0\n\nevents 0\n\nended 2\nok\nmodules 3\nsys\nend 0\n\n" >&3
kill -ABRT $$
