#!/bin/sh
# Stands in for sudo where there is none: speaks its prompts in the order a mode file asks for, and logs what
# it was called with and every line it read as a password.
here=$(dirname "$0")
mode=$(cat "$here/mode")
echo "called: $*" >>"$here/log"

ask() { # ask PROMPT : the answer in $line
    printf '%s' "$1" >&2
    IFS= read -r line || exit 1
    echo "password: $line" >>"$here/log"
}
deny() { echo "sudo: $*" >&2; exit 1; }

if [ "$1" = -n ]; then
    shift
    case $mode in
    nopasswd) exec "$@" ;;
    missing) echo "sh: 1: sudo: not found" >&2; exit 127 ;;
    tty) deny "sorry, you must have a tty to run sudo" ;;
    foreign-words) deny "ein Passwort ist notwendig" ;;
    *) deny "a password is required" ;;
    esac
fi
prompt=$4
shift 4
case $mode in
never-asks) exec "$@" ;;
two-at-once) printf '%s%s' "$prompt" "$prompt" >&2; cat >>"$here/log"; exit 1 ;;
own-words) ask "Verification code: "; exit 1 ;;
split) printf '%s' "$prompt" | cut -c 1-10 | tr -d '\n' >&2; sleep 0.3; ask "$(printf '%s' "$prompt" | cut -c 11-)"; exec "$@" ;;
flood) while :; do printf 'noise noise noise noise noise noise noise\n' >&2; done ;;
silent) sleep 60 ;;
esac
echo "We trust you have received the usual lecture." >&2
ask "$prompt"
if [ "$mode" = not-allowed ]; then
    echo "you are not in the sudoers file." >&2
    exit 1
fi
[ "$line" = right ] && exec "$@"
echo "Sorry, try again." >&2
ask "$prompt"
deny "1 incorrect password attempt"
