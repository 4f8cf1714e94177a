"""Single sections: owner of a deployment, compose, nginx, database, sign-in server, docker's settings."""

import base64
import contextlib
import hashlib
import hmac
import http.server
import json
import os
import pwd
import re
import shutil
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import harness
from harness import Container, Server, kinds, marked, one, stack

NOBODY = 65534


class Case(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.close)

    def put(self, directory, name, text):
        with open(os.path.join(directory, name), "w", encoding="utf-8") as f:
            f.write(text)

    def log(self):
        path = os.path.join(self.server.data, "log")
        if not os.path.exists(path):
            return []
        with open(path, encoding="utf-8") as f:
            return f.read().splitlines()


class Owner(Case):
    def setUp(self):
        super().setUp()
        if os.geteuid() != 0:
            self.skipTest("needs root to become the owner")

    def test_env_and_compose_run_as_the_owner(self):
        workdir, _ = stack(self.server)
        self.put(workdir, ".env", "A=1\n")
        os.chown(workdir, NOBODY, NOBODY)
        self.server.write("config.app.sh", 'printf \'{"services":{"u":{"image":"uid-%s home-%s env-%s"}}}\' "$(id -u)" "$HOME" "${FK_SEEN:-none}"; exit 0\n')
        for kind in kinds():
            found = self.server.run(kind, env={**os.environ, "FK_SEEN": "leaked"})
            self.assertEqual(found["rendered@1"].rows()[1], ["image", "uid-65534 home-/nonexistent env-none"])
            self.assertEqual(found["env@1"].rows()[0][2:], ["644", "root"])

    def test_with_runuser_and_su(self):
        workdir, _ = stack(self.server)
        self.put(workdir, ".env", "A=1\n")
        os.chown(workdir, NOBODY, NOBODY)
        self.server.write("config.app.sh", 'printf \'{"services":{"u":{"image":"uid-%s %s"}}}\' "$(id -u)" "$*"; exit 0\n')
        for name in ("runuser", "su"):
            self.server.extra = {"setpriv": "#!/bin/sh\nexit 1\n", name: f'#!/bin/sh\nexec {shutil.which(name)} "$@"\n'}
            found = self.server.run(kinds()[0])
            self.assertEqual(found["rendered@1"].rows()[1], ["image", "uid-65534 compose --project-name app config --format json"], name)
            self.assertEqual(found["env@1"].env(), {"A": found["env@1"].env()["A"]})
        self.server.extra = {"setpriv": None}
        found = self.server.run(kinds()[0])
        self.assertEqual((found["env@1"].status, found["rendered@1"].status), ("failed", "failed"))

    def test_a_link_reveals_nothing(self):
        secret = os.path.join(self.server.dir, "shadow")
        with open(secret, "w", encoding="utf-8") as f:
            f.write("FQDN=rootonly\n")
        os.chmod(secret, 0o600)
        for owner in (0, NOBODY):
            workdir, _ = stack(self.server, workdir=self.server.workdir(f"w{owner}"), project=f"p{owner}")
            os.symlink(secret, os.path.join(workdir, ".env"))
            os.chown(workdir, owner, owner)
        workdir, _ = stack(self.server, workdir=self.server.workdir("wx"), project="px")
        os.link(secret, os.path.join(workdir, ".env"))
        os.chown(workdir, NOBODY, NOBODY)
        for kind in kinds():
            found = self.server.run(kind)
            self.assertEqual([found[f"env@{n}"].status for n in (1, 2, 3)], ["denied", "failed", "denied"])
            self.assertNotIn(b"rootonly", self.server.output)

    def acts(self, make, under=None):
        """Lets make() shape one deployment's directory; says who read `.env` and ran compose there, or why nobody.
        The shells take turns."""
        self.server.containers = []
        self.count = getattr(self, "count", 0) + 1
        base = self.server.workdir(f"b{self.count}")
        workdir = os.path.join(base, "app")
        os.mkdir(workdir)
        self.put(workdir, ".env", "FQDN=x\n")
        self.put(workdir, "docker-compose.yml", "services: {}\n")
        made = make(base, workdir) or {}
        stack(self.server, workdir=made.get("workdir", workdir))
        for container in self.server.containers:
            container.labels.update(made.get("labels", {}))
        self.server.write("config.app.sh", 'printf \'{"services":{"u":{"image":"%s:%s %s"}}}\' "$(id -u)" "$(id -g)" "$PWD"; exit 0\n')
        said = set()
        for kind in under or [kinds()[self.count % 3]]:
            found = self.server.run(kind)
            env, rendered = found["env@1"], found["rendered@1"]
            self.where = None
            if rendered.status == "denied":
                self.assertEqual((env.status, env.body), ("denied", rendered.body))
                said.add(rendered.body.decode().replace(base, "BASE"))
            else:
                self.assertEqual(rendered.status, "ok", (kind, rendered.rc, env.status, env.rc))
                who, _, self.where = rendered.rows()[1][1].partition(" ")
                said.add((who, env.status))
        self.assertEqual(len(said), 1, said)
        return said.pop()

    def test_a_directory_above(self):
        def above(uid, gid=0, mode=0o755):
            def make(base, workdir):
                os.chown(base, uid, gid)
                os.chmod(base, mode)
            return make

        nobody = f"{NOBODY}:{NOBODY}"
        self.assertEqual(self.acts(above(0)), ("0:0", "ok"))
        self.assertEqual(self.acts(above(NOBODY)), (nobody, "ok"))
        self.assertEqual(self.acts(above(0, 0, 0o1777)), "writable\tBASE\n")
        self.assertEqual(self.acts(above(0, 0, 0o777)), "writable\tBASE\n")
        self.assertEqual(self.acts(above(0, NOBODY, 0o775)), "writable\tBASE\n")
        self.assertEqual(self.acts(above(NOBODY, NOBODY, 0o775)), "writable\tBASE\n")

    def test_the_directory_itself(self):
        def itself(uid, gid=0, mode=0o755, parent=0):
            def make(base, workdir):
                os.chown(base, parent, 0)
                os.chown(workdir, uid, gid)
                os.chmod(workdir, mode)
            return make

        daemon = pwd.getpwnam("daemon")
        self.assertEqual(self.acts(itself(0, 0, 0o777)), "writable\tBASE/app\n")
        self.assertEqual(self.acts(itself(NOBODY, parent=daemon.pw_uid), kinds()), "writable\tBASE\n")
        # the group of one user alone, as most distributions make it
        self.assertEqual(self.acts(itself(daemon.pw_uid, daemon.pw_gid, 0o775)), (f"{daemon.pw_uid}:{daemon.pw_gid}", "ok"))
        self.assertEqual(self.acts(itself(daemon.pw_uid, 4242, 0o775)), "writable\tBASE/app\n")
        # nobody knows this user: the group of the directory is not lent to him (busybox alone cannot become him)
        self.assertEqual(self.acts(itself(4242, 0), kinds()[:2]), ("4242:65534", "ok"))

    def test_a_swapped_directory(self):
        """A user who owns the way to it puts a link there, to a place of root's where he may write too."""
        def make(base, workdir):
            os.chmod(workdir, 0o1777)
            os.chown(os.path.join(workdir, ".env"), NOBODY, NOBODY)
            os.mkdir(os.path.join(base, "home"))
            os.symlink(workdir, os.path.join(base, "home", "link"))
            os.chown(os.path.join(base, "home"), NOBODY, NOBODY)
            return {"workdir": os.path.join(base, "home", "link")}

        self.assertEqual(self.acts(make, kinds()), "writable\tBASE/app\n")

    def test_behind_a_link_the_real_directory_counts(self):
        def make(base, workdir):
            os.symlink(workdir, os.path.join(base, "link"))
            link = os.path.join(base, "link")
            return {"workdir": link, "labels": {"com.docker.compose.project.environment_file": f"{link}/.env"}}

        self.assertEqual(self.acts(make), ("0:0", "ok"))
        self.assertTrue(self.where.endswith("/app"), self.where)

    def test_files_of_others_in_a_directory_of_roots(self):
        def files(*shape, labels=()):
            def make(base, workdir):
                for name, uid, mode in shape:
                    path = os.path.join(workdir, name)
                    os.makedirs(os.path.dirname(path), exist_ok=True)
                    if not os.path.isdir(path):
                        self.put(workdir, name, "A=1\n")
                    os.chown(path, uid, uid)
                    os.chmod(path, mode)
                return {"labels": {f"com.docker.compose.project.{k}": v.replace("HERE", workdir) for k, v in labels}}
            return make

        nobody = f"{NOBODY}:{NOBODY}"
        self.assertEqual(self.acts(files(("docker-compose.yml", NOBODY, 0o644))), (nobody, "ok"))
        self.assertEqual(self.acts(files((".env", NOBODY, 0o600))), (nobody, "ok"))
        self.assertEqual(self.acts(files((".env", 0, 0o666))), "writable\t.env\n")
        self.assertEqual(self.acts(files(("compose.override.yaml", 0, 0o646))), "writable\tcompose.override.yaml\n")
        self.assertEqual(self.acts(files((".env", 1, 0o644), ("docker-compose.yml", NOBODY, 0o644))), "writable\t.env\n")
        deep = (("deep/one/x.yml", 0, 0o644), ("deep/one", 0, 0o777))
        self.assertEqual(self.acts(files(*deep, labels=[("config_files", "HERE/deep/one/x.yml")])), "writable\tdeep/one\n")
        self.assertEqual(self.acts(files(*deep, labels=[("environment_file", "HERE/deep/one/x.yml")])), "writable\tdeep/one\n")
        aside = [("environment_file", "HERE/../prod/p.env")]
        self.assertEqual(self.acts(files(("../prod/p.env", 0, 0o644), ("../prod", NOBODY, 0o755), labels=aside)), (nobody, "ok"))

    def test_the_way_costs_one_process(self):
        log = os.path.join(self.server.data, "stat")
        self.server.tool("stat", f'#!/bin/sh\necho >>{log}\nexec {shutil.which("stat")} "$@"\n')
        workdir, _ = stack(self.server)
        self.put(workdir, ".env", "A=1\n")
        self.server.run(kinds()[0])
        with open(log, encoding="utf-8") as f:
            self.assertEqual(len(f.read()), 1)

    def test_not_a_regular_file(self):
        for name, make in (("a", lambda p: os.mkfifo(p)), ("b", lambda p: os.mkdir(p)), ("c", lambda p: None)):
            workdir, _ = stack(self.server, workdir=self.server.workdir(name), project=name)
            make(os.path.join(workdir, ".env"))
        for kind in one(self):
            found = self.server.run(kind)
            self.assertEqual([found[f"env@{n}"].status for n in (1, 2, 3)], ["failed", "failed", "missing"])


class Compose(Case):
    def arguments(self, workdir):
        self.server.run(kinds()[0])
        line = self.log()[-1]
        self.assertTrue(line.startswith(workdir + " "), line)
        return line[len(workdir) + 1 :]

    def test_its_own_choice_of_files(self):
        workdir, made = stack(self.server)
        self.server.config("app", {})
        for files in ("docker-compose.yml", "compose.yaml,compose.override.yaml", "docker-compose.yml,docker-compose.override.yml"):
            for container in made:
                container.labels["com.docker.compose.project.config_files"] = ",".join(f"{workdir}/{f}" for f in files.split(","))
            self.assertEqual(self.arguments(workdir), "compose --project-name app config --format json")

    def test_other_files_are_named(self):
        workdir, made = stack(self.server)
        self.server.config("app", {})
        for container in made:
            container.labels["com.docker.compose.project.config_files"] = f"{workdir}/docker-compose.yml,{workdir}/more files.yml"
        self.assertEqual(self.arguments(workdir), f"compose --project-name app --project-directory . -f {workdir}/docker-compose.yml -f {workdir}/more files.yml config --format json")
        self.put(workdir, ".env", "X=1\nCOMPOSE_FILE=a.yml\n")
        self.assertEqual(self.arguments(workdir), "compose --project-name app config --format json")

    def test_keys_that_go_on_under_another_name(self):
        workdir, _ = stack(self.server)
        self.put(workdir, ".env", "FQDN=a.example\nENFORCE_HTTPS=true\nWS_REQUIRE_TLS=1\nexport LOG_LEVEL='x'\nAPI_URL=https://${WEB_HOST}/\nWEB_HOST=b\nTOO_MANY=1\n")
        self.put(
            workdir,
            "docker-compose.yml",
            "services:\n  web:\n    command: [serve, --level, $LOG_LEVEL]\n    environment:\n"
            "      - WS_REQUIRE_TLS=${WS_REQUIRE_TLS}\n      - \"SECURE=${ENFORCE_HTTPS:-false}\"\n"
            "      PASSWORD: it$ecret_Part$$TOO_MANY # ${TOO_MANY}\n      # X: ${TOO_MANY}\n",
        )
        for kind in kinds():
            head = self.server.run(kind)["env@1"].rows()[0]
            self.assertEqual(sorted(head[4].split(",")), ["ENFORCE_HTTPS", "LOG_LEVEL", "WEB_HOST"])

    def test_an_environment_file_label(self):
        workdir, made = stack(self.server)
        self.put(workdir, "prod.env", "FQDN=prod.example\n")
        self.put(workdir, ".env", "FQDN=wrong.example\n")
        for container in made:
            container.labels["com.docker.compose.project.environment_file"] = f"{workdir}/prod.env"
        self.server.config("app", {})
        self.assertEqual(self.arguments(workdir), f"compose --project-name app --env-file {workdir}/prod.env config --format json")
        self.assertEqual(self.server.run(kinds()[0])["env@1"].env(), {"FQDN": "=prod.example"})

    def test_the_rendered_model(self):
        workdir, _ = stack(self.server)
        model = {
            "name": "app",
            "services": {
                "nginx": {
                    "command": None,
                    "depends_on": {"x": {"condition": "service_started", "environment": {"NOT": "this"}}},
                    "entrypoint": ["not", "a", "command"],
                    "environment": {"FQDN": "a$$b\u00e9\"\\", "UNSET": None, "PORT": "1"},
                    "image": "nginx",
                    "network_mode": "host",
                    "ports": [
                        {"mode": "ingress", "host_ip": "127.0.0.1", "target": 80, "published": "8080", "protocol": "tcp"},
                        {"mode": "ingress", "target": 53, "published": "53-54", "protocol": "udp"},
                        {"target": 9},
                    ],
                    "volumes": [
                        {"type": "bind", "source": "/srv/a b", "target": "/etc/x", "read_only": True, "bind": {"create_host_path": True, "target": "no"}},
                        {"type": "volume", "source": "data", "target": "/data", "volume": {}},
                        {"type": "tmpfs", "target": "/tmp"},
                    ],
                },
                "empty": {},
            },
            "volumes": {"data": {"name": "app_data"}},
        }
        for indent in (2, None):
            self.server.config("app", json.dumps(model, indent=indent))
            for kind in kinds():
                rows = self.server.run(kind)["rendered@1"].rows()
                self.assertEqual(
                    rows,
                    [
                        ["service", "nginx"],
                        ["env", "FQDN", "=a$b\u00e9\"\\\\"],
                        ["env", "PORT", "=1"],
                        ["image", "nginx"],
                        ["netmode", "host"],
                        ["port", "80/tcp", "127.0.0.1", "8080"],
                        ["port", "53/udp", "", "53-54"],
                        ["port", "9/tcp", "", ""],
                        ["mount", "bind", "/srv/a b", "/etc/x", "ro"],
                        ["mount", "volume", "app_data", "/data", "rw"],
                        ["mount", "tmpfs", "", "/tmp", "rw"],
                        ["service", "empty"],
                    ],
                )

    def test_what_is_not_json_fails(self):
        stack(self.server)
        for text in ('{"services": {"a": {"image": "x"', '{"services": @}', "}"):
            self.server.config("app", text)
            for kind in one(self):
                frame = self.server.run(kind)["rendered@1"]
                self.assertEqual((frame.status, frame.body), ("failed", b""), text)

    def test_a_swarm_stack(self):
        labels = {"com.docker.stack.namespace": "af", "com.docker.swarm.service.name": "af_gotrue"}
        self.server.containers = [Container(1, "appflowyinc/gotrue:1@sha256:" + "a" * 64, labels=labels)]
        found = self.server.run(kinds()[0])
        self.assertEqual(found["deployments"].rows(), [["1", "af", "", "", "", "swarm"]])
        self.assertIn(["service", "gotrue"], found["containers"].rows())
        self.assertEqual((found["env@1"].status, found["rendered@1"].status), ("missing", "missing"))


class Containers(Case):
    def test_a_record(self):
        workdir, made = stack(self.server, ["FQDN=x", "GOTRUE_JWT_SECRET=hello456"])
        made[0].cmd = ["serve"]
        made[0].more.update(
            health="healthy",
            mounts=[["bind", "", "/srv/a", "/etc/a", "false"], ["volume", "data", "/var/lib/docker/volumes/data/_data", "/data", "true"]],
            ports={"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "80"}, {"HostIp": "::", "HostPort": "80"}], "443/tcp": None},
            want={"80/tcp": [{"HostIp": "", "HostPort": "80"}]},
            nets=[["app_default", "172.18.0.2", "fd00::2"]],
        )
        self.server.images["appflowyinc/gotrue:latest"] = (["GOTRUE_VERSION=v2"], ["serve"])
        for kind in kinds():
            text = self.server.run(kind)["containers"].body.decode()
            rows = [r.split("\t") for r in text.split("container\t")[1].splitlines()]
            self.assertEqual(rows[0], [made[0].id])
            self.assertEqual(
                rows[1:],
                [
                    ["project", "app"],
                    ["service", "gotrue"],
                    ["workdir", workdir],
                    ["configfiles", f"{workdir}/docker-compose.yml"],
                    ["tagid", made[0].imageid],
                    ["name", "app-gotrue-1"],
                    ["image", "appflowyinc/gotrue:latest"],
                    ["imageid", made[0].imageid],
                    ["state", "running"],
                    ["health", "healthy"],
                    ["started", "2026-01-02T03:04:05.678Z"],
                    ["restarts", "3"],
                    ["policy", "on-failure"],
                    ["netmode", "lab_default"],
                    ["env", "FQDN", "=x"],
                    ["env", "GOTRUE_JWT_SECRET", "~8-11,ld,1,a"],
                    ["cmd", "=serve"],
                    ["mount", "bind", "/srv/a", "/etc/a", "ro"],
                    ["mount", "volume", "data", "/data", "rw"],
                    ["port", "80/tcp", "0.0.0.0", "80"],
                    ["port", "80/tcp", "::", "80"],
                    ["want", "80/tcp", "", "80"],
                    ["net", "app_default", "172.18.0.2", "fd00::2"],
                    ["ienv", "GOTRUE_VERSION", "=v2"],
                    ["icmd", "=serve"],
                ],
            )

    def test_which_projects_are_ours(self):
        cases = [("registry.example/appflowyinc/x", "web", True), ("me/appflowy_cloud:1", "x", True), ("own/auth", "gotrue", True), ("own/x", "appflowy_cloud", True), ("nginx", "nginx", False), ("appflowyincx/y", "z", False)]
        for n, (image, service, _) in enumerate(cases, 1):
            self.server.containers.append(Container(n, image, project=f"p{n}", service=service, workdir="/nowhere"))
        found = self.server.run(kinds()[0])
        self.assertEqual([r[1] for r in found["deployments"].rows()], [f"p{n}" for n, c in enumerate(cases, 1) if c[2]])

    def test_a_one_off_container_is_no_service(self):
        workdir, made = stack(self.server)
        one = Container(9, "appflowyinc/gotrue:latest", project="app", service="gotrue", workdir=workdir, labels={"com.docker.compose.oneoff": "True"})
        self.server.containers.insert(0, one)
        self.server.answer(one, "curl", "wrong\n200")
        self.server.answer(made[0], "curl", "right\n200")
        found = self.server.run(kinds()[0])
        self.assertEqual(found["gotrue-settings@1"].body, b"http\t200\nright")
        self.assertEqual(sum(r == ["service", "gotrue"] for r in found["containers"].rows()), 1)

    def test_image_references(self):
        refs = ["nginx", "docker.io/library/nginx:latest", "library/nginx", "nginx:1.0", "localhost:5000/x", "gone:1"]
        for n, ref in enumerate(refs, 1):
            self.server.containers.append(Container(n, ref))
        server, prepare = self.server, self.server.prepare

        def patched(kind):
            path = prepare(kind)
            server.write("images", 'image\t"sha256:aa"\ntag\t"nginx:latest"\n\nimage\t"sha256:bb"\ntag\t"nginx:1.0"\ntag\t"localhost:5000/x:latest"\n\nimage\t"sha256:aa"\n\n')
            return path

        server.prepare = patched
        for kind in one(self):
            rows = server.run(kind)["containers"].rows()
            self.assertEqual([r[1] for r in rows if r[0] == "tagid"], ["sha256:aa"] * 3 + ["sha256:bb"] * 2 + [""])


NGINX = r"""# configuration file /etc/nginx/nginx.conf:
user www-data; # note
events { worker_connections 64; }
http {
    map $http_upgrade $connection_upgrade { default upgrade; '' close; }
    log_format main '$remote_addr "$request"'
                    ' $status';
    server_tokens off;
    add_header X-Content-Type-Options nosniff always;
    add_header Content-Security-Policy "default-src 'self'; script-src 'nonce-x'" always;
    server {
        listen 127.0.0.1:18099;
        server_name a.example ~^(?<x>.+)\.b\.example$;
        set $backend "http://127.0.0.1:9";
        location ~* "^/api/([a-z]+)/\d{1,3}$" { return 404; }
        location /gotrue/ {
            proxy_pass $backend;
            rewrite ^/gotrue(/.*)$ $1 break;
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For ${remote_addr};
            proxy_set_header Authorization "Basic dXNlcjpwYXNz";
            proxy_set_header Connection "";
        }
        location / { return 301 https://$host$request_uri; }
    }
}

# configuration file /etc/nginx/mime.types:
types {
    text/html html htm;
}
"""


class Nginx(Case):
    def redact(self, kind, text):
        workdir, made = stack(self.server, project="n", workdir="/nowhere")
        self.server.answer(made[3], "nginx", text)
        frame = self.server.run(kind)["nginx@1"]
        self.assertEqual(frame.status, "ok")
        first, _, rest = frame.body.decode().partition("\n")
        self.assertEqual(first, "# test 0")
        self.server.containers = []
        return rest

    def test_stays_as_it_was(self):
        for kind in kinds():
            lines = self.redact(kind, NGINX).splitlines()
            for number, (old, new) in enumerate(zip(NGINX.splitlines(), lines)):
                if "Authorization" in old:
                    old = old.replace('"Basic dXNlcjpwYXNz"', "redacted")
                old = re.sub(r" # note$", "", old).replace("'nonce-x'", "'nonce-redacted'")
                self.assertEqual(old.split(), new.split(), number)

    def test_nginx_still_reads_it(self):
        nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin")
        if nginx is None:
            self.skipTest("nginx is not installed")
        text = self.redact(kinds()[0], NGINX)
        conf = self.server.write("nginx.conf", text.replace("types {", "#", 1).split("# configuration file /etc/nginx/mime")[0].replace("user www-data;", f"pid {self.server.dir}/pid; error_log stderr;"))
        paths = " ".join(f"{n}_temp_path {self.server.dir}/t;" for n in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        with open(conf, encoding="utf-8") as f:
            text = f.read()
        self.server.write("nginx.conf", text.replace("http {", f"http {{ access_log off; {paths}", 1))
        done = subprocess.run([nginx, "-t", "-q", "-p", self.server.dir, "-c", conf], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_a_broken_configuration_says_so(self):
        workdir, made = stack(self.server)
        self.server.answer(made[3], "nginx", "", rc=1)
        for kind in one(self):
            frame = self.server.run(kind)["nginx@1"]
            self.assertEqual((frame.status, frame.rc, frame.body), ("failed", 1, b"# test 1\n"))

    def test_hostile_text(self):
        for text in ("x" * 70000, "a\n" * 70000 + "'", '"open\n' * 1000, "{" * 5000, "}" * 5000, "\\", "a \\", "$", "${", "''", "x{y;z}\0;", "# configuration file \x1b:\n"):
            workdir, made = stack(self.server, workdir="/nowhere")
            self.server.answer(made[3], "nginx", text)
            for kind in one(self):
                self.assertIn(self.server.run(kind)["nginx@1"].status, ("ok", "failed"))
            self.server.containers = []

    def test_an_nginx_of_another_user_is_not_asked(self):
        if os.geteuid() != 0:
            self.skipTest("needs root to become somebody else")
        named = "import ctypes, os, sys; os.setuid(%d); ctypes.CDLL(None).prctl(15, b'nginx', 0, 0, 0); print(flush=True); sys.stdin.read()"
        asked = os.path.join(self.server.data, "asked")
        self.server.tool("nginx", f"#!/bin/sh\n: >{asked}\necho 'events {{}}'\n")
        for user, status in ((NOBODY, "denied"), (0, "ok")):
            process = subprocess.Popen([sys.executable, "-c", named % user], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            try:
                process.stdout.readline()
                self.server.tool("ss", f"""#!/bin/sh\necho 'tcp LISTEN 0 5 0.0.0.0:80 0.0.0.0:* users:(("nginx",pid=1,fd=3),("nginx",pid={process.pid},fd=3))'\n""")
                pid = self.server.write("nginx.pid", str(process.pid))
                for kind in kinds():
                    for replace in ([("/run/nginx.pid", pid)], [("/run/nginx.pid", pid + ".none")]):
                        self.assertEqual(self.server.run(kind, replace)["nginx-host"].status, status, (kind, user, replace))
            finally:
                process.communicate()
            self.assertEqual(os.path.exists(asked), status == "ok")

    def test_the_host_is_asked_only_while_it_runs(self):
        self.server.tool("nginx", "#!/bin/sh\necho '# configuration file /x:'; echo 'events {}'\n")
        self.server.tool("ss", "#!/bin/sh\n:\n")
        if os.path.exists("/run/nginx.pid"):
            self.skipTest("nginx runs here")
        self.assertEqual(self.server.run(kinds()[0])["nginx-host"].status, "missing")


def verifier(password, rounds=4096, salt=b"0123456789abcdef"):
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, rounds)
    stored = hashlib.sha256(hmac.new(salted, b"Client Key", "sha256").digest()).digest()
    server_key = hmac.new(salted, b"Server Key", "sha256").digest()
    b = lambda x: base64.b64encode(x).decode()
    return f"SCRAM-SHA-256${rounds}:{b(salt)}${b(stored)}:{b(server_key)}"


class Database(Case):
    def ask(self, rows, rc=0, kind=None):
        workdir, made = stack(self.server, workdir="/nowhere")
        self.server.answer(made[2], "sh", rows, rc)
        found = self.server.run(kind or kinds()[0])
        with open(os.path.join(self.server.data, f"sql.{made[2].id}"), encoding="utf-8") as f:
            self.sql = f.read()
        self.server.containers = []
        return found

    def test_the_answers(self):
        rows = f"max|20251007112900\noldfork|0\nnewfork|1\nrole|postgres|scram-sha-256|1\nverifier|{verifier('password')}\ntable|0\nend|1\n"
        for kind in one(self):
            found = self.ask(rows, kind=kind)
            self.assertEqual(found["gotrue-schema@1"].body, b"max\t20251007112900\noldfork\t0\nnewfork\t1\n")
            self.assertEqual(found["db-role@1"].body, b"role\tpostgres\tscram-sha-256\t1\nfactory\t1\n")
            self.assertEqual(found["whitelist@1"].body, b"table\t0\n")

    def test_every_tool_compares(self):
        tools = {
            "python3": {},
            "perl": {"python3": None, "perl": "#!/bin/sh\nexec /usr/bin/perl \"$@\"\n"},
            "openssl": {"python3": None, "openssl": "#!/bin/sh\nexec /usr/bin/openssl \"$@\"\n", "od": "#!/bin/sh\nexec /usr/bin/od \"$@\"\n"},
            "": {"python3": None},
        }
        words = marked("factory secrets")
        for name, extra in tools.items():
            self.server.extra = extra
            for password, rounds, wanted in ((words[0], 4096, "1"), (words[-1], 5000, "1"), ("Str0ng-and-own", 4096, "0")):
                with self.subTest(tool=name, password=password):
                    found = self.ask(f"role|af|scram-sha-256|0\nverifier|{verifier(password, rounds)}\nend|1\n")
                    self.assertEqual(found["db-role@1"].body.decode(), f"role\taf\tscram-sha-256\t0\nfactory\t{wanted if name else '-'}\n")

    def test_md5_and_none(self):
        found = self.ask("role|af|md5|0\nmd5|1\nend|1\n")
        self.assertEqual(found["db-role@1"].body, b"role\taf\tmd5\t0\nfactory\t1\n")
        for word in marked("factory secrets"):
            self.assertIn(f"\n{word}\n", self.sql)
        found = self.ask("role|af|none|1\nend|1\n")
        self.assertEqual(found["db-role@1"].body, b"role\taf\tnone\t1\nfactory\t0\n")

    def test_a_whitelist(self):
        found = self.ask("table|0\nenabled|1\nend|1\n")
        self.assertEqual(found["whitelist@1"].body, b"table\t1\nenabled\t1\n")
        found = self.ask("table|1\nend|1\n")
        self.assertEqual(found["whitelist@1"].body, b"table\t1\n")

    def test_partial_answers(self):
        found = self.ask("table|0\nend|1\n")
        self.assertEqual((found["gotrue-schema@1"].status, found["db-role@1"].status, found["whitelist@1"].status), ("failed", "denied", "ok"))
        found = self.ask("", rc=2)
        self.assertEqual({found[f"{n}@1"].status for n in ("gotrue-schema", "db-role", "whitelist")}, {"failed"})
        found = self.ask("max|1\n" + "x" * 100000 + "\nend|1\n")
        self.assertEqual({found[f"{n}@1"].status for n in ("gotrue-schema", "db-role", "whitelist")}, {"failed"})

    def test_the_session_only_reads(self):
        self.ask("end|1\n")
        self.assertEqual(self.sql.count("begin transaction read only;"), 4)
        self.assertEqual(self.sql.count("commit;"), 4)
        self.assertNotRegex(self.sql, r"(?i)\b(insert|update|delete|create|alter|drop|grant|copy)\b")
        for setting in ("search_path=pg_catalog,pg_temp", "default_transaction_read_only=on", "statement_timeout=5000", "row_security=off"):
            self.assertIn(f"-c {setting}", harness.script())

    def test_no_database_container(self):
        workdir, made = stack(self.server)
        self.server.containers.remove(made[2])
        found = self.server.run(kinds()[0])
        self.assertEqual({found[f"{n}@1"].status for n in ("gotrue-schema", "db-role", "whitelist")}, {"missing"})


class Gotrue(http.server.BaseHTTPRequestHandler):
    """Answers, records what it was asked, and can be slow."""

    asked, slow = [], ()

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.asked.append((self.command, self.path, body))
        if self.path in self.slow:
            time.sleep(3)
        said = f'{{"asked":"{self.path}"}}\n'.encode()
        with contextlib.suppress(OSError):
            self.send_response(422 if self.command == "POST" else 200)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

    do_GET = do_POST = answer

    def log_message(self, *_):
        pass


class SignIn(Case):
    def stack(self, port=9998):
        _, made = stack(self.server, [f"PORT={port}"])
        made[0].more["nets"] = [["app_default", "127.0.0.1", ""]]
        return made[0]

    def serve(self):
        """A server on loopback and the real curl."""
        Gotrue.asked, Gotrue.slow = [], ()
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Gotrue)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        curl = shutil.which("curl", path="/usr/bin:/bin:/usr/local/bin")
        self.assertIsNotNone(curl, "curl is not installed")
        self.server.tool("curl", f'#!/bin/sh\nexec {curl} "$@"\n')
        self.stack(server.server_address[1])

    def test_from_the_host(self):
        self.serve()
        for kind in one(self):
            found = self.server.run(kind)
            self.assertEqual(found["gotrue-settings@1"].body, b'http\t200\n{"asked":"/settings"}\n')
            self.assertEqual(found["password-probe@1"].body, b'http\t422\n{"asked":"/signup"}\n')
        self.assertEqual([a[:2] for a in Gotrue.asked], [("GET", "/settings"), ("POST", "/signup")])
        probe = json.loads(Gotrue.asked[1][2])
        self.assertEqual(set(probe), {"email", "phone", "password"})  # both names: can create nobody
        self.assertEqual(probe["password"], " ")
        self.assertTrue(probe["email"].endswith(".invalid"))

    def test_one_answer_of_two(self):
        self.serve()
        inside = [('fk_curl "http://127.0.0.1:${fk_door##*:}"', "false"), ("-m 5", "-m 1")]
        for slow, settings, probe in (("/signup", "ok", "timeout"), ("/settings", "timeout", "timeout")):
            Gotrue.slow = (slow,)
            for kind in kinds():
                found = self.server.run(kind, inside)
                self.assertEqual((found["gotrue-settings@1"].status, found["password-probe@1"].status), (settings, probe))
                self.assertEqual(found["gotrue-settings@1"].body, b'http\t200\n{"asked":"/settings"}\n' if settings == "ok" else b"")
                self.assertEqual(found["password-probe@1"].body, b"")

    def test_from_inside_when_the_host_cannot(self):
        self.server.answer(self.stack(), "curl", "{}\n422")
        for tool in ("#!/bin/sh\nexit 7\n", None):
            self.server.tool("curl", tool)
            for kind in one(self):
                found = self.server.run(kind)
                self.assertEqual(found["gotrue-settings@1"].body, b"http\t422\n{}")
                self.assertEqual(found["password-probe@1"].body, b"http\t422\n{}")

    def test_a_long_answer_is_not_searched(self):
        self.server.answer(self.stack(), "curl", "x" * 500000 + "\n200")
        self.server.tool("curl", None)
        for kind in kinds():
            before = time.monotonic()
            found = self.server.run(kind)
            self.assertLess(time.monotonic() - before, 20)
            for ident in ("gotrue-settings@1", "password-probe@1"):
                self.assertEqual((found[ident].status, found[ident].body), ("failed", b""))

    def test_no_answer(self):
        self.server.answer(self.stack(), "curl", "\n000", rc=28)
        found = self.server.run(kinds()[0])
        for ident in ("gotrue-settings@1", "password-probe@1"):
            self.assertEqual((found[ident].status, found[ident].body), ("timeout", b""))


class Docker(Case):
    def test_daemon_settings(self):
        daemon = os.path.join(self.server.dir, "daemon.json")
        pid = os.path.join(self.server.dir, "docker.pid")
        replace = [("/etc/docker/daemon.json", daemon), ("/run/docker.pid", pid)]

        def ask(text, version="24.0.7", running=True):
            with open(daemon, "w", encoding="utf-8") as f:
                f.write(text)
            with open(pid, "w", encoding="utf-8") as f:
                f.write(str(os.getpid()) if running else "")
            self.server.write("info", f"{version}\n/var/lib/docker\nname=rootless \nactive\n")
            rows = dict(self.server.run(kind, replace)["docker"].rows())
            return rows.get("userlandproxy"), rows.get("ip6tables"), rows["swarm"], rows["rootless"]

        for kind in one(self):
            self.assertEqual(ask("", running=False), (None, None, "1", "1"))
            self.assertEqual(ask("{}"), ("true", "false", "1", "1"))
            self.assertEqual(ask("{}", "27.1.0"), ("true", "true", "1", "1"))
            self.assertEqual(ask('{"userland-proxy":false,\n "ip6tables" : true}'), ("false", "true", "1", "1"))
            self.assertEqual(ask('{"userland-proxy": "x"}', running=False), (None, None, "1", "1"))

    def test_options_of_the_daemon(self):
        daemon = self.server.write("daemon.json", "{}")
        cases = [
            (["--userland-proxy-path=/usr/bin/docker-proxy"], ("true", "false")),
            (["--userland-proxy=false", "--ip6tables"], ("false", "true")),
            (["--userland-proxy-path=/x", "--userland-proxy=0", "--ip6tables=True", "--ip6tables=f"], ("false", "false")),
            (["-H", "fd://x--userland-proxy=false", "--ip6tables=true"], ("true", "true")),
        ]
        for options, wanted in cases:
            # The daemon's stand-in: a process with these arguments.
            process = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()", *options], stdin=subprocess.PIPE)
            try:
                pid = self.server.write("docker.pid", str(process.pid))
                for kind in kinds():
                    rows = dict(self.server.run(kind, [("/etc/docker/daemon.json", daemon), ("/run/docker.pid", pid)])["docker"].rows())
                    self.assertEqual((rows["userlandproxy"], rows["ip6tables"]), wanted, (kind, options))
            finally:
                process.communicate()

    def test_legacy_rules_are_read_only_where_there_are_some(self):
        if os.geteuid() != 0:
            self.skipTest("needs root")
        names = os.path.join(self.server.dir, "names")
        self.server.tool("iptables-legacy-save", "#!/bin/sh\necho legacy\n")
        for text, body in (("", b""), ("filter\n", b"legacy\n")):
            with open(names, "w", encoding="utf-8") as f:
                f.write(text)
            for kind in one(self):
                frame = self.server.run(kind, [("/proc/net/ip_tables_names", names)])["iptables-legacy"]
                self.assertEqual((frame.status, frame.body), ("ok", body))

    def test_legacy_tables_without_their_tool_are_missed(self):
        if os.geteuid() != 0:
            self.skipTest("needs root")
        names = os.path.join(self.server.dir, "names")
        for text, status in (("", "ok"), ("nat\nfilter\n", "missing")):
            with open(names, "w", encoding="utf-8") as f:
                f.write(text)
            for kind in one(self):
                found = self.server.run(kind, [("/proc/net/ip_tables_names", names), ("/proc/net/ip6_tables_names", names)])
                for frame in (found["iptables-legacy"], found["ip6tables-legacy"]):
                    self.assertEqual((frame.status, frame.body), (status, b""))


if __name__ == "__main__":
    unittest.main()
