#!/usr/bin/env python3
"""The command line where it needs no server: help, exit statuses, JSON, files, hostile input."""
import contextlib
import json
import os
import pathlib
import re
import resource
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
import time
import unittest

from clikit import CLI, META, Run, cli, environment, frames

COMMANDS = ["audit", "collect", "evaluate", "collector", "checks", "report", "demo"]
LATER = ["servers", "host-keys", "guides", "plan", "apply", "transactions", "undo", "recover", "waive", "attest",
         "verify", "history", "compare", "import"]
AUDIT_KEYS = {"schema", "id", "factsSha256", "server", "startedAt", "durationMs", "toolVersion", "catalogue", "profile",
              "vantage", "privilege", "deployments", "summary", "findings"}
SERVER_KEYS = {"name", "address", "hostKey", "machineId", "os", "docker"}
SUMMARY_KEYS = {"pass", "fail", "warn", "unknown", "manual", "notApplicable", "score", "scoreUpTo", "coverage",
                "scoreVersion"}
DEPLOYMENT_KEYS = {"id", "variant", "directory", "project", "edge", "versions", "summary"}
FINDING_KEYS = {"id", "area", "deployment", "title", "severity", "baseSeverity", "verdict", "reach", "reachChain",
                "summary", "expected", "actual", "subjects", "evidence", "remediation", "controls", "waiver",
                "attestation"}
CHECK_KEYS = {"id", "title", "area", "baseSeverity", "guideLines", "controls", "needs", "proofRequired", "why", "advice",
              "references", "reviewed"}
EVIDENCE_KEYS = {"section", "command", "exitStatus", "at", "excerpt", "sha256"}


class Local(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.home = pathlib.Path(self.folder.name)
        self.addCleanup(self.folder.cleanup)

    def cli(self, *arguments, **options):
        return cli(*arguments, home=self.home, **options)

    def file(self, name, content):
        path = self.home / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def facts(self):
        """Facts of a host whose containers could not be listed."""
        path = self.home / "facts.json"
        if not path.exists():
            given = self.file("frames", frames({"meta": META, "os": "ID=debian\nPRETTY_NAME=\"Debian 12\"\n"}))
            found = self.cli("evaluate", "--frames", given, "--json").json
            sections = [{"id": "meta", "deployment": 0, "command": "", "status": "ok", "rc": 0, "ms": 1,
                         "bytes": len(META), "cut": False, "data": META}]
            path.write_text(json.dumps({"schema": "flowkeep.facts/1", "server": {"name": "shop"},
                                        "privilege": found["privilege"], "sections": sections}))
        return path

    def fails(self, run, status, stage):
        self.assertEqual(run.status, status, run)
        self.assertRegex(run.err, rf"^flowkeep-cli: {stage}: .+; .+\n$", run)
        self.assertEqual(run.err.count("\n"), 1, run)


class Usage(Local):
    def test_help_of_every_command(self):
        overview = self.cli("--help")
        self.assertEqual(overview.status, 0)
        for command in COMMANDS:
            self.assertIn(f"\n  {command}", overview.out)
            own = self.cli(command, "--help")
            self.assertEqual(own.status, 0, own)
            self.assertTrue(own.out.startswith(f"Usage: flowkeep-cli {command}"), own)
            self.assertEqual(own.err, "")
        self.assertRegex(self.cli("--version").out, r"^flowkeep-cli \d+\.\d+\.\d+\n$")

    def test_wrong_calls(self):
        for call in ([], ["frobnicate"], ["audit"], ["audit", "a", "--frob"], ["checks", "--identity", "x"],
                     ["audit", "a", "--fail-on", "loud"], ["report", "--format", "pdf", "-o", "x"]):
            self.fails(self.cli(*call), 2, "parse")

    def test_wrong_targets_never_connect(self):
        for target in ("-oProxyCommand=id", "a b", "x@y;id", "x@-l"):
            self.fails(self.cli("audit", "--", target), 2, "parse")

    def test_what_is_not_built(self):
        for command in LATER:
            run = self.cli(command, "x")
            self.fails(run, 2, "parse")
            self.assertIn("not in this version", run.err)
        for extra in (["--format", "html"], ["--format", "sarif"], ["--format", "pdf", "--framework", "soc2"]):
            run = self.cli("report", "x", *extra, "-o", self.home / "x")
            self.fails(run, 2, "parse")
            self.assertIn("not in this version", run.err)

    def test_errors_are_json_too(self):
        run = self.cli("frobnicate", "--json")
        self.fails(run, 2, "parse")
        answer = run.json
        self.assertEqual(answer["schema"], "flowkeep.error/1")
        self.assertEqual(answer["exitStatus"], 2)
        self.assertEqual(set(answer["error"]), {"stage", "kind", "what", "next", "detail"})

    def test_control_characters_in_arguments(self):
        run = self.cli("audit", "a\x1b[31m\nb")
        self.fails(run, 2, "parse")
        self.assertNotIn("\x1b", run.err)


class Database(Local):
    def test_a_damaged_one_is_set_aside_and_said_so_once(self):
        folder = self.home / "config"
        folder.mkdir(mode=0o700)
        (folder / "flowkeep.sqlite").write_bytes(b"x" * 4096)
        call = ["report", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "--format", "json", "-o", self.home / "out.json",
                "--config-dir", folder]
        first = self.cli(*call)
        self.assertEqual(first.status, 2, first)
        told, failure = first.err.splitlines()
        self.assertRegex(told, r"^flowkeep-cli: file: the damaged database is set aside as \S+\.damaged-\S+; ")
        self.assertIn("01ARZ3NDEKTSV4RRFFQ69G5FAV", failure)
        self.assertEqual(len(list(folder.glob("flowkeep.sqlite.damaged-*"))), 1)
        self.fails(self.cli(*call), 2, "file")


class Catalogue(Local):
    def test_checks_json(self):
        answer = self.cli("checks", "--json").json
        self.assertEqual(answer["schema"], "flowkeep.checks/1")
        self.assertGreaterEqual(len(answer["checks"]), 12)
        for check in answer["checks"]:
            self.assertEqual(set(check), CHECK_KEYS)
            self.assertEqual(set(check["controls"]), {"soc2", "iso27001", "hipaa", "gdpr"})
            self.assertTrue(check["needs"] and check["why"] and check["advice"] and check["references"], check["id"])
            self.assertRegex(check["advice"], r"\n\n    \S", check["id"])  # a block to copy
            for reference in check["references"]:
                self.assertEqual(set(reference), {"title", "url", "date"})

    def test_checks_text_has_every_id(self):
        ids = [check["id"] for check in self.cli("--json", "checks").json["checks"]]
        lines = self.cli("checks").out.splitlines()
        self.assertEqual([line.split()[0] for line in lines], ids)

    def test_collector(self):
        script = self.cli("collector").out
        self.assertIn("FK_NONCE", script)
        subprocess.run(["sh", "-n"], input=script, text=True, check=True)

    def test_a_reader_that_leaves(self):
        done = subprocess.run(f'"{CLI}" collector | head -c 1 >/dev/null', shell=True, env=environment(self.home),
                              capture_output=True, timeout=20)
        self.assertEqual(done.returncode, 0)

    def test_nothing_is_written_where_nothing_is_kept(self):
        self.cli("checks")
        self.cli("evaluate", self.facts())
        self.cli("demo")
        self.cli("report", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "--format", "json", "-o", self.home / "x")
        self.assertEqual({path.name for path in self.home.iterdir()}, {"frames", "facts.json"})


class Evaluate(Local):
    def test_frames(self):
        given = self.file("f", "motd\n" + frames({"meta": META}))
        run = self.cli("evaluate", "--frames", given, "--json")
        self.assertEqual(run.status, 0, run)
        audit = run.json
        self.assertLessEqual(AUDIT_KEYS, set(audit))
        self.assertEqual(set(audit["server"]), SERVER_KEYS)
        self.assertEqual(set(audit["summary"]), SUMMARY_KEYS)
        self.assertIsNone(audit["summary"]["score"])
        self.assertEqual(audit["exitStatus"], 0)
        self.assertEqual(audit["privilege"], "root")
        self.assertTrue(audit["findings"])
        for finding in audit["findings"]:
            self.assertEqual(set(finding), FINDING_KEYS)
            for evidence in finding["evidence"]:
                self.assertEqual(set(evidence), EVIDENCE_KEYS)
            if finding["verdict"] in ("pass", "fail"):
                self.assertTrue(finding["evidence"], finding["id"])
        for deployment in audit["deployments"]:
            self.assertEqual(set(deployment), DEPLOYMENT_KEYS)

    def test_frames_from_standard_input(self):
        run = self.cli("evaluate", "--frames", "-", stdin=frames({"meta": META}))
        self.assertEqual(run.status, 0, run)
        self.assertIn("From a file, origin not verified", run.out)

    def test_text(self):
        run = self.cli("evaluate", self.facts())
        self.assertEqual(run.status, 0, run)
        self.assertIn("not enough evidence", run.out)
        self.assertIn("coverage 0 %", run.out)
        self.assertNotIn("\x1b", run.out)

    def test_gates(self):
        facts = self.facts()
        self.assertEqual(self.cli("evaluate", facts).status, 0)
        self.assertEqual(self.cli("evaluate", facts, "--fail-on", "critical").status, 7)
        self.assertEqual(self.cli("evaluate", facts, "--min-coverage", "1").status, 7)
        self.assertEqual(self.cli("evaluate", facts, "--min-coverage", "0").status, 0)
        self.assertEqual(self.cli("evaluate", facts, "--json", "--fail-on", "critical").json["exitStatus"], 7)

    def test_an_unknown_deployment(self):
        self.fails(self.cli("evaluate", self.facts(), "--deployment", "nowhere"), 2, "parse")

    def test_bad_files(self):
        self.fails(self.cli("evaluate", self.home / "none"), 2, "file")
        self.fails(self.cli("evaluate", self.home), 2, "file")
        self.fails(self.cli("evaluate", "--frames", self.file("noise", "nothing\n")), 2, "parse")

    def test_hostile_facts(self):
        deep = b"[" * 200000
        for number, content in enumerate([b"", b"{", b"null", b"[]", b"{}", deep, b'{"schema":' + deep, b"\xff\xfe\x00",
                                          b'{"schema":"flowkeep.facts/2"}', b'{"schema":7}']):
            run = self.cli("evaluate", self.file(f"h{number}", content), "--json")
            self.assertEqual(run.status, 2, run)
            self.assertEqual(run.json["schema"], "flowkeep.error/1")

    def test_wrong_types_do_not_crash(self):
        whole = json.loads(self.facts().read_text())
        for value in (None, 7, "x", [], {}, True, -1e300, "\x1b[31m", ["\u202e"]):
            for key in whole:
                if key == "schema":
                    continue
                run = self.cli("evaluate", self.file("t", json.dumps({**whole, key: value})), "--json")
                self.assertIn(run.status, (0, 2), f"{key}={value!r}: {run}")
                run.json
            for key in whole["sections"][0]:
                changed = {**whole, "sections": [{**whole["sections"][0], key: value}]}
                run = self.cli("evaluate", self.file("t", json.dumps(changed)))
                self.assertIn(run.status, (0, 2), f"section {key}={value!r}: {run}")
                self.assertNotIn("\x1b", run.out)

    def test_too_large(self):
        path = self.home / "large"
        with open(path, "wb") as out:
            out.truncate(33 * 1024 * 1024)
        self.fails(self.cli("evaluate", path), 2, "file")


class SavedServers(Local):
    def test_an_unreadable_store_is_the_targets_error(self):
        config = self.home / ".config" / "flowkeep"
        config.mkdir(parents=True, mode=0o700)
        with contextlib.closing(sqlite3.connect(config / "flowkeep.sqlite")) as newer:
            newer.execute("PRAGMA user_version = 999")
        run = self.cli("audit", "prod", "--json")
        self.fails(run, 2, "file")
        self.assertEqual((run.json["target"], run.json["error"]["kind"]), ("prod", "DatabaseNewer"))


class CoreFiles(unittest.TestCase):
    """The real programs, run by an ordinary user: what they hold in memory must not reach a core file."""

    def owner_and_limit(self, program, arguments, home):
        account = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
        _, hard = resource.getrlimit(resource.RLIMIT_CORE)
        process = subprocess.Popen([program, *arguments], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, env={**environment(home), "QT_QPA_PLATFORM": "offscreen"},
                                   preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (hard, hard)),
                                   **account)
        try:
            proc = pathlib.Path("/proc", str(process.pid))
            until = time.monotonic() + 20
            while True:  # main() begins a moment after the process
                owner = (proc / "limits").stat().st_uid
                limit = re.search(r"(?m)^Max core file size +(\S+) +(\S+)", (proc / "limits").read_text()).groups()
                if (owner, limit) == (0, ("0", "0")) or time.monotonic() > until:
                    return owner, limit
                time.sleep(0.02)
        finally:
            process.kill()
            process.communicate()

    def test_neither_core_files_nor_ptrace(self):
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o777)
            # A program that its user may not read is not dumpable anyway and would prove nothing.
            programs = [shutil.copy(CLI, folder)]
            gui = pathlib.Path(CLI).with_name("flowkeep")
            if gui.exists():
                programs.append(shutil.copy(gui, folder))
            for program in programs:
                os.chmod(program, 0o755)
                words = ["evaluate", "-"] if program.endswith("-cli") else ["--demo"]
                self.assertEqual(self.owner_and_limit(program, words, folder), (0, ("0", "0")), program)
            me = 65534 if os.geteuid() == 0 else os.geteuid()
            self.assertEqual(os.stat(f"/proc/{self.sleeper(me)}/limits").st_uid, me)

    def sleeper(self, uid):
        """The control: an ordinary process belongs to its user."""
        account = {"user": uid} if os.geteuid() == 0 else {}
        process = subprocess.Popen(["sleep", "30"], **account)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        until = time.monotonic() + 5
        while os.readlink(f"/proc/{process.pid}/exe").find("sleep") < 0 and time.monotonic() < until:
            time.sleep(0.01)
        return process.pid


class Demo(Local):
    def test_demo_and_audit_demo_are_the_same(self):
        demo, audit = self.cli("demo", "--json").json, self.cli("audit", "demo", "--json").json
        self.assertFalse(demo["fromFile"])
        self.assertEqual(demo["exitStatus"], 0)
        self.assertEqual([finding["verdict"] for finding in demo["findings"]],
                         [finding["verdict"] for finding in audit["findings"]])
        self.assertIn("unknown", [finding["verdict"] for finding in demo["findings"]])

    def test_gate(self):
        self.assertEqual(self.cli("demo", "--fail-on", "high").status, 1)

    def test_one_deployment(self):
        name = self.cli("demo", "--json").json["deployments"][0]["id"]
        self.assertEqual(self.cli("demo", "--deployment", name).status, 0)
        self.fails(self.cli("demo", "--deployment", "nowhere"), 2, "parse")

    def test_collect_and_evaluate(self):
        facts = self.home / "demo.json"
        self.assertEqual(self.cli("collect", "demo", "-o", facts).status, 0)
        judged = self.cli("evaluate", facts, "--json").json
        self.assertTrue(judged["fromFile"])
        self.assertEqual([finding["verdict"] for finding in judged["findings"]],
                         [finding["verdict"] for finding in self.cli("demo", "--json").json["findings"]])

    def test_report(self):
        pdf = self.home / "posture.pdf"
        self.assertEqual(self.cli("report", "--target", "demo", "--format", "pdf", "-o", pdf).status, 0)
        self.assertEqual(pdf.read_bytes()[:5], b"%PDF-")

    def test_it_is_no_history(self):
        run = self.cli("audit", "demo", "--save")
        self.assertEqual(run.status, 2, run)


class Output(Local):
    def test_new_files_are_private_and_never_overwritten(self):
        out = self.home / "out.json"
        run = self.cli("evaluate", self.facts(), "--json", "-o", out)
        self.assertEqual((run.status, run.out), (0, ""), run)
        self.assertEqual(stat.S_IMODE(out.stat().st_mode), 0o600)
        self.assertEqual(json.loads(out.read_text())["schema"], "flowkeep.audit/1")
        before = out.read_bytes()
        self.fails(self.cli("evaluate", self.facts(), "-o", out), 2, "file")
        self.assertEqual(out.read_bytes(), before)
        self.assertEqual(self.cli("evaluate", self.facts(), "-o", out, "--force").status, 0)
        self.assertNotEqual(out.read_bytes(), before)
        self.assertEqual(stat.S_IMODE(out.stat().st_mode), 0o600)

    def test_links_are_not_followed(self):
        victim = self.file("victim", "precious")
        link = self.home / "link"
        link.symlink_to(victim)
        for extra in ([], ["--force"]):
            run = self.cli("evaluate", self.facts(), "-o", link, *extra)
            self.fails(run, 2, "file")
        self.assertEqual(victim.read_text(), "precious")
        self.assertTrue(link.is_symlink())

    def test_an_existing_output_is_noticed_before_the_work(self):
        out = self.file("there", "x")
        # 203.0.113.0/24 is nobody's: an attempt to connect would take its time.
        self.fails(self.cli("audit", "x@203.0.113.1", "-o", out, timeout=3), 2, "file")

    def test_an_output_that_cannot_be_written(self):
        out, facts = self.home / "out", self.facts()
        full = ["sh", "-c", 'trap "" XFSZ; ulimit -f 0; exec "$0" "$@"', CLI]  # a disk that takes nothing
        for call in (["demo"], ["evaluate", facts],
                     ["report", "--target", "demo", "--format", "json"], ["collect", "demo"]):
            done = subprocess.run([*full, *map(str, call), "-o", out, "--json"], capture_output=True, text=True,
                                  timeout=60, env=environment(self.home))
            run = Run(done.returncode, done.stdout, done.stderr)
            self.fails(run, 2, "file")
            self.assertEqual(run.json["schema"], "flowkeep.error/1", call)
            self.assertEqual(run.json["error"]["kind"], "FileUnwritable", call)
            self.assertFalse(out.exists())

    def test_a_report_of_a_bad_file_names_it(self):
        for content in ("{", '{"schema":"flowkeep.facts/9"}'):
            bad = self.file("bad.json", content)
            run = self.cli("report", "--facts", bad, "--format", "json", "-o", self.home / "x", "--json")
            self.fails(run, 2, "file")
            self.assertIn("bad.json", run.err)
            self.assertIn("bad.json", run.json["error"]["what"])

    def test_reports_of_a_file(self):
        pdf = self.home / "r.pdf"
        run = self.cli("report", "--facts", self.facts(), "--format", "pdf", "-o", pdf)
        self.assertEqual(run.status, 0, run)
        self.assertEqual(pdf.read_bytes()[:5], b"%PDF-")
        self.assertEqual(stat.S_IMODE(pdf.stat().st_mode), 0o600)
        report = self.home / "r.json"
        run = self.cli("report", "--facts", self.facts(), "--format", "json", "-o", report, "--json")
        self.assertEqual(run.json["schema"], "flowkeep.reported/1", run)
        self.assertTrue(json.loads(report.read_text())["fromFile"])

    def test_a_saved_audit_that_is_not_there(self):
        run = self.cli("report", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "--format", "json", "-o", self.home / "x")
        self.fails(run, 2, "file")
        self.assertFalse((self.home / "x").exists())

    def test_no_core_file_and_no_open_umask(self):
        os.umask(0)
        out = self.home / "o"
        self.cli("collector")
        self.cli("evaluate", self.facts(), "-o", out)
        self.assertEqual(stat.S_IMODE(out.stat().st_mode), 0o600)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[1:]])
