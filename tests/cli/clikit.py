"""What the command line's tests share: running flowkeep-cli, and a real sshd on loopback."""
import getpass
import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

CLI = os.environ["FLOWKEEP_CLI"]


class Run:
    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err

    @property
    def json(self):
        return json.loads(self.out)

    def __str__(self):
        return f"status {self.status}\n--- stdout\n{self.out}\n--- stderr\n{self.err}"


def environment(home):
    """No agent, no colours, no configuration of the person who runs the tests."""
    kept = {key: os.environ[key] for key in ("PATH", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS")
            if key in os.environ}
    return {**kept, "HOME": str(home), "LC_ALL": "C.UTF-8"}


def cli(*arguments, stdin="", home, timeout=60, cwd=None):
    done = subprocess.run([CLI, *map(str, arguments)], input=stdin.encode(), capture_output=True, timeout=timeout,
                          env=environment(home), cwd=cwd)
    return Run(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))


def frames(sections, nonce="00112233445566778899aabbccddeeff", end=True):
    """A collector's output as somebody carries it by hand."""
    text = ""
    for name, data in sections.items():
        text += f"FK1 {nonce} {name} ok 0 1 {len(data.encode())} 0\n{data}\n"
    return text + (f"FK1 {nonce} END {len(sections)} 0 0 0 0\n" if end else "")


META = ("collector\t1.0\nuid\t0\nuser\troot\nhost\tshop\nmachineid\tabc\nepoch\t1790000000\nkernel\t6.1\n"
        "bootid\tdef\n")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Sshd:
    """OpenSSH's server on 127.0.0.1, for the user who runs the tests, with keys of its own."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="flowkeep-sshd-"))
        self.key = self.folder / "id"
        self.user = getpass.getuser()
        self.port = free_port()
        for path in (self.key, self.folder / "host"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True)
        shutil.copy(f"{self.key}.pub", self.folder / "authorized")
        (self.folder / "config").write_text(
            f"Port {self.port}\nListenAddress 127.0.0.1\nHostKey {self.folder}/host\nPidFile none\nUsePAM no\n"
            f"AuthorizedKeysFile {self.folder}/authorized\nPasswordAuthentication no\nStrictModes no\n"
            "PermitRootLogin yes\nLogLevel ERROR\n")
        if os.geteuid() == 0:
            os.makedirs("/run/sshd", exist_ok=True)
        self.process = subprocess.Popen([shutil.which("sshd") or "/usr/sbin/sshd", "-D", "-e", "-f",
                                         self.folder / "config"], stderr=subprocess.PIPE)
        self.wait()

    def wait(self):
        for _ in range(100):
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1) as peer:
                    if peer.recv(4).startswith(b"SSH"):
                        return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("sshd does not start: " + self.process.stderr.read().decode(errors="replace"))

    @property
    def target(self):
        return f"{self.user}@127.0.0.1:{self.port}"

    @property
    def fingerprint(self):
        done = subprocess.run(["ssh-keygen", "-lf", self.folder / "host.pub"], check=True, capture_output=True, text=True)
        return done.stdout.split()[1]

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.process.stderr.close()
        shutil.rmtree(self.folder)
