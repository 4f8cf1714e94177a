"""What the collector's tests share: running the script in a closed PATH, a stand-in for the docker command, and a
strict reader of frames. The stand-in prints what the collector's templates make docker print; tests/lab runs the
same script against real engines."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import textwrap
import zlib

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
SCRIPT = os.path.join(ROOT, "resources", "collector.sh")
NONCE = "0123456789abcdef0123456789abcdef"
TOOLS = ["id", "date", "head", "cat", "env", "sh", "stat", "timeout", "renice", "printf", "true", "tr"]
STATUSES = {"ok", "denied", "missing", "timeout", "failed"}


def script():
    with open(SCRIPT, encoding="utf-8") as f:
        return f.read()


def marked(name):
    """The words between two marker comments of the script."""
    body = re.search(rf"# BEGIN {name}\n(.*?)# END {name}\n", script(), re.S).group(1)
    return re.search(r"='\n(.*?)'", body, re.S).group(1).split()


class Kind:
    """A shell with the tools that come with it."""

    def __init__(self, name, shell, tools, awk):
        self.name, self.shell, self.tools, self.awk = name, shell, tools, awk

    def __repr__(self):
        return self.name


def kinds():
    """dash and bash with GNU tools, busybox with its own. A missing one fails the test that asks for it."""
    found = [
        Kind("dash+mawk", ["dash"], "gnu", "mawk"),
        Kind("bash+gawk", ["bash"], "gnu", "gawk"),
        Kind("busybox", ["busybox", "sh"], "busybox", "busybox"),
    ]
    for kind in found:
        for program in (kind.shell[0], kind.awk):
            if shutil.which(program) is None:
                raise AssertionError(f"{program} is not installed")
    return found


def one(test):
    """One of them, always the same for a test: enough where the shells cannot differ by design."""
    return [kinds()[zlib.crc32(test.id().encode()) % 3]]


class Frame:
    def __init__(self, ident, status, rc, ms, body, cut):
        self.id, self.status, self.rc, self.ms, self.body, self.cut = ident, status, rc, ms, body, cut

    def lines(self):
        return self.body.decode("utf-8", "surrogateescape").splitlines()

    def rows(self):
        return [line.split("\t") for line in self.body.decode("utf-8", "surrogateescape").split("\n") if line]

    def env(self, word="env"):
        """KEY -> value field; of env@N the third column, elsewhere the second."""
        skip = 2 if self.id.startswith("env@") else 1
        return {row[skip]: row[skip + 1] for row in self.rows() if row[0] == word}


def frames(output, nonce=NONCE):
    """Reads a stream strictly: every byte must belong to a frame."""
    found, at = {}, 0
    while True:
        end = output.index(b"\n", at)
        words = output[at:end].decode("ascii").split(" ")
        assert words[:2] == ["FK1", nonce], words
        at = end + 1
        if words[2] == "END":
            assert words[4:] == ["0", "0", "0", "0"], words
            assert int(words[3]) == len(found), (words, sorted(found))
            assert at == len(output), output[at:]
            return found
        ident, status, rc, ms, size, cut = words[2:]
        assert status in STATUSES, words
        assert ident not in found, ident
        body = output[at : at + int(size)]
        assert output[at + int(size) : at + int(size) + 1] == b"\n", (ident, output[at + int(size) :][:80])
        at += int(size) + 1
        found[ident] = Frame(ident, status, int(rc), int(ms), body, cut == "1")


def go_json(text):
    """As docker's template function json prints a string."""
    out = json.dumps(text, ensure_ascii=False)
    return out.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


class Container:
    def __init__(self, number, image, project="", service="", workdir="", files="", env=(), cmd=(), labels=(), **more):
        self.id = f"{number:064x}"
        self.image, self.env, self.cmd, self.more = image, list(env), list(cmd), more
        self.labels = dict(labels)
        if project:
            self.labels["com.docker.compose.project"] = project
            self.labels["com.docker.compose.service"] = service
            self.labels["com.docker.compose.project.working_dir"] = workdir
            self.labels["com.docker.compose.project.config_files"] = files or f"{workdir}/docker-compose.yml"
        self.name = more.get("name", f"{project}-{service}-1" if project else f"c{number}")
        self.imageid = "sha256:" + f"{hash_of(image):064x}"

    def inspect(self):
        j, more = go_json, self.more
        out = [
            f"container\t{j(self.id)}",
            f"name\t{j('/' + self.name)}",
            f"image\t{j(self.image)}",
            f"imageid\t{j(self.imageid)}",
            f"state\t{j(more.get('state', 'running'))}",
            f"health\t{j(more['health']) if 'health' in more else ''}",
            'started\t"2026-01-02T03:04:05.678Z"',
            "restarts\t3",
            'policy\t"on-failure"',
            f"netmode\t{j(more.get('netmode', 'lab_default'))}",
        ]
        out += [f"label\t{j(k)}\t{j(v)}" for k, v in self.labels.items()]
        out += [f"env\t{j(e)}" for e in self.env]
        out += [f"cmd\t{j(c)}" for c in self.cmd]
        out += ["mount\t" + "\t".join(j(x) for x in m[:4]) + "\t" + m[4] for m in more.get("mounts", [])]
        out += [f"port\t{j(p)}\t{json.dumps(b, separators=(',', ':'))}" for p, b in more.get("ports", {}).items()]
        out += [f"want\t{j(p)}\t{json.dumps(b, separators=(',', ':'))}" for p, b in more.get("want", {}).items()]
        out += [f"net\t{j(n)}\t{j(a)}\t{j(b)}" for n, a, b in more.get("nets", [])]
        return "\n".join(out) + "\n\n"


def hash_of(text):
    return int.from_bytes(text.encode()[:24], "big")


class Server:
    """A scratch server: a PATH of its own and a docker that says what the test wants."""

    def __init__(self):
        # As root not below /tmp: root does not work in a directory where everybody can write above it.
        self.dir = tempfile.mkdtemp(prefix="flowkeep-collector-", dir="/var/lib" if os.geteuid() == 0 else None)
        os.chmod(self.dir, 0o755)
        self.data = os.path.join(self.dir, "data")
        os.mkdir(self.data)
        self.containers, self.images = [], {}
        self.extra = {}
        self.with_docker = True
        self.lines = {}
        self.write("info", "24.0.7\n/var/lib/docker\nname=seccomp,profile=default \ninactive\nv2.26.1\n")
        self.write("networks", "network\tlab_default\tbridge\tbr-0123456789ab\t0\t172.18.0.0/16\n")

    def close(self):
        shutil.rmtree(self.dir)

    def write(self, name, text, mode=0o644):
        path = os.path.join(self.data, name)
        with open(path, "wb") as f:
            f.write(text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape"))
        os.chmod(path, mode)
        return path

    def workdir(self, name="app"):
        path = os.path.join(self.dir, name)
        os.mkdir(path)
        return path

    def answer(self, container, tool, text, rc=0):
        """What `docker exec CONTAINER TOOL` prints; sh means the psql session."""
        self.write(f"exec.{container.id}.{tool}", text)
        self.write(f"exec.{container.id}.{tool}.rc", f"{rc}\n")

    def config(self, project, model):
        self.write(f"config.{project}", model if isinstance(model, (str, bytes)) else json.dumps(model, indent=2))

    def tool(self, name, text):
        """A program of the server, as a shell script."""
        self.extra[name] = text

    def fake_docker(self):
        """Starts as many processes of its own as the real one does: docker info asks each of its plugins (two here),
        docker compose asks the plugin and then runs it."""
        return textwrap.dedent(
            f"""\
            #!/bin/sh
            D={self.data}
            case $1 in
            info) (:); (:); exec cat "$D/info" ;;
            version) exit 0 ;;
            ps) exec cat "$D/ids" ;;
            inspect) exec cat "$D/inspect" ;;
            image) cat "$D/images"; exit 1 ;;
            network) if [ "$2" = ls ]; then echo 0123456789ab; else exec cat "$D/networks"; fi ;;
            compose)
              (:)
              if [ "$2" = version ]; then (echo 2.26.1); exit 0; fi
              echo "$PWD $*" >>"$D/log" 2>/dev/null
              echo 'a warning that must not be merged' >&2
              [ -f "$D/config.$3.sh" ] && . "$D/config.$3.sh"
              [ -f "$D/config.$3" ] || exit 15
              cat "$D/config.$3" ;;
            exec)
              [ "$4" = sh ] && cat >"$D/sql.$3"
              [ -f "$D/exec.$3.$4" ] || exit 127
              read -r rc <"$D/exec.$3.$4.rc"
              # curl asks twice, and goes on only where the first request got an answer
              if [ "$4" = curl ]; then
                cat "$D/exec.$3.$4"; echo ' FK-NEXT'
                [ "$rc" = 0 ] || exit "$rc"
              fi
              [ "$rc" != 0 ] || exec cat "$D/exec.$3.$4"
              cat "$D/exec.$3.$4"; exit "$rc" ;;
            *) exit 64 ;;
            esac
            """
        )

    def prepare(self, kind):
        bin_dir = os.path.join(self.dir, "bin-" + kind.name)
        if os.path.isdir(bin_dir):
            shutil.rmtree(bin_dir)
        os.mkdir(bin_dir)
        for name in TOOLS:
            source = shutil.which("busybox") if kind.tools == "busybox" else shutil.which(name)
            os.symlink(os.path.realpath(source) if kind.tools != "busybox" else source, os.path.join(bin_dir, name))
        os.symlink(shutil.which(kind.awk), os.path.join(bin_dir, "awk"))
        for name in ("setpriv", "python3"):
            if name not in self.extra and shutil.which(name, path="/usr/bin:/bin"):
                os.symlink(shutil.which(name, path="/usr/bin:/bin"), os.path.join(bin_dir, name))
        tools = dict(self.extra)
        if self.with_docker:
            tools.setdefault("docker", self.fake_docker())
        for name, text in tools.items():
            if text is None:
                continue
            path = os.path.join(bin_dir, name)
            if os.path.islink(path):
                os.unlink(path)  # else the computer's own program would be written over
            with open(path, "x", encoding="utf-8") as f:
                f.write(text)
            os.chmod(path, 0o755)
        self.write("ids", "".join(c.id + "\n" for c in self.containers))
        self.write("inspect", "".join(c.inspect() for c in self.containers))
        text = ""
        for image in {c.image: c for c in self.containers}.values():
            ref = image.image if ":" in image.image.rsplit("/", 1)[-1] else image.image + ":latest"
            env, cmd = self.images.get(image.image, ([], []))
            text += f"image\t{go_json(image.imageid)}\ntag\t{go_json(ref)}\n"
            text += "".join(f"env\t{go_json(e)}\n" for e in env) + "".join(f"cmd\t{go_json(c)}\n" for c in cmd) + "\n"
        self.write("images", text)
        return bin_dir

    def text(self, kind, replace=()):
        """The script with the closed PATH put in; the shipped text has no seam for tests."""
        bin_dir = self.prepare(kind)
        text, n = re.subn(r"(?m)^PATH=.*$", f"PATH={bin_dir}", script(), count=1)
        assert n == 1
        for old, new in replace:
            assert old in text, old
            text = text.replace(old, new)
        return f"FK_NONCE={NONCE}\n{text}"

    def command(self, kind):
        return [shutil.which(kind.shell[0]), *kind.shell[1:], "-s"]

    def run(self, kind, replace=(), **kw):
        """Runs the collector; returns its frames. Nothing may appear on stderr."""
        done = subprocess.run(
            self.command(kind),
            input=self.text(kind, replace).encode("utf-8", "surrogateescape"),
            capture_output=True,
            timeout=60,
            check=False,
            **kw,
        )
        assert done.returncode == 0, done
        assert done.stderr == b"", done.stderr
        self.output = done.stdout
        return frames(done.stdout)


def stack(server, env_gotrue=(), workdir=None, project="app"):
    """A small AppFlowy project: gotrue, appflowy_cloud, postgres, nginx."""
    workdir = workdir or server.workdir()
    base = {"project": project, "workdir": workdir}
    first = len(server.containers) + 1
    made = [
        Container(first, "appflowyinc/gotrue:latest", service="gotrue", env=env_gotrue, **base),
        Container(first + 1, "appflowyinc/appflowy_cloud:latest", service="appflowy_cloud", **base),
        Container(first + 2, "pgvector/pgvector:pg16", service="postgres", **base),
        Container(first + 3, "nginx", service="nginx", **base),
    ]
    server.containers += made
    return workdir, made


def tracing():
    """Whether strace can look at a process here: some containers forbid it."""
    return shutil.which("strace") is not None and subprocess.run(["strace", "-f", "-o", "/dev/null", "true"], capture_output=True, check=False).returncode == 0
