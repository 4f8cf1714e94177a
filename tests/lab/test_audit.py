#!/usr/bin/env python3
"""What an audit must find on the lab's targets. One class per target or state."""
import hashlib
import os
import pathlib
import socket
import tempfile

import labkit
from labkit import AUTHORITY, KEY, PROJECT, LabTest, audit, cli, words

CHECKS = ["INV-02", "INV-03", "TLS-01", "TLS-03", "TLS-06", "TLS-07", "HDR-02", "AUTH-01", "AUTH-04", "AUTH-10", "DATA-08", "NET-05"]


class Stock(LabTest):
    """The stack as shipped: what is known to be wrong is found, what is right is not accused."""

    variant = "stock"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.run_ = audit(cls.target)
        if cls.run_.status != 0:
            raise AssertionError(str(cls.run_))
        cls.audit = cls.run_.audit

    def test_every_finding_is_honest(self):
        self.assertHonest(self.audit)
        self.assertEqual(self.audit.data["privilege"], "sudo")
        self.assertEqual(self.audit.deployments(), {"appflowy-cloud"})
        self.assertEqual(sorted({f["id"] for f in self.audit.findings}), sorted(CHECKS))

    def test_jwt_secret_is_the_shipped_one(self):
        self.assertEqual(self.assertVerdict(self.audit, "AUTH-04", "fail")["severity"], "critical")

    def test_database_password_is_the_shipped_one(self):
        finding = self.assertVerdict(self.audit, "DATA-08", "fail")
        self.assertIn("db-role", " ".join(e["section"] for e in finding["evidence"]))

    def test_registration_is_open(self):
        self.assertVerdict(self.audit, "AUTH-10", "fail")

    def test_no_password_rule(self):
        self.assertEqual(self.assertVerdict(self.audit, "AUTH-01", "fail")["reach"], "absent")

    def test_plain_http_is_served(self):
        self.assertVerdict(self.audit, "TLS-06", "fail")

    def test_nosniff_is_missing(self):
        self.assertVerdict(self.audit, "HDR-02", "fail")

    def test_certificate_is_self_signed_and_expired(self):
        self.assertVerdict(self.audit, "TLS-01", "fail")
        self.assertIn("2024", words(self.assertVerdict(self.audit, "TLS-03", "fail")))

    def test_what_is_right_is_not_accused(self):
        self.assertVerdict(self.audit, "INV-02", "pass")
        self.assertVerdict(self.audit, "INV-03", "pass")
        self.assertVerdict(self.audit, "NET-05", "pass")

    def test_secrets_stay_on_the_server(self):
        self.assertNotIn("hello456", self.run_.output + self.run_.errors)
        self.assertNotIn("email_sender_password", self.run_.output + self.run_.errors)

    def test_exit_status_follows_fail_on(self):
        self.assertEqual(audit(self.target, "--fail-on", "critical").status, 1)

    def test_collected_facts_are_judged_alike(self):
        with tempfile.TemporaryDirectory() as folder:
            facts = os.path.join(folder, "facts.json")
            done = cli("collect", f"admin@{self.target.address}", "--identity", KEY, "--accept-new-host-key", "-o", facts)
            self.assertEqual(done.status, 0, done)
            self.assertEqual(os.stat(facts).st_mode & 0o777, 0o600)
            again = cli("--json", "evaluate", facts)
            self.assertEqual(again.status, 0, again)
            self.assertEqual(again.audit.verdicts(), self.audit.verdicts())

    def test_frames_carried_by_hand(self):
        """The collector printed, run by hand as root, its output judged: the same but for what only the desktop sees."""
        script = cli("collector")
        self.assertEqual(script.status, 0, script)
        frames = self.target.run("cd / && sh -s", stdin=script.output)
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "frames")
            path.write_text(frames, errors="replace")
            judged = cli("--json", "evaluate", "--frames", str(path))
        self.assertEqual(judged.status, 0, judged)
        for check in ("AUTH-01", "AUTH-04", "AUTH-10", "DATA-08", "INV-02", "INV-03", "NET-05"):
            self.assertEqual(judged.audit.verdict(check), self.audit.verdict(check), check)
        for check in ("TLS-01", "TLS-03", "TLS-06", "TLS-07", "HDR-02"):
            self.assertEqual(judged.audit.verdict(check), "unknown", check)


class Hardened(LabTest):
    """The stack made right: no check accuses it, and none of its secrets leaves it."""

    variant = "hardened"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        name = f"{cls.target.name}.example.org"
        cls.options = ["--tls-ca", AUTHORITY, "--public-name", name]
        for port in (80, 443):
            cls.options += ["--resolve", f"{name}:{port}:{cls.target.address}"]
        cls.run_ = audit(cls.target, *cls.options)
        if cls.run_.status != 0:
            raise AssertionError(str(cls.run_))
        cls.audit = cls.run_.audit

    def test_no_check_accuses(self):
        self.assertHonest(self.audit)
        expected = {check: "pass" for check in CHECKS} | {"TLS-01": "warn"}  # a private authority is a warning by rule
        self.assertEqual({f["id"]: f["verdict"] for f in self.audit.findings}, expected)

    def test_exit_status_is_zero_for_high(self):
        self.assertEqual(audit(self.target, *self.options, "--fail-on", "high").status, 0)

    def test_no_secret_leaves_the_server(self):
        values = {}
        for line in self.target.read(f"{PROJECT}/.env").splitlines():
            key, separator, value = line.partition("=")
            if separator and value.startswith(("Aa1-",)):
                values[key] = value
        self.assertGreaterEqual(len(values), 5)
        with tempfile.TemporaryDirectory() as folder:
            facts = pathlib.Path(folder, "facts.json")
            done = cli("collect", f"admin@{self.target.address}", "--identity", KEY, "--accept-new-host-key", "-o", str(facts))
            self.assertEqual(done.status, 0, done)
            everything = facts.read_text() + self.run_.output + self.run_.errors + done.output + done.errors
        for key, value in values.items():
            self.assertNotIn(value, everything, key)
            self.assertNotIn(hashlib.sha256(value.encode()).hexdigest(), everything, key)

    def test_without_the_authority_the_certificate_fails(self):
        options = [o for o in self.options]
        del options[:2]
        self.assertVerdict(audit(self.target, *options).audit, "TLS-01", "fail")


class Reach(LabTest):
    """A key in .env alone has no effect; the same key in the running container has."""

    variant = "stock"
    KEY_NAME = "GOTRUE_PASSWORD_MIN_LENGTH"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor = cls.target.read(f"{PROJECT}/.env")
        cls.addClassCleanup(cls.restore)

    @classmethod
    def restore(cls):
        cls.target.write(f"{PROJECT}/.env", cls.vendor)
        cls.target.run(f"rm -f {PROJECT}/docker-compose.own.yml")
        cls.target.compose("up -d --no-deps --wait gotrue")

    def test_written_delivered_proven(self):
        self.target.write(f"{PROJECT}/.env", self.vendor + f"{self.KEY_NAME}=12\n")
        with self.subTest("in .env only"):
            found = audit(self.target).audit
            finding = self.assertVerdict(found, "AUTH-01", "fail")
            self.assertEqual(finding["reach"], "written")
            self.assertIn("no effect", words(finding))
            inert = self.assertVerdict(found, "INV-03", "fail")
            self.assertIn(self.KEY_NAME, " ".join(inert["subjects"]) + inert["actual"])
            self.assertIn("no effect", words(inert))

        self.target.write(f"{PROJECT}/docker-compose.own.yml",
                          f"services:\n  gotrue:\n    environment:\n      {self.KEY_NAME}: ${{{self.KEY_NAME}}}\n")
        self.target.write(f"{PROJECT}/.env", self.vendor + f"{self.KEY_NAME}=12\n"
                          "COMPOSE_FILE=docker-compose.yml:docker-compose.own.yml\n")
        with self.subTest("in compose, container not recreated"):
            found = audit(self.target).audit
            self.assertEqual(self.assertVerdict(found, "AUTH-01", "fail")["reach"], "written")
            self.assertVerdict(found, "INV-02", "fail")

        self.target.compose("up -d --no-deps --wait gotrue")
        with self.subTest("in the running container"):
            found = audit(self.target).audit
            finding = self.assertVerdict(found, "AUTH-01", "pass")
            self.assertEqual(finding["reach"], "proven")
            self.assertVerdict(found, "INV-03", "pass")
            self.assertVerdict(found, "INV-02", "pass")

    def test_an_unloaded_override_file_has_no_effect(self):
        """COMPOSE_FILE silently drops docker-compose.override.yml: what it says is not even written."""
        self.target.write(f"{PROJECT}/.env", self.vendor + "COMPOSE_FILE=docker-compose.yml\n")
        self.target.write(f"{PROJECT}/docker-compose.override.yml",
                          f"services:\n  gotrue:\n    environment:\n      {self.KEY_NAME}: '12'\n")
        self.addCleanup(self.target.run, f"rm -f {PROJECT}/docker-compose.override.yml")
        self.assertVerdict(audit(self.target).audit, "AUTH-01", "fail")


class PublishedPorts(LabTest):
    """Ports that docker publishes pass by ufw over IPv4; over IPv6 docker-proxy serves them and ufw does block."""

    variant = "hostnginx"
    PORT = 9999

    def setUp(self):
        self.addCleanup(self.target.run, "iptables -D DOCKER-USER -i eth0 -j DROP; ip6tables -D INPUT -p tcp -j ACCEPT; true")
        self.address6 = self.target.run("ip -6 -o addr show dev eth0 scope global").split()[3].split("/")[0]

    def assertOpen(self, ipv4, ipv6):
        """The packets' own word, from this machine: the control of what the audit says."""
        for address, expected in ((self.target.address, ipv4), (self.address6, ipv6)):
            try:
                socket.create_connection((address, self.PORT), timeout=3).close()
                opened = True
            except OSError:
                opened = False
            self.assertEqual(opened, expected, f"{address} port {self.PORT}")

    def verdict(self, wanted):
        finding = self.assertVerdict(audit(self.target).audit, "NET-05", wanted)
        return " ".join(finding["subjects"]) + finding["actual"]

    def test_each_family_on_its_own_path(self):
        with self.subTest("ufw is passed by over IPv4"):
            self.assertOpen(True, False)
            said = self.verdict("fail")
            for port in ("9999", "8000", "3000", "3001", "9000", "9001"):
                self.assertIn(port, said)

        self.target.run("iptables -I DOCKER-USER -i eth0 -j DROP")
        with self.subTest("DOCKER-USER drops IPv4, ufw blocks IPv6"):
            self.assertOpen(False, False)
            self.verdict("pass")

        self.target.run("ip6tables -I INPUT -p tcp -j ACCEPT")
        with self.subTest("a drop for IPv4 only: docker-proxy still answers over IPv6"):
            self.assertOpen(False, True)
            self.verdict("fail")

        self.target.run("iptables -D DOCKER-USER -i eth0 -j DROP")
        with self.subTest("open in both"):
            self.assertOpen(True, True)
            self.verdict("fail")


class TwoDeployments(LabTest):
    """Two deployments on one host: two sets of findings, none mixed."""

    variant = "stock"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        labkit.lab("second", cls.target.name)
        cls.addClassCleanup(cls.target.run, "cd /srv/notes && docker compose down -v 2>&1; rm -rf /srv/notes")
        cls.audit = audit(cls.target).audit

    def test_each_has_its_own_findings(self):
        self.assertHonest(self.audit)
        self.assertEqual(self.audit.deployments(), {"appflowy-cloud", "notes"})
        for check in CHECKS:
            owners = [f["deployment"] for f in self.audit.all(check)]
            self.assertEqual(sorted(owners, key=str), sorted(set(owners), key=str), check)
            self.assertIn(set(owners), ({"appflowy-cloud", "notes"}, {None}), check)

    def test_none_is_mixed(self):
        for check in ("AUTH-01", "AUTH-04", "AUTH-10"):
            self.assertVerdict(self.audit, check, "fail", "appflowy-cloud")
            self.assertVerdict(self.audit, check, "pass", "notes")
        self.assertVerdict(self.audit, "TLS-03", "fail", "appflowy-cloud")
        directories = {d["id"]: d["directory"] for d in self.audit.data["deployments"]}
        self.assertEqual(directories, {"appflowy-cloud": PROJECT, "notes": "/srv/notes"})

    def test_one_alone_on_request(self):
        found = audit(self.target, "--deployment", "notes").audit
        self.assertEqual({f["deployment"] for f in found.findings} - {None}, {"notes"})


class Stopped(LabTest):
    """A stack that does not run proves nothing."""

    variant = "stock"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(cls.target.compose, "up -d")
        cls.target.compose("stop")

    def test_nothing_passes(self):
        done = audit(self.target)
        self.assertEqual(done.status, 0, done)
        self.assertHonest(done.audit)
        self.assertEqual([f["id"] for f in done.audit.findings if f["verdict"] == "pass"], [])


if __name__ == "__main__":
    labkit.main()
