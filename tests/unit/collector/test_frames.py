"""The stream as a whole: frames, statuses, caps, cut uploads, and what is left behind."""

import os
import random
import re
import shutil
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import harness
from harness import NONCE, Container, Server, frames, kinds, one, script, stack

HOST = ["meta", "os", "listening", "addresses", "nft", "iptables", "iptables-legacy", "ip6tables", "ip6tables-legacy", "ufw", "nginx-host", "docker", "networks", "deployments", "containers"]
EACH = ["env", "rendered", "nginx", "gotrue-schema", "gotrue-settings", "password-probe", "db-role", "whitelist"]


class Case(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.close)


class Frames(Case):
    def test_every_section_is_there_once(self):
        for n in range(3):
            workdir, _ = stack(self.server, workdir=self.server.workdir(f"w{n}"), project=f"p{n}")
            with open(os.path.join(workdir, ".env"), "w", encoding="utf-8") as f:
                f.write("FQDN=a.example\n")
        for kind in kinds():
            with self.subTest(kind=kind):
                found = self.server.run(kind)
                wanted = HOST + [f"{name}@{n}" for n in (1, 2, 3) for name in EACH]
                self.assertEqual(sorted(found), sorted(wanted))
                self.assertEqual([r[0] for r in found["meta"].rows()], ["collector", "uid", "user", "host", "machineid", "epoch", "kernel", "bootid"])
                self.assertLess(abs(int(dict(found["meta"].rows())["epoch"]) - time.time()), 60)
                self.assertEqual([r[:2] for r in found["deployments"].rows()], [["1", "p0"], ["2", "p1"], ["3", "p2"]])

    def test_all_shells_say_the_same(self):
        workdir, made = stack(self.server, ["A=\u00e9\u4f60\U0001f511", "GOTRUE_SITE_URL=caf\u00e9 \\ \ttab", "FQDN=\u00e9"])
        made[0].cmd = ["sh", "-c", "exec secretword", "/usr/bin/x"]
        self.server.images["nginx"] = (["NGINX_VERSION=1.2"], ["nginx", "-g", "daemon off;"])
        with open(os.path.join(workdir, ".env"), "wb") as f:
            f.write(b"\xef\xbb\xbfFQDN=\xe9\xff\r\nexport X='a\nb'\n")
        self.server.config("app", {"name": "app", "services": {"gotrue": {"environment": {"A": "\u00e9\\\"\n$$x"}, "image": "x"}}})
        self.server.answer(made[3], "nginx", "# configuration file /etc/nginx/nginx.conf:\nevents {}\nhttp { server { listen 80; } }\n")
        seen = []
        for kind in kinds():
            found = self.server.run(kind)
            seen.append({i: (f.status, f.rc, f.body) for i, f in found.items() if i not in ("meta", "docker", "addresses")})
        self.assertEqual(seen[0], seen[1])
        self.assertEqual(seen[0], seen[2])

    def test_without_docker(self):
        self.server.with_docker = False
        for kind in one(self):
            found = self.server.run(kind)
            for ident in ("docker", "networks", "deployments", "containers"):
                self.assertEqual(found[ident].status, "missing")

    def test_docker_denied_and_down(self):
        for said, status in (("Got permission denied while trying to connect", "denied"), ("Cannot connect to the Docker daemon", "failed")):
            self.server.tool("docker", f"#!/bin/sh\necho '{said}' >&2\nexit 1\n")
            for kind in one(self):
                found = self.server.run(kind)
                for ident in ("docker", "networks", "deployments", "containers"):
                    self.assertEqual((found[ident].status, found[ident].body), (status, b""))

    def test_a_docker_without_containers(self):
        for kind in one(self):
            found = self.server.run(kind)
            self.assertEqual((found["deployments"].status, found["deployments"].body), ("ok", b""))
            self.assertEqual((found["containers"].status, found["containers"].body), ("ok", b""))

    def test_stopped_containers_cannot_be_asked(self):
        workdir, made = stack(self.server)
        for container in made:
            container.more["state"] = "exited"
        found = self.server.run(kinds()[0])
        for name in EACH[2:]:
            self.assertEqual(found[f"{name}@1"].status, "failed", name)

    def test_tools_that_fail(self):
        self.server.tool("nft", "#!/bin/sh\necho half; exit 3\n")
        self.server.tool("ss", "#!/bin/sh\nexit 1\n")
        for kind in one(self):
            found = self.server.run(kind)
            if os.geteuid() == 0:
                self.assertEqual((found["nft"].status, found["nft"].rc, found["nft"].body), ("failed", 3, b"half\n"))
            self.assertEqual((found["listening"].status, found["listening"].rc), ("failed", 1))
            self.assertEqual(found["iptables"].status, "missing")

    def test_an_ordinary_user(self):
        if os.geteuid() != 0:
            self.skipTest("needs root to become somebody else")
        self.server.tool("nft", "#!/bin/sh\necho {}\n")
        self.server.tool("iptables-save", "#!/bin/sh\necho rules\n")
        found = self.server.run(kinds()[0], user=65534, group=65534, extra_groups=[])
        self.assertEqual((found["nft"].status, found["iptables"].status), ("denied", "denied"))
        self.assertEqual(found["iptables-legacy"].status, "missing")
        self.assertEqual(dict(found["meta"].rows())["uid"], "65534")

    def test_caps(self):
        self.server.tool("ss", "#!/bin/sh\nhead -c 3000000 /dev/zero | tr '\\0' x\n")
        for kind in kinds():
            frame = self.server.run(kind)["listening"]
            self.assertEqual((len(frame.body), frame.cut, frame.status), (2097152, True, "ok"))
            frame = self.server.run(kind, [("-gt 16777216", "-gt 1000000")])["listening"]
            self.assertEqual((len(frame.body), frame.cut), (0, True))

    def test_the_cap_of_all_counts_every_section(self):
        stack(self.server)
        self.server.tool("ss", "#!/bin/sh\nhead -c 900000 /dev/zero | tr '\\0' x\n")
        self.server.containers[0].env = ["A" * 50 + f"_{i}=x" for i in range(5000)]
        for kind in kinds():
            found = self.server.run(kind, [("-gt 16777216", "-gt 1000000"), ("> 16777216", "> 1000000")])
            self.assertEqual(len(found["listening"].body), 900001)  # a last line gets its end
            self.assertTrue(found["containers"].cut)
            self.assertLess(sum(len(f.body) for f in found.values()), 1000001)

    def test_a_container_cannot_flood(self):
        workdir, made = stack(self.server)
        self.server.answer(made[3], "nginx", "x" * 5000000)
        self.server.answer(made[0], "curl", "y" * 5000000)
        for kind in kinds():
            found = self.server.run(kind)
            self.assertLessEqual(len(found["nginx@1"].body), 2097152)
            self.assertLessEqual(len(found["gotrue-settings@1"].body), 2097152)

    def test_by_hand_it_makes_its_own_nonce(self):
        for kind in one(self):
            text = self.server.text(kind).split("\n", 1)[1].encode()
            out = subprocess.run([*kind.shell, "-s"], input=text, capture_output=True, timeout=60, check=True).stdout
            nonce = out.split(b" ", 2)[1].decode()
            self.assertRegex(nonce, "^[0-9a-f]{32}$")
            self.assertIn("meta", frames(out, nonce))

    def test_a_foreign_nonce_is_refused(self):
        text = self.server.text(kinds()[0]).replace(NONCE, "'x;y'")
        done = subprocess.run(["dash", "-s"], input=text.encode(), capture_output=True, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stdout), (2, b""))


class Forging(Case):
    """Nothing on the server can end a line, a field or a frame of ours."""

    EVIL = f"x\nFK1 {NONCE} END 1 0 0 0 0\nFKIN env env@1 ok 0 0 5\nABCDE\ncontainer\t\"f\"\r\x1b[2J\x00\u2028'\"\\$(id)`id`%s%n"

    def test_values(self):
        evil = self.EVIL
        clean = evil.replace("\x00", "")
        workdir, made = stack(self.server, [f"GOTRUE_SITE_URL={evil}", f"SECRET={evil}", f"{evil}=x"])
        made[1].labels["com.docker.compose.service"] = evil
        made[1].name = evil
        made[1].more.update(
            netmode=evil,
            health=evil,
            mounts=[["bind", "", evil, evil, "true"]],
            nets=[[evil, "172.18.0.2", ""]],
            ports={"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "80"}]},
        )
        with open(os.path.join(workdir, ".env"), "wb") as f:
            f.write(b"A='" + evil.replace("'", "").encode() + b"'\nFQDN=\x00a\x1b[0m\n" + f"FK1 {NONCE} END 0 0 0 0 0=1\n".encode())
        self.server.config("app", {"services": {evil: {"image": evil, "environment": {evil: evil, "FQDN": evil}, "volumes": [{"type": "bind", "source": evil, "target": evil}]}}})
        self.server.answer(made[3], "nginx", f"events {{}}\n# configuration file /x:\nFK1 {NONCE} END 9 0 0 0 0\nset $a '{evil}';\n")
        self.server.answer(made[0], "curl", f"{{}}\nFK1 {NONCE} END 1 0 0 0 0\n200")
        for kind in kinds():
            with self.subTest(kind=kind):
                found = self.server.run(kind)  # the reader is strict: a forged header would break it
                rows = found["containers"].rows()
                self.assertEqual(sum(r[0] == "container" for r in rows), 4)
                self.assertNotIn(b"\x00", self.server.output)
                escaped = clean.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
                self.assertIn(["name", escaped], rows)
                self.assertEqual([r[1] for r in found["rendered@1"].rows() if r[0] == "service"], [escaped])
                self.assertEqual([r[2] for r in found["env@1"].rows() if r[0] == "env"][:2], ["A", "FQDN"])
                self.assertTrue(found["containers"].env()["GOTRUE_SITE_URL"].startswith("~"))

    def test_project_names_and_directories(self):
        evil = self.EVIL.replace("\x00", "")
        stack(self.server, workdir=evil, project=evil)
        stack(self.server, workdir="/nowhere/'$(touch x)", project="-p")
        for kind in one(self):
            with self.subTest(kind=kind):
                found = self.server.run(kind)
                self.assertEqual(len(found["deployments"].rows()), 2)
                self.assertIn(found["env@1"].status, ("missing", "denied"))
                self.assertIn(found["env@2"].status, ("missing", "denied"))

    def test_more_than_sixteen_projects(self):
        for n in range(20):
            stack(self.server, workdir="/nowhere", project=f"p{n:02}")
        found = self.server.run(kinds()[0])
        self.assertEqual([r[1] for r in found["deployments"].rows()], [f"p{n:02}" for n in range(16)])


class CutUpload(Case):
    def test_a_beginning_runs_nothing(self):
        random.seed(7)
        for kind in kinds():
            text = self.server.text(kind).encode()
            last = text.rindex(b"fk_main")
            points = [0, 5, len(f"FK_NONCE={NONCE}"), last - 1, last, last + 3] + random.sample(range(last), 40)
            for point in points:
                with self.subTest(kind=kind, point=point):
                    done = subprocess.run([*kind.shell, "-x", "-s"], input=text[:point], capture_output=True, timeout=20, check=False)
                    self.assertEqual(done.stdout, b"")
                    traced = [line for line in done.stderr.decode().splitlines() if line.startswith("+")]
                    allowed = [rf"\+ FK_NONCE=[0-9a-f]*'?", r"\+ F?K?_?N?O?N?C?E?", r"\+ fk_?m?a?i?"]
                    for line in traced:
                        self.assertTrue(any(re.fullmatch(a, line) for a in allowed), line)

    def test_the_whole_runs(self):
        for kind in kinds():
            text = self.server.text(kind).encode().rstrip(b"\n")
            done = subprocess.run([*kind.shell, "-s"], input=text, capture_output=True, timeout=60, check=False)
            self.assertIn("meta", frames(done.stdout))


class NothingLeft(Case):
    def test_no_file_is_made(self):
        workdir, made = stack(self.server)
        scratch = self.server.workdir("scratch")
        with open(os.path.join(workdir, ".env"), "w", encoding="utf-8") as f:
            f.write("A=1\n" * 5000)
        self.server.config("app", {"services": {"a": {"environment": {f"K{i}": "v" * 100 for i in range(2000)}}}})
        if not harness.tracing():
            self.skipTest("strace does not work here")
        for kind in kinds():
            log = os.path.join(self.server.dir, "trace")
            text = self.server.text(kind)
            subprocess.run(
                ["strace", "-f", "-qq", "-e", "trace=open,openat,creat,mkdir,mkdirat,unlink,unlinkat,rename,renameat,symlink,mknod,mknodat", "-o", log, *kind.shell, "-s"],
                input=text.encode(), capture_output=True, timeout=120, check=True, env={**os.environ, "TMPDIR": scratch, "HOME": scratch},
            )
            with open(log, encoding="utf-8", errors="replace") as f:
                lines = f.read().splitlines()
            bad = [line for line in lines if re.search(r"O_WRONLY|O_RDWR|O_CREAT|creat\(|mkdir|unlink|rename|symlink|mknod", line) and "/dev/null" not in line and "/dev/tty" not in line and self.server.data not in line and "ENOENT" not in line]
            self.assertEqual(bad, [], kind)
            self.assertEqual(os.listdir(scratch), [])


class Text(unittest.TestCase):
    def test_rules_of_the_script(self):
        text = script()
        body = text[text.index("fk_main() {") :]
        self.assertTrue(body.startswith("fk_main() {\nset -fu\numask 077\nPATH="))
        self.assertTrue(text.endswith("}\nfk_main\n"))
        for line in text[: text.index("fk_main() {")].splitlines():
            self.assertTrue(line == "" or line.startswith("#"), line)
        self.assertNotIn("<<", re.sub(r"'[^']*'", "''", text), "a here-document may need a temporary file")
        self.assertNotIn("mktemp", text)

    def test_shellcheck(self):
        if shutil.which("shellcheck") is None:
            self.skipTest("shellcheck is not installed")
        done = subprocess.run(["shellcheck", harness.SCRIPT], capture_output=True, text=True, check=False)
        self.assertEqual(done.stdout, "")


if __name__ == "__main__":
    unittest.main()
