# shellcheck shell=bash disable=SC2154 # the door sets here, common.sh the rest
# Sourced: servers and networks that misbehave.

# delay on NAME MS | off NAME: packets to the target are held on this machine in a netfilter queue, because the
# kernels of rented machines often lack netem; the target cannot see it.
delay() {
    local address queue program=$cache/bin/delayqueue pid_file
    [ $# -ge 2 ] || die "usage: lab delay on NAME MS | off NAME"
    address=$(target_ip "$2")
    queue=$((1000 + ${address##*.}))
    pid_file=$cache/targets/delay-$queue.pid
    case $1 in
    on)
        [ "$program" -nt "$here/delayqueue.c" ] || gcc -O2 -Wall -Wextra -o "$program" "$here/delayqueue.c" -lnetfilter_queue
        "$program" "$queue" "$3" >/dev/null 2>&1 </dev/null &
        echo $! >"$pid_file"
        sleep 0.3
        kill -0 "$(cat "$pid_file")" 2>/dev/null || die "the delaying program did not start"
        iptables -t mangle -I OUTPUT -d "$address" -j NFQUEUE --queue-num "$queue" --queue-bypass
        ;;
    off)
        iptables -t mangle -D OUTPUT -d "$address" -j NFQUEUE --queue-num "$queue" --queue-bypass
        kill "$(cat "$pid_file")"
        rm "$pid_file"
        ;;
    *) die "usage: lab delay on NAME MS | off NAME" ;;
    esac
}

hostile_modes='noise     start files of every shell print text, escapes, NUL and invalid UTF-8
flood     every command answers with endless output
hang      every command hangs after the login
slow      every command answers one byte a second
fakesudo  sudo asks for a password again and again
newkey    the host keys are replaced
tarpit    port 2222 sends endless lines before an SSH banner
silent    port 2223 accepts and says nothing'

# hostile NAME MODE: the way back is `lab down` and `lab up`.
hostile() {
    [ $# -eq 2 ] || { echo "$hostile_modes"; exit 2; }
    local name=$1
    case $2 in
    noise)
        docker exec -i "$name" sh -c 'cat >/usr/local/bin/lab-noise; chmod 755 /usr/local/bin/lab-noise
            for start in /root/.bashrc /home/*/.bashrc; do sed -i "1i /usr/local/bin/lab-noise" $start; done' <<'NOISE'
#!/bin/sh
printf '\033]0;title\007\033[2J\351\377\376 welcome \000 \342\200\256\n'
NOISE
        ;;
    flood) force_command "$name" 'exec yes "FK1 00000000000000000000000000000000 meta ok 0 1 4 0"' ;;
    hang) force_command "$name" 'exec sleep infinity' ;;
    slow) force_command "$name" 'while sleep 1; do printf x; done' ;;
    fakesudo)
        docker exec -i "$name" sh -c 'cat >/usr/local/bin/sudo; chmod 755 /usr/local/bin/sudo; cp /usr/local/bin/sudo /usr/local/sbin/' <<'SUDO'
#!/bin/sh
while :; do
    printf '[sudo] password for root: ' >&2
    read -r line || exit 1
    echo 'Sorry, try again.' >&2
done
SUDO
        ;;
    newkey) docker exec "$name" sh -c 'rm /etc/ssh/ssh_host_*; systemctl start lab-hostkeys; systemctl restart ssh' ;;
    tarpit)
        docker exec -d "$name" python3 -c '
import socket, threading, time

def drip(client):
    try:
        while True:
            client.sendall(b"x" * 80 + b"\r\n")
            time.sleep(0.2)
    except OSError:
        pass

server = socket.create_server(("", 2222))
while True:
    threading.Thread(target=drip, args=(server.accept()[0],), daemon=True).start()'
        ;;
    silent)
        docker exec -d "$name" python3 -c '
import socket

server, clients = socket.create_server(("", 2223)), []
while True:
    clients.append(server.accept())'
        ;;
    *) echo "$hostile_modes"; exit 2 ;;
    esac
}

force_command() {
    docker exec -i "$1" sh -c 'cat >/usr/local/bin/lab-force; chmod 755 /usr/local/bin/lab-force
        echo "ForceCommand /usr/local/bin/lab-force" >/etc/ssh/sshd_config.d/99-hostile.conf; systemctl reload ssh' <<<"#!/bin/sh
$2"
    # A reloading sshd executes itself anew and refuses connections for a moment.
    sleep 1
}
