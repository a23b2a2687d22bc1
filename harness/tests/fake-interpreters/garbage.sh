#!/bin/sh
# expect: the child's answer is broken: byte 34 of 74 is no frame
printf "hello 24\ntollgate-worker 1 3.13.0\n" >&3
printf "<html><body>404 Not Found</body></html>\n" >&3
