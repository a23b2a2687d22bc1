#!/bin/sh
# expect: the child's answer is broken: it goes on after its end
printf "hello 24\ntollgate-worker 1 3.13.0\nend 0\n\nevents 0\n\n" >&3
