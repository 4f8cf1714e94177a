#!/usr/bin/env python3
"""How an audit gets in and what it leaves behind: sudo, host keys, secrets, the server's files."""
import subprocess
import tempfile
import threading
import time

import labkit
from labkit import KEY, LabTest, Target, audit, cli


class Sudo(LabTest):
    """Becoming root: the password goes to sudo only, once, and nowhere else."""

    variant = "bare"
    PASSWORD = "lab-opsword"

    def failures(self):
        """How many password failures of sudo the log has."""
        log = self.target.run("cat /var/log/auth.log")
        return log.count("pam_unix(sudo:auth): authentication failure")

    def test_password_is_seen_nowhere(self):
        seen, stop = [], threading.Event()

        def watch():
            while not stop.is_set():
                seen.append(self.target.run("cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null", check=False))
                seen.append(subprocess.run(["ps", "axeww", "-o", "args"], capture_output=True, text=True, errors="replace").stdout)

        watcher = threading.Thread(target=watch)
        watcher.start()
        with tempfile.TemporaryDirectory() as config:
            try:
                done = audit(self.target, "--sudo-password-stdin", "--save", user="opsword", stdin=self.PASSWORD + "\n", config=config)
            finally:
                stop.set()
                watcher.join()
            kept = subprocess.run(["grep", "-rlaF", self.PASSWORD, config], capture_output=True, text=True).stdout
        self.assertEqual(done.status, 0, done)
        self.assertEqual(done.audit.data["privilege"], "sudo")
        self.assertGreater(len(seen), 4)
        self.assertNotIn(self.PASSWORD, "".join(seen), "process list")
        self.assertNotIn(self.PASSWORD, done.output + done.errors, "output")
        self.assertEqual(kept, "", "files of the desktop")
        journal = self.target.run("journalctl --no-pager -o export; cat /var/log/*.log /var/log/syslog 2>/dev/null", check=False)
        self.assertIn("sudo", journal)
        self.assertNotIn(self.PASSWORD, journal, "journal")
        # shadow holds its hash; nothing holds the word itself. The pattern travels by stdin, not in a command line.
        found = self.target.run("grep -rlaF -f - /etc /home /root /var /tmp /run 2>/dev/null", stdin=self.PASSWORD + "\n", check=False)
        self.assertEqual(found, "", "files of the server")

    def test_password_is_in_no_log_of_input(self):
        """sudo reads its password before its I/O logging begins, which records all that follows."""
        rule, kept = "/etc/sudoers.d/zz-log-input", "/var/log/sudo-io-test"
        self.target.run(f"umask 227; printf 'Defaults log_input, log_output\\nDefaults iolog_dir={kept}\\n' >{rule}")
        try:
            done = audit(self.target, "--sudo-password-stdin", "--no-outside-probes", user="opsword", stdin=self.PASSWORD + "\n")
            logged = self.target.run(f"find {kept} -type f -exec zcat -f {{}} +")
        finally:
            self.target.run(f"rm -rf {rule} {kept}")
        self.assertEqual(done.status, 0, done)
        self.assertIn("FK_NONCE=", logged)  # the input was recorded
        self.assertNotIn(self.PASSWORD, logged)

    def test_nothing_runs_on_when_we_are_gone(self):
        """A shell under sudo without a terminal gets no SIGHUP: the end of its input must tell the collector."""
        ours = "pgrep -f '^sh -s|^/bin/sh /usr/sbin/nft|^sudo' | wc -l"
        hang = "#!/bin/sh\ntrap '' TERM HUP PIPE\n(while :; do :; done) & wait\n"
        self.target.run("mv /usr/sbin/nft /usr/sbin/nft.real; cat >/usr/sbin/nft; chmod 755 /usr/sbin/nft", stdin=hang)
        try:
            with tempfile.TemporaryDirectory() as config:
                client = subprocess.Popen(
                    [labkit.CLI, "--config-dir", config, "audit", f"opsword@{self.target.address}", "--identity", KEY,
                     "--accept-new-host-key", "--no-outside-probes", "--sudo-password-stdin"],
                    stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True)
                client.stdin.write(self.PASSWORD + "\n")
                client.stdin.close()
                self.assertTrue(self.comes(lambda: "/usr/sbin/nft" in self.target.run("pgrep -af '^/bin/sh /usr/sbin/nft'", check=False), 20))
                client.kill()
                client.wait()
            # sooner than nft's own limit of 10 + 2 s would end it
            self.assertTrue(self.comes(lambda: self.target.run(ours).strip() == "0", 9), self.target.run("ps ax"))
        finally:
            self.target.run("mv /usr/sbin/nft.real /usr/sbin/nft")

    def comes(self, condition, seconds):
        """Whether it comes true in time."""
        until = time.monotonic() + seconds
        while not condition() and time.monotonic() < until:
            time.sleep(0.3)
        return condition()

    def test_wrong_password_costs_one_try(self):
        before = self.failures()
        done = audit(self.target, "--sudo-password-stdin", user="opsword", stdin="not-the-password\n")
        self.assertEqual(done.status, 3, done)
        self.assertRegex(done.errors, r"^flowkeep-cli: sudo: ")
        self.assertEqual(len(done.errors.strip().splitlines()), 1, done.errors)
        time.sleep(1)
        self.assertEqual(self.failures() - before, 1)

    def test_password_is_never_a_command(self):
        """A password given to somebody whose sudo does not ask must not become a line of a root shell."""
        marks = "/tmp/flowkeep-mark /root/flowkeep-mark /home/admin/flowkeep-mark"
        for path in marks.split():
            done = audit(self.target, "--sudo-password-stdin", stdin=f"touch {path};#\n")
            self.assertEqual(done.status, 0, done)
        self.assertEqual(self.target.run(f"ls {marks} 2>/dev/null", check=False), "")

    def test_without_sudo_most_is_unknown(self):
        done = audit(Target("stock"), user="limited")
        self.assertIn(done.status, (0, 7), done)
        self.assertHonest(done.audit)
        self.assertEqual(done.audit.data["privilege"], "user")
        unknown = [f["id"] for f in done.audit.findings if f["verdict"] == "unknown"]
        self.assertGreaterEqual(len(unknown), 6, unknown)
        for check in ("AUTH-01", "AUTH-04", "DATA-08", "INV-02", "INV-03", "NET-05"):
            self.assertEqual({f["verdict"] for f in done.audit.all(check)}, {"unknown"}, check)

    def test_login_as_root(self):
        done = audit(self.target, user="root")
        self.assertEqual(done.status, 0, done)
        self.assertEqual(done.audit.data["privilege"], "root")
        self.assertIsNone(done.audit.data["summary"]["score"])

    def test_login_with_password(self):
        done = cli("--json", "audit", f"opsword@{self.target.address}", "--accept-new-host-key", "--password-stdin",
                   "--sudo-password-stdin", stdin=f"{self.PASSWORD}\n{self.PASSWORD}\n")
        self.assertEqual(done.status, 0, done)
        self.assertEqual(done.audit.data["privilege"], "sudo")


class HostKeys(LabTest):
    """Unknown asks, changed refuses, known is enough whatever else the server offers."""

    variant = "bare"

    def attempt(self, known, *options):
        with tempfile.NamedTemporaryFile("w", suffix=".known") as file:
            file.write(known)
            file.flush()
            return cli("--json", "audit", f"admin@{self.target.address}", "--identity", KEY, "--known-hosts", file.name,
                       "--no-outside-probes", *options)

    def test_known_ed25519_with_ecdsa_offered_first(self):
        self.addCleanup(self.target.run, "rm -f /etc/ssh/sshd_config.d/20-order.conf; systemctl restart ssh")
        self.target.run("printf 'HostKey /etc/ssh/ssh_host_ecdsa_key\\nHostKey /etc/ssh/ssh_host_ed25519_key\\n'"
                        " >/etc/ssh/sshd_config.d/20-order.conf; systemctl restart ssh; sleep 1")
        done = self.attempt(self.target.host_key("ed25519"))
        self.assertEqual(done.status, 0, done)

    def test_unknown_is_refused_without_a_terminal(self):
        done = self.attempt("")
        self.assertEqual(done.status, 3, done)
        self.assertRegex(done.errors, r"^flowkeep-cli: host-key: ")

    def test_changed_is_refused_even_when_new_ones_are_accepted(self):
        other = Target("stock").host_key("ed25519").split(" ", 1)[1]
        done = self.attempt(f"{self.target.address} {other}", "--accept-new-host-key")
        self.assertEqual(done.status, 3, done)
        self.assertRegex(done.errors, r"^flowkeep-cli: host-key: ")


class LeavesNoTrace(LabTest):
    """An audit changes nothing but the files that a login and the stack itself write."""

    variant = "stock"

    # path prefix -> who writes there
    ALLOWED = {
        "/var/log/auth.log": "sshd and sudo log the login",
        "/var/log/syslog": "systemd logs the session",
        "/var/log/user.log": "the same",
        "/var/log/journal": "the same",
        "/var/log/wtmp": "login accounting",
        "/var/log/lastlog": "login accounting",
        "/var/log/btmp": "login accounting",
        "/home/admin/.sudo_as_admin_successful": "sudo, at the first use of an account in group admin",
        "/var/log/nginx": "the probes' requests, where nginx is on the host",
    }
    # folders whose time of change says nothing, because of what passes through them
    PASSED_THROUGH = {
        "/tmp": "a temporary file of containerd's for every command in a container, a health check too",
        "/home/admin": "sudo's file above",
        "/var/log/journal": "the journal's files",
    }
    CONTAINERD = "-path '/tmp/runc-process*' -prune"
    FOLDERS = "/etc /opt /home /root /srv /usr/local /var /tmp"

    def snapshot(self):
        """path -> type, mode, owner, time of change, and size and hash of files. Docker's data is another mount, where
        databases write by themselves: users, containers and volumes are compared instead."""
        seen = self.target.run(f"find {self.FOLDERS} -xdev {self.CONTAINERD} -o -type d -printf '%p\\t%y %m %U:%G %T@\\n'"
                               " -o -printf '%p\\t%y %m %U:%G %T@ %s\\n'")
        hashes = self.target.run(f"find {self.FOLDERS} -xdev {self.CONTAINERD} -o -path /var/log -prune -o -type f -exec sha256sum {{}} +")
        entries = dict(line.split("\t", 1) for line in seen.splitlines())
        for line in hashes.splitlines():
            digest, path = line.split(None, 1)
            entries[path] += " " + digest
        for folder in self.PASSED_THROUGH:
            entries[folder] = entries[folder].rsplit(" ", 1)[0]
        return entries

    def users(self):
        return self.target.run("docker exec appflowy-cloud-postgres-1 psql -U postgres -Atc"
                               " 'select count(*), max(created_at) from auth.users'")

    def containers(self):
        return self.target.run("docker ps -a --no-trunc --format '{{.ID}} {{.Names}}'; docker volume ls -q; docker network ls -q")

    def test_nothing_changes(self):
        # Some engines' file systems tell a folder's old time until it was read once.
        self.snapshot()
        before, users, containers = self.snapshot(), self.users(), self.containers()
        for done in (audit(self.target),
                     audit(self.target, "--sudo-password-stdin", user="opsword", stdin="lab-opsword\n")):
            self.assertEqual(done.status, 0, done)
        after = self.snapshot()
        changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
        strange = sorted(path for path in changed if not path.startswith(tuple(self.ALLOWED)))
        self.assertEqual(strange, [])
        self.assertEqual(self.users(), users)
        self.assertEqual(self.containers(), containers)


if __name__ == "__main__":
    labkit.main()
