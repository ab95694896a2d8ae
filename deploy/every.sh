#!/bin/sh
# A timer for containers, where nothing else starts commands (deploy/compose.yaml).
#   every.sh SECONDS COMMAND...       again and again, with so many seconds between
#   every.sh HH:MM COMMAND...         every day
#   every.sh Sun,HH:MM COMMAND...     every week
# What a command ends with is its own affair: it stands in the log, and the next time comes.
set -u

wait_for() {
    case $1 in
        *,*) next=$(date -d "${1%,*} ${1#*,}" +%s) step=604800 ;;
        *:*) next=$(date -d "$1" +%s) step=86400 ;;
        *) sleep "$1"; return ;;
    esac
    now=$(date +%s)
    [ "$next" -gt "$now" ] || next=$((next + step))
    sleep $((next - now))
}

when=$1
shift
while :; do
    wait_for "$when" || exit 2
    "$@"
done
