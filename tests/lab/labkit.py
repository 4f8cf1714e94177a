"""Small tools of the lab's tests: running flowkeep-cli, reading its audits, acting on a target.

Settings come from the environment that CMakeLists.txt sets: FLOWKEEP_CLI (the program), FLOWKEEP_LAB (the door),
FLOWKEEP_LAB_PREFIX (first part of every target's name).
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
CLI = os.environ.get("FLOWKEEP_CLI", str(HERE.parents[1] / "build" / "bin" / "flowkeep-cli"))
LAB = os.environ.get("FLOWKEEP_LAB", str(HERE / "lab"))
PREFIX = os.environ.get("FLOWKEEP_LAB_PREFIX", "fkt")
CACHE = pathlib.Path(os.environ.get("FLOWKEEP_LAB_CACHE",
                                    os.environ.get("XDG_CACHE_HOME", os.path.expanduser("~/.cache")) + "/flowkeep-lab"))
KEY = str(CACHE / "keys" / "ed25519")
AUTHORITY = str(CACHE / "ca" / "ca.pem")
PROJECT = "/opt/AppFlowy-Cloud"
AUDIT_LIMIT = 240  # seconds; a loaded machine is five times slower than an idle one

# docker and the door need root; a sudoer without password is led there.
ROOT = [] if os.geteuid() == 0 else ["sudo", "-n"]


def lab(*arguments):
    """Runs the lab's door and returns what it prints."""
    return subprocess.run([LAB, *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout


class Target:
    """A running server of the lab."""

    def __init__(self, variant, name=None):
        self.name = name or f"{PREFIX}-{variant}"
        self.address = lab("ip", self.name).strip()

    def run(self, script, stdin="", check=True):
        """Runs a shell script as root inside the target, without SSH: it leaves no trace in the login logs."""
        done = subprocess.run([*ROOT, "docker", "exec", "-i", self.name, "sh", "-c", script], input=stdin,
                              capture_output=True, text=True, errors="replace")
        if check and done.returncode:
            raise RuntimeError(f"{self.name}: {script!r} ended with {done.returncode}: {done.stderr}")
        return done.stdout

    def compose(self, arguments, folder=PROJECT):
        return self.run(f"cd {folder} && docker compose {arguments} 2>&1")

    def write(self, path, text):
        self.run(f"cat >{path}", stdin=text)

    def read(self, path):
        return self.run(f"cat {path}")

    def host_key(self, kind):
        """The public host key of a kind (ed25519, ecdsa) as known_hosts wants it."""
        return self.address + " " + " ".join(self.read(f"/etc/ssh/ssh_host_{kind}_key.pub").split()[:2]) + "\n"


class Run:
    """One finished call of flowkeep-cli."""

    def __init__(self, done):
        self.status = done.returncode
        self.output = done.stdout
        self.errors = done.stderr

    @property
    def audit(self):
        return Audit(json.loads(self.output))

    def __str__(self):
        return f"exit {self.status}\n{self.output[-2000:]}\n{self.errors[-2000:]}"


def cli(*arguments, stdin="", config=None):
    """Runs flowkeep-cli with a configuration folder of its own, so that no test sees another's host keys."""
    with tempfile.TemporaryDirectory() as own:
        done = subprocess.run([CLI, "--config-dir", config or own, *arguments], input=stdin, capture_output=True,
                              text=True, errors="replace", timeout=AUDIT_LIMIT)
    return Run(done)


def audit(target, *options, user="admin", stdin="", config=None):
    """An audit as JSON: key login, unknown host key accepted."""
    return cli("--json", "audit", f"{user}@{target.address}", "--identity", KEY, "--accept-new-host-key", *options,
               stdin=stdin, config=config)


class Audit:
    """The JSON of one audit."""

    def __init__(self, data):
        self.data = data
        self.findings = data["findings"]

    def all(self, check):
        return [finding for finding in self.findings if finding["id"] == check]

    def finding(self, check, deployment=None):
        """The only finding of a check, or the only one about a deployment."""
        found = [f for f in self.all(check) if deployment is None or f["deployment"] == deployment]
        if len(found) != 1:
            raise AssertionError(f"{check}: {len(found)} findings about {deployment or 'anything'}, expected one")
        return found[0]

    def verdict(self, check, deployment=None):
        return self.finding(check, deployment)["verdict"]

    def verdicts(self):
        return {(f["id"], f["deployment"]): f["verdict"] for f in self.findings}

    def deployments(self):
        return {deployment["id"] for deployment in self.data["deployments"]}


def words(finding):
    """Everything a finding says, as one lower-case text."""
    return json.dumps(finding).lower()


class LabTest(unittest.TestCase):
    variant = None

    @classmethod
    def setUpClass(cls):
        cls.target = Target(cls.variant)

    def assertVerdict(self, audit, check, verdict, deployment=None):
        finding = audit.finding(check, deployment)
        self.assertEqual(finding["verdict"], verdict, f"{check}: {finding['summary']} / {finding['actual']}")
        return finding

    def assertHonest(self, audit):
        """The rules that hold for every finding of every audit."""
        self.assertEqual(audit.data["schema"], "flowkeep.audit/1")
        for finding in audit.findings:
            if finding["verdict"] in ("pass", "fail"):
                self.assertTrue(finding["evidence"], f"{finding['id']} has no evidence")
            if finding["verdict"] == "pass":
                self.assertIn(finding["reach"], (None, "honoured", "proven"), finding["id"])
        for evidence in (e for f in audit.findings for e in f["evidence"]):
            self.assertTrue(evidence["section"])
            self.assertTrue(evidence["excerpt"] or evidence["command"], evidence)


def main():
    """What every test file ends with: runs the classes named on the command line, or all."""
    if not os.access(CLI, os.X_OK):
        sys.exit(f"{CLI} is missing: build flowkeep-cli first")
    unittest.main(module="__main__", verbosity=2)
