#!/bin/sh
# expect: the child's answer is broken: it has no frame
printf "hello 24\ntollgate-worker 1 3.13.0\n" >&3
printf "end 0\n\n" >&3
