#!/usr/bin/env python3
"""The command line against a real sshd on loopback that runs the real collector on this machine."""
import json
import os
import pathlib
import pty
import re
import select
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import unittest

from clikit import CLI, Run, Sshd, cli, environment, free_port

SSHD = None


def setUpModule():
    global SSHD
    SSHD = Sshd()


def tearDownModule():
    SSHD.close()


class WithServer(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.home = pathlib.Path(self.folder.name)
        self.addCleanup(self.folder.cleanup)
        self.login = ["--identity", SSHD.key, "--known-hosts", "/dev/null", "--no-outside-probes"]

    def cli(self, *arguments, **options):
        return cli(*arguments, home=self.home, timeout=120, **options)

    def on_terminal(self, answers, *arguments):
        """Runs with standard input and error on a terminal; answers each question with the next line."""
        reader, writer = os.pipe()
        child, terminal = pty.fork()
        if child == 0:
            os.dup2(writer, 1)
            os.execve(CLI, [CLI, *map(str, arguments)], environment(self.home))
        os.close(writer)
        shown, out, answers = b"", b"", list(answers)
        asked = 0
        streams = [terminal, reader]
        deadline = time.monotonic() + 120
        while streams and time.monotonic() < deadline:
            for stream in select.select(streams, [], [], 1)[0]:
                try:
                    data = os.read(stream, 65536)
                except OSError:  # the terminal's other end is gone
                    data = b""
                if not data:
                    streams.remove(stream)
                elif stream == reader:
                    out += data
                else:
                    shown += data
            while shown.count(b": ") > asked and answers and shown.endswith(b": "):
                asked = shown.count(b": ")
                os.write(terminal, answers.pop(0).encode() + b"\n")
        os.close(reader)
        os.close(terminal)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        return Run(status, out.decode(), shown.decode(errors="replace"))


class HostKeys(WithServer):
    def test_unknown_is_refused_without_a_terminal(self):
        run = self.cli("audit", SSHD.target, *self.login, "--json")
        self.assertEqual(run.status, 3, run)
        error = run.json["error"]
        self.assertEqual((error["stage"], error["kind"]), ("host-key", "HostKeyUnknown"))
        self.assertEqual(error["hostKey"]["fingerprint"], SSHD.fingerprint)
        self.assertIn("host-key: ", run.err)

    def test_accepted_is_remembered(self):
        self.assertEqual(self.cli("audit", SSHD.target, *self.login, "--accept-new-host-key").status, 0)
        config = self.home / ".config" / "flowkeep"
        self.assertEqual(stat.S_IMODE(config.stat().st_mode), 0o700)
        self.assertEqual(stat.S_IMODE((config / "known_hosts").stat().st_mode), 0o600)
        self.assertEqual({path.name for path in config.iterdir()} - {"known_hosts.lock"}, {"known_hosts"})
        self.assertEqual(self.cli("audit", SSHD.target, *self.login).status, 0)

    def test_by_fingerprint(self):
        wrong = "SHA256:" + "A" * 43
        run = self.cli("audit", SSHD.target, *self.login, "--host-key-fingerprint", wrong)
        self.assertEqual(run.status, 3, run)
        self.assertIn("host-key: ", run.err)
        run = self.cli("audit", SSHD.target, *self.login, "--host-key-fingerprint", SSHD.fingerprint)
        self.assertEqual(run.status, 0, run)

    def test_a_certificate_authority_is_explained(self):
        known = self.home / "known"
        other = subprocess.run(["ssh-keygen", "-y", "-f", SSHD.key], check=True, capture_output=True, text=True).stdout
        known.write_text(f"@cert-authority [127.0.0.1]:{SSHD.port} {other}")
        login = ["--identity", SSHD.key, "--known-hosts", known, "--no-outside-probes"]
        note = "cannot verify host certificates"
        run = self.cli("audit", SSHD.target, *login, "--json")
        self.assertEqual(run.status, 3, run)
        self.assertTrue(run.json["error"]["hostKey"]["onlyAuthority"])
        self.assertIn(note, self.cli("audit", SSHD.target, *login).err)
        self.assertIn(note, self.on_terminal(["no"], "audit", SSHD.target, *login).err)
        self.assertNotIn(note, self.cli("audit", SSHD.target, *self.login).err)

    def test_changed_is_refused_even_when_new_ones_are_accepted(self):
        known = self.home / "known"
        other = subprocess.run(["ssh-keygen", "-y", "-f", SSHD.key], check=True, capture_output=True, text=True).stdout
        known.write_text(f"[127.0.0.1]:{SSHD.port} {other}")
        run = self.cli("audit", SSHD.target, "--identity", SSHD.key, "--known-hosts", known, "--accept-new-host-key",
                       "--json")
        self.assertEqual(run.status, 3, run)
        self.assertEqual(run.json["error"]["kind"], "HostKeyChanged")
        self.assertTrue(run.json["error"]["hostKey"]["known"])

    def test_asked_on_a_terminal(self):
        run = self.on_terminal(["no"], "audit", SSHD.target, *self.login)
        self.assertEqual(run.status, 3, run)
        self.assertIn(SSHD.fingerprint, run.err)
        run = self.on_terminal(["yes", ""], "audit", SSHD.target, *self.login)
        self.assertEqual(run.status, 0, run)
        self.assertIn("coverage", run.out)
        self.assertNotIn("\x1b", run.out)  # standard output is a pipe

    def test_each_question_stands_under_its_own_fingerprint(self):
        servers = [Sshd() for _ in range(6)]
        for server in servers:
            self.addCleanup(server.close)
        run = self.on_terminal(["no"] * len(servers), "audit", *[server.target for server in servers], "--identity",
                               SSHD.key, "--known-hosts", "/dev/null", "--no-outside-probes", "--parallel", len(servers))
        self.assertEqual(run.status, 3, run)
        shown = re.sub(r"\r\x1b\[K[^\r\n]*(?=\r\x1b\[K)|\r\x1b\[K", "", run.err)
        for server in servers:
            self.assertRegex(shown, rf"The host key of 127\.0\.0\.1 port {server.port} is not known\.\r?\n"
                             rf" +ssh-ed25519 +{re.escape(server.fingerprint)}\r?\n"
                             rf"Compare it with [^\n]*\n"
                             rf"Type yes to trust this key of 127\.0\.0\.1 port {server.port},")

    def test_the_fingerprint_pasted(self):
        run = self.on_terminal([SSHD.fingerprint, ""], "audit", SSHD.target, *self.login)
        self.assertEqual(run.status, 0, run)


class Connection(WithServer):
    def stages(self, run, stage, status=3):
        self.assertEqual(run.status, status, run)
        self.assertRegex(run.err, rf"(?m)^flowkeep-cli: {stage}: .+; .+$")

    def test_nobody_listens(self):
        self.stages(self.cli("audit", f"x@127.0.0.1:{free_port()}"), "tcp")

    def test_no_such_name(self):
        self.stages(self.cli("audit", "x@no-such-name.invalid"), "name")

    def test_not_an_ssh_server(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            process = subprocess.Popen([CLI, "audit", f"x@127.0.0.1:{server.getsockname()[1]}"],
                                       stderr=subprocess.PIPE, env=environment(self.home), text=True)
            peer = server.accept()[0]
            peer.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            peer.close()
            error = process.communicate(timeout=30)[1]
        self.assertEqual(process.returncode, 3)
        self.assertRegex(error, r"^flowkeep-cli: banner: ")

    def test_the_wrong_key(self):
        other = self.home / "other"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", other], check=True)
        run = self.cli("audit", SSHD.target, "--identity", other, "--accept-new-host-key")
        self.stages(run, "authentication")

    def test_no_key_file(self):
        run = self.cli("audit", SSHD.target, "--identity", self.home / "none", "--accept-new-host-key")
        self.stages(run, "authentication", 2)

    def test_a_password_leaves_no_trace(self):
        canary = "canary-7f3a9c"
        run = self.cli("audit", SSHD.target, "--password-stdin", "--sudo-password-stdin", "--accept-new-host-key",
                       "--json", stdin=f"{canary}\n{canary}\n")
        self.assertEqual(run.status, 3, run)
        self.assertNotIn(canary, run.out + run.err)
        for path in self.home.rglob("*"):
            if path.is_file():
                self.assertNotIn(canary.encode(), path.read_bytes(), path)

    def test_a_password_that_is_not_there(self):
        self.stages(self.cli("audit", SSHD.target, "--password-stdin"), "file", 2)

    def test_interrupt(self):
        for signal_number in (signal.SIGINT, signal.SIGTERM):
            with socket.create_server(("127.0.0.1", 0)) as server:  # takes the connection and stays silent
                process = subprocess.Popen([CLI, "audit", f"x@127.0.0.1:{server.getsockname()[1]}", "--json"],
                                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(self.home))
                peer = server.accept()[0]
                time.sleep(0.3)
                started = time.monotonic()
                process.send_signal(signal_number)
                out, _ = process.communicate(timeout=10)
                peer.close()
            self.assertLess(time.monotonic() - started, 0.8)
            self.assertEqual(process.returncode, 130)
            self.assertEqual(json.loads(out)["error"]["kind"], "Cancelled")


class Audit(WithServer):
    """This machine has no AppFlowy of its own: nothing can be scored, and that is said."""

    def setUp(self):
        super().setUp()
        self.login += ["--host-key-fingerprint", SSHD.fingerprint]

    def test_audit(self):
        run = self.cli("audit", SSHD.target, *self.login, "--json")
        self.assertEqual(run.status, 0, run)
        audit = run.json
        self.assertEqual(audit["schema"], "flowkeep.audit/1")
        self.assertIsNone(audit["summary"]["score"])
        self.assertEqual(audit["server"]["hostKey"], SSHD.fingerprint)
        self.assertFalse(audit["fromFile"])
        if os.geteuid() == 0:
            self.assertEqual(audit["privilege"], "root")
        gated = self.cli("audit", SSHD.target, *self.login, "--json", "--fail-on", "low")
        verdicts = {(finding["verdict"], finding["severity"]) for finding in gated.json["findings"]}
        failed = any(verdict == "fail" and severity != "info" for verdict, severity in verdicts)
        self.assertEqual(gated.status, 1 if failed else 7, gated)

    def test_several_targets(self):
        gone = f"x@127.0.0.1:{free_port()}"
        run = self.cli("--json", "audit", SSHD.target, gone, SSHD.target, *self.login, "--parallel", "3")
        self.assertEqual(run.status, 3, run)
        answer = run.json
        self.assertEqual(answer["schema"], "flowkeep.audits/1")
        self.assertEqual([target["target"] for target in answer["targets"]], [SSHD.target, gone, SSHD.target])
        self.assertEqual([target["exitStatus"] for target in answer["targets"]], [0, 3, 0])
        self.assertIsNone(answer["targets"][1]["audit"])
        self.assertEqual(answer["targets"][0]["audit"]["schema"], "flowkeep.audit/1")

    def test_collected_facts_say_the_same(self):
        facts = self.home / "facts.json"
        run = self.cli("collect", SSHD.target, *self.login, "-o", facts)
        self.assertEqual(run.status, 0, run)
        self.assertEqual(stat.S_IMODE(facts.stat().st_mode), 0o600)
        stored = json.loads(facts.read_text())
        self.assertEqual(stored["schema"], "flowkeep.facts/1")
        for key in ("collector", "server", "privilege", "clock", "vantage", "sections", "outside"):
            self.assertIn(key, stored)
        for section in stored["sections"]:
            self.assertLessEqual({"id", "deployment", "command", "status", "rc", "ms", "bytes", "cut", "sha256", "data"},
                                 set(section))
        judged = self.cli("evaluate", facts, "--json").json
        live = self.cli("audit", SSHD.target, *self.login, "--json").json
        self.assertEqual([finding["verdict"] for finding in judged["findings"]],
                         [finding["verdict"] for finding in live["findings"]])

    def test_the_collector_by_hand(self):
        script = self.cli("collector").out
        done = subprocess.run(["sh", "-s"], input=script.encode(), capture_output=True, timeout=120)
        given = self.home / "frames"
        given.write_bytes(b"Last login: today\n" + done.stdout)
        run = self.cli("evaluate", "--frames", given, "--json")
        self.assertEqual(run.status, 0, run)
        self.assertTrue(run.json["fromFile"])

    def test_save_and_report(self):
        run = self.cli("audit", SSHD.target, *self.login, "--save", "--json")
        self.assertEqual(run.status, 0, run)
        database = self.home / ".config" / "flowkeep" / "flowkeep.sqlite"
        self.assertEqual(stat.S_IMODE(database.stat().st_mode), 0o600)
        out = self.home / "report.json"
        made = self.cli("report", run.json["id"], "--format", "json", "-o", out)
        self.assertEqual(made.status, 0, made)
        report = json.loads(out.read_text())
        self.assertEqual(report["id"], run.json["id"])
        self.assertFalse(report["fromFile"])
        self.assertEqual(report["startedAt"], run.json["startedAt"])
        # The second audit goes to the same saved server, found by its name without user and port.
        self.assertEqual(self.cli("audit", SSHD.target, *self.login, "--save").status, 0)

    def test_a_report_that_fails_tells_the_target_and_the_key(self):
        out = self.home / "report.json"
        run = self.cli("report", "--target", SSHD.target, *self.login[:-2], "--format", "json", "-o", out, "--json")
        self.assertEqual(run.status, 3, run)
        self.assertEqual((run.json["target"], run.json["exitStatus"]), (SSHD.target, 3))
        self.assertEqual(run.json["error"]["hostKey"]["fingerprint"], SSHD.fingerprint)
        self.assertRegex(run.err, r"^flowkeep-cli: host-key: ")
        self.assertFalse(out.exists())

    def test_report_of_a_target(self):
        out = self.home / "posture.pdf"
        run = self.cli("report", "--target", SSHD.target, *self.login, "--format", "pdf", "-o", out)
        self.assertEqual(run.status, 0, run)
        self.assertTrue(out.read_bytes().startswith(b"%PDF-"))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[1:]])
