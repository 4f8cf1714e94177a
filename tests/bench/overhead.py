#!/usr/bin/env python3
"""overhead.py [RUNS]: what an audit costs beyond the collector itself, on a stock server of the lab, all in one run.

Figures are medians in milliseconds over RUNS rounds (default 7); a round measures every way once, so that a busy moment
hits all alike:

  collector   the script by itself in a root shell on the server
  ssh         ssh USER@SERVER sudo sh -s < collector, OpenSSH doing the same collection
  read        flowkeep-cli audit --no-outside-probes: connect, become root, collect, judge
  audit       flowkeep-cli audit, with the probes from outside beside it

Then the same over a path that is 50 ms longer: the added time over 50 ms is the number of round trips that wait for each
other. FLOWKEEP_BENCH_TARGET names a running target of the lab; without it one is started and removed.
"""
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lab"))
import labkit  # noqa: E402

DELAY = 50  # milliseconds added to every round trip
ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 7


def timed(arguments, stdin=b""):
    started = time.monotonic()
    done = subprocess.run(arguments, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    elapsed = (time.monotonic() - started) * 1000
    if done.returncode:
        sys.exit(f"{arguments}: status {done.returncode}\n{done.stderr.decode(errors='replace')}")
    return elapsed, done.stdout


class Ways:
    """Each way of reading the server once; all with the same key and a known host key."""

    def __init__(self, target, folder):
        self.target = target
        self.script = timed([labkit.CLI, "collector"])[1]
        known = pathlib.Path(folder, "known")
        known.write_text(target.host_key("ed25519"))
        ssh = ["ssh", "-F", "none", "-o", f"UserKnownHostsFile={known}", "-o", "BatchMode=yes", "-i", labkit.KEY,
               f"admin@{target.address}", "sudo", "-n", "sh", "-s"]
        audit = [labkit.CLI, "--config-dir", f"{folder}/config", "audit", "--known-hosts", str(known), "--identity",
                 labkit.KEY, f"admin@{target.address}"]
        self.ways = {"ssh": lambda: timed(ssh, self.nonced())[0],
                     "read": lambda: timed([*audit, "--no-outside-probes"])[0],
                     "audit": lambda: timed(audit)[0]}

    def nonced(self):
        return b"FK_NONCE=" + os.urandom(16).hex().encode() + b"\n" + self.script

    def collector(self):
        """Wall and CPU time of the script on the server, without the way there."""
        inside = ("t=$(date +%s%N); sh -s >/dev/null; e=$(date +%s%N); echo $(((e - t) / 1000)); times")
        lines = self.target.run(inside, stdin=self.nonced().decode()).splitlines()
        spent = lines[2].split()  # times: the shell's own line, then its children's
        return int(lines[0]) / 1000, sum(seconds(each) for each in spent)

    def medians(self, rounds):
        found = {name: [] for name in self.ways}
        for _ in range(rounds):
            for name, way in self.ways.items():
                found[name].append(way())
        return {name: statistics.median(values) for name, values in found.items()}


def seconds(text):
    minutes, rest = text.rstrip("s").split("m")
    return int(minutes) * 60 + float(rest)


def measure(target):
    with tempfile.TemporaryDirectory() as folder:
        ways = Ways(target, folder)
        for way in ways.ways.values():  # warm: caches of both sides
            way()
        own = [ways.collector() for _ in range(ROUNDS)]
        plain = ways.medians(ROUNDS)
        labkit.lab("delay", "on", target.name, str(DELAY))
        try:
            delayed = ways.medians(ROUNDS)
        finally:
            labkit.lab("delay", "off", target.name)
    collector = statistics.median(wall for wall, _ in own)
    print(f"load of this machine: {os.getloadavg()[0]:.1f}")
    print(f"collector {collector:7.0f} ms on the server, {statistics.median(cpu for _, cpu in own):.2f} s of CPU there")
    for name, value in plain.items():
        trips = (delayed[name] - value) / DELAY
        print(f"{name:9} {value:7.0f} ms, {value - collector:+6.0f} ms over the collector, {value - plain['ssh']:+6.0f} ms "
              f"beside ssh, {trips:5.1f} round trips in sequence")


def main():
    if subprocess.run([labkit.LAB, "check"]).returncode:
        sys.exit(77)
    name = os.environ.get("FLOWKEEP_BENCH_TARGET")
    own = None if name else f"{labkit.PREFIX}-bench"
    if own:
        labkit.lab("up", own, "stock")
    try:
        measure(labkit.Target("stock", name or own))
    finally:
        if own:
            labkit.lab("down", own)


if __name__ == "__main__":
    main()
