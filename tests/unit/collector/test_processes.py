"""How many processes a collection takes, and that none of them stays: not after the deadline, not once nobody listens."""

import os
import re
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import harness
from harness import Kind, Server, frames, kinds, stack
from test_sections import verifier

LIMIT = 120  # of two deployments on a host with GNU tools


class Case(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.close)


class Count(Case):
    """A server where everything is there and everything takes its long way: root, rules of all kinds, a foreign owner,
    a database with a verifier, and a sign-in server that answers only inside its container."""

    def full(self, deployments):
        for name in ("ip", "iptables-save", "ip6tables-save", "iptables-legacy-save", "ip6tables-legacy-save", "nft", "ss", "ufw"):
            self.server.tool(name, "#!/bin/sh\necho x\n")
        self.server.tool("curl", "#!/bin/sh\nexit 7\n")
        for n in range(deployments):
            workdir, made = stack(self.server, workdir=self.server.workdir(f"w{n}"), project=f"p{n}")
            made[0].more["nets"] = [["app_default", f"172.18.{n}.9", ""]]
            with open(os.path.join(workdir, ".env"), "w", encoding="utf-8") as f:
                f.write("FQDN=a.example\n")
            os.chown(workdir, 65534, 65534)
            self.server.config(f"p{n}", {"services": {"gotrue": {"image": "x"}}})
            self.server.answer(made[0], "curl", "{}\n200")
            self.server.answer(made[2], "sh", f"max|1\nrole|postgres|scram-sha-256|1\nverifier|{verifier('x')}\ntable|0\nend|1\n")
            self.server.answer(made[3], "nginx", "events {}\n")

    def count(self, kind, deployments):
        """Every process below the shell that reads the script; threads do not count."""
        self.server = Server()
        self.addCleanup(self.server.close)
        self.full(deployments)
        log = os.path.join(self.server.dir, "trace")
        tracer = ["strace", "-f", "-qq", "-e", "trace=clone,clone3,fork,vfork", "-e", "signal=none", "-o", log]
        done = subprocess.run([*tracer, *self.server.command(kind)], input=self.server.text(kind).encode(), capture_output=True, timeout=60, check=True)
        found = frames(done.stdout)
        for ident in ("env", "rendered", "nginx", "gotrue-settings", "password-probe", "db-role"):
            for n in range(1, deployments + 1):
                self.assertEqual(found[f"{ident}@{n}"].status, "ok", f"{ident}@{n}")
        with open(log, encoding="utf-8", errors="replace") as f:
            made = [line for line in f if re.search(r"(clone3?|v?fork)(\(| resumed>).* = [0-9]+$", line.rstrip())]
        return sum("CLONE_THREAD" not in line for line in made)

    def test_the_number_of_processes(self):
        if os.geteuid() != 0:
            self.skipTest("needs root: the limit is that of a root's collection")
        if not harness.tracing():
            self.skipTest("strace does not work here")
        for kind in kinds():
            with self.subTest(kind=kind):
                none, one, two, three = (self.count(kind, n) for n in range(4))
                print(f"{kind}: {none} processes without a deployment, {one}, {two}, {three} with one, two, three")
                self.assertEqual(three - two, two - one, "each deployment costs the same")
                # busybox's timeout takes a process more each time
                self.assertLessEqual(two, LIMIT if kind.tools == "gnu" else LIMIT + 30)


def alive(marker):
    """Processes whose command line or environment names the marker."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as f:
                line = f.read()
            with open(f"/proc/{pid}/environ", "rb") as f:
                line += f.read()
        except OSError:
            continue
        if marker.encode() in line and int(pid) != os.getpid():
            found.append((int(pid), line[:60]))
    return found


def every_shell():
    return [*kinds(), Kind("bash-posix+mawk", ["bash", "--posix"], "gnu", "mawk")]


SPIN = "while :; do :; done"
SLOW = [("timeout 5 cat", "timeout 1 cat")]
SOON = [("timeout 60 cat", "timeout 1 cat"), *SLOW]
# What can go on for ever: pieces of the script to replace, and tools of the server.
RUNAWAYS = {
    "the collecting shell": ([("  fk_tool listening", f"  {SPIN}\n  fk_tool listening")], {}),
    "a subshell": ([("  fk_tool listening", f"  fk_x=$({SPIN})\n  fk_tool listening")], {}),
    "a subshell that refuses to end": ([("  fk_tool listening", f"  fk_x=$(trap '' TERM; {SPIN})\n  fk_tool listening")], {}),
    "awk": ([("\nBEGIN {\n  split(", "\nBEGIN {\n  while (1) n++\n  split(")], {}),
    "the shell in a read": ([("/etc/os-release", "{fifo}")], {}),
    "a tool in a read": ([], {"ss": "#!/bin/sh\nread x <{fifo}\n"}),
    "a tool that refuses to end": ([], {"ss": f"#!/bin/sh\ntrap '' TERM HUP PIPE\n{SPIN}\n"}),
    "a child whose parent has gone": ([], {"ss": f"#!/bin/sh\n(trap '' TERM HUP; {SPIN}) &\n"}),
    "a child that lets go of its output": ([], {"ss": f"#!/bin/sh\n(trap '' TERM HUP; {SPIN}) >/dev/null &\n"}),
}


class Runaway(Case):
    def setUp(self):
        super().setUp()
        self.fifo = os.path.join(self.server.dir, "fifo")
        os.mkfifo(self.fifo)
        self.addCleanup(self.end_all)
        self.marker = f"FK_TEST_{os.getpid()}_{self.id()}"

    def end_all(self):
        for pid, _ in alive(self.marker):
            os.kill(pid, signal.SIGKILL)

    def start(self, kind, replace, held):
        """Like sudo without a terminal: in a session of its own, to which nobody sends a SIGHUP."""
        text = self.server.text(kind, [(old, new.replace("{fifo}", self.fifo)) for old, new in replace])
        if held:
            text = "FK_HELD=1\n" + text
        process = subprocess.Popen(
            ["nohup", *self.server.command(kind)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            start_new_session=True, env={**os.environ, "FK_MARK": f"{self.marker}_{kind.name}"},
        )
        process.stdin.write(text.encode())
        process.stdin.flush()
        if not held:
            process.stdin.close()
        return process

    def each(self, replace, held, act):
        """All shells at a time: starts them, acts, and returns what they said and after how many seconds they had gone."""
        running = [(kind, self.start(kind, replace, held)) for kind in every_shell()]
        for kind, process in running:
            self.assertEqual(process.stdout.read(3), b"FK1", kind)  # it runs
        time.sleep(0.5)
        before = time.monotonic()
        for kind, process in running:
            act(process)
        for kind, process in running:
            with self.subTest(kind=kind):
                try:
                    process.wait(timeout=15)
                except subprocess.TimeoutExpired:
                    self.fail("the collector does not end")
                while alive(f"{self.marker}_{kind.name}") and time.monotonic() - before < 15:
                    time.sleep(0.1)
                self.assertEqual(alive(f"{self.marker}_{kind.name}"), [])
                self.assertLess(time.monotonic() - before, 12)
        return running

    def prepare(self, tools):
        self.server.extra = {}
        for name, text in tools.items():
            self.server.tool(name, text.replace("{fifo}", self.fifo))

    def test_ends_at_the_deadline(self):
        for name, (replace, tools) in RUNAWAYS.items():
            with self.subTest(runaway=name):
                self.prepare(tools)
                for kind, process in self.each([*replace, *SOON], False, lambda process: None):
                    process.stdout.close()

    def test_ends_when_nobody_listens(self):
        def hang_up(process):
            process.stdin.close()
            process.stdout.close()

        for name, (replace, tools) in RUNAWAYS.items():
            with self.subTest(runaway=name):
                self.prepare(tools)
                self.each([*replace, *SLOW], True, hang_up)

    def test_a_listener_is_let_be(self):
        """Held to the end, the collection is whole, and what waited for the listener has gone before him."""
        stack(self.server)
        for kind, process in self.each([], True, lambda process: None):
            self.assertFalse(process.stdin.closed)
            self.assertEqual(process.returncode, 0)
            self.assertIn("containers", frames(b"FK1" + process.stdout.read()))
            process.stdin.close()
            process.stdout.close()


class Watchdog(Case):
    def hanging(self):
        self.server.tool("ss", "#!/bin/sh\ntrap '' HUP\nsleep 98765\n")
        self.server.tool("sleep", "#!/bin/sh\nexec /bin/sleep \"$@\"\n")

    def gone(self, marker, seconds):
        deadline = time.monotonic() + seconds
        while alive(marker) and time.monotonic() < deadline:
            time.sleep(0.2)
        self.assertEqual(alive(marker), [])

    def test_what_hangs_is_ended(self):
        self.hanging()
        for kind in kinds():
            with self.subTest(kind=kind):
                marker = f"FK_TEST_{os.getpid()}_{kind.name}"
                before = time.monotonic()
                found = self.server.run(kind, [("timeout 60 cat", "timeout 2 cat")], env={**os.environ, "FK_MARK": marker})
                self.assertLess(time.monotonic() - before, 12)
                self.assertEqual(found["listening"].status, "timeout")
                self.assertEqual(found["docker"].status, "timeout")
                self.assertEqual(found["meta"].status, "ok")
                self.gone(marker, 3)  # the half of busybox's timeout that waits looks once a second

    def test_a_tool_with_a_limit(self):
        if os.geteuid() != 0:
            self.skipTest("needs root for nft")
        # busybox's timeout ends the program alone, not its children: those are left to the watchdog
        self.server.tool("nft", "#!/bin/sh\nexec /bin/sleep 98765\n")
        for kind in kinds():
            found = self.server.run(kind, [("fk_tool nft 10", "fk_tool nft 1")])
            self.assertEqual(found["nft"].status, "timeout")
            self.assertEqual(found["docker"].status, "ok")

    def test_nothing_outlives_a_killed_collector(self):
        self.server.tool("ss", "#!/bin/sh\nsleep 3\n")
        self.server.tool("sleep", "#!/bin/sh\nexec /bin/sleep \"$@\"\n")
        for kind in kinds():
            marker = f"FK_TEST_{os.getpid()}_{kind.name}_killed"
            process = subprocess.Popen(self.server.command(kind), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "FK_MARK": marker})
            process.stdin.write(self.server.text(kind).encode())
            process.stdin.close()
            process.stdout.read(3)
            process.send_signal(signal.SIGKILL)
            process.stdout.close()
            process.wait()
            self.gone(marker, 15)

    def test_without_a_watchdog_nothing_runs(self):
        for kind in kinds()[:2]:  # busybox has all its programs within itself
            text = self.server.text(kind)
            os.unlink(os.path.join(self.server.dir, "bin-" + kind.name, "timeout"))
            done = subprocess.run(self.server.command(kind), input=text.encode(), capture_output=True, timeout=20, check=False)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (127, b"", b"timeout: not found\n"))


if __name__ == "__main__":
    unittest.main()
