"""What leaves the server: allow-listed values as text, of all others only what the rules say."""

import base64
import hashlib
import json
import os
import random
import re
import string
import subprocess
import sys
import unittest
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import harness
from harness import Container, Server, kinds, marked, one, stack

BUCKETS = [(0, "0"), (7, "1-7"), (11, "8-11"), (15, "12-15"), (31, "16-31"), (63, "32-63"), (1 << 30, "64+")]


def properties(value):
    """The first two fields behind the tilde, by the documented rule."""
    raw = value.encode("utf-8", "surrogateescape")
    bucket = next(name for top, name in BUCKETS if len(raw) <= top)
    classes = "".join(c for c, p in (("l", b"[a-z]"), ("u", b"[A-Z]"), ("d", b"[0-9]"), ("s", b"[^A-Za-z0-9]")) if re.search(p, raw))
    return f"~{bucket},{classes or '-'}"


def traces(secret):
    """Forms in which a secret could slip through."""
    raw = secret.encode()
    found = {raw, raw[::-1], raw.hex().encode(), urllib.parse.quote(secret, safe="").encode()}
    for shift in range(3):
        found.add(base64.b64encode(b"x" * shift + raw)[4 if shift else 0 : -4])
    for name in ("md5", "sha1", "sha256"):
        digest = hashlib.new(name, raw)
        found |= {digest.hexdigest().encode(), base64.b64encode(digest.digest())}
    return found


class Case(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.close)
        self.random = random.Random(11)
        self.secrets = []

    def canary(self, alphabet=string.ascii_letters + string.digits, size=24):
        self.secrets.append("".join(self.random.choice(alphabet) for _ in range(size)))
        return self.secrets[-1]

    def env_file(self, workdir, text):
        with open(os.path.join(workdir, ".env"), "wb") as f:
            f.write(text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape"))

    def nothing_leaked(self):
        for secret in self.secrets:
            for form in traces(secret):
                self.assertNotIn(form, self.server.output, secret)


class Canaries(Case):
    def test_no_secret_leaves(self):
        c = self.canary
        odd = string.ascii_letters + string.digits + "!#%&*+,-./:;<=>?@^_|~ "
        workdir, made = stack(
            self.server,
            [
                f"GOTRUE_JWT_SECRET={c()}",
                f"DATABASE_URL=postgres://postgres:{c()}@db/x",
                f"API_EXTERNAL_URL=https://user:{c()}@example.org/gotrue",  # allow-listed, but with user-info
                f"GOTRUE_SITE_URL=https://{c()}@example.org",
                f"GOTRUE_SMTP_PASS={c(odd)}",
                f"GOTRUE_EXTERNAL_GOOGLE_SECRET={c()}",
                f"GOTRUE_SESSIONS_TAGS={c()}\n{c()}",
                f"{c()}",
                f"{c(string.ascii_letters + string.digits, 40)}==",
            ],
        )
        made[0].cmd = ["redis-server", "--requirepass", c(), f"--password={c()}", c(), "sh", "-c", f"echo {c()}", "--token", c(), "/" + c(), "-p" + c()]
        made[1].labels["traefik.auth"] = c()
        made[1].labels[c()] = "x"
        self.server.images["appflowyinc/gotrue:latest"] = ([f"BUILT_WITH={c()}"], ["serve", f"--key={c()}"])
        self.server.containers.append(Container(99, "other/app", env=[f"TOKEN={c()}"], cmd=[c()], project="other", service="web", workdir="/srv/" + c()))
        key = "\n".join(c(string.ascii_letters + string.digits + "+/", 64) for _ in range(6)) + "\n" + c(size=30) + "==\n"
        self.env_file(
            workdir,
            f"PLAIN={c()}\nQUOTED=\"{c()}\"\nSINGLE='{c(odd).replace(chr(39), '')}'\nexport TOKEN={c()}\n"
            f"FQDN=${{PLAIN}}\nSCHEME=\"$QUOTED\"\nAPPFLOWY_BASE_URL=https://${{PLAIN}}.example.org\nCOMPOSE_FILE=${{SINGLE:-x}}\n"
            f"# COMMENT={c()}\nWS_SCHEME=ws # {c()}\nGOTRUE_SAML_PRIVATE_KEY=-----BEGIN KEY-----\n{key}-----END KEY-----\n"
            f"MULTI=\"first\n{c()}\nlast\"\n{c()}\nPORT=\"{c()}\nX={c()}\n",
        )
        self.server.config(
            "app",
            {
                "name": "app",
                "services": {
                    "gotrue": {
                        "image": "appflowyinc/gotrue:latest",
                        "command": ["--requirepass", c()],
                        "environment": {"A": c(), "DATABASE_URL": f"postgres://u:{c()}@h/d", "APPFLOWY_BASE_URL": f"http://a:{c()}@h"},
                        "labels": {"x": c()},
                        "healthcheck": {"test": ["CMD", c()]},
                        "build": {"args": {"T": c()}},
                    },
                    "x": {"environment": {"B": c()}},
                },
                "secrets": {"s": {"content": c()}},
                "x-own": {"services": {"y": {"environment": {"C": c()}}}},
            },
        )
        nginx = f"""# configuration file /etc/nginx/nginx.conf:
# a comment with {c()}
events {{}} # {c()}
http {{
  map $http_x_key $ok {{ default 0; "{c()}" 1; ~{c()} 1; }}
  proxy_set_header Authorization "Basic {c()}";
  proxy_set_header X-Api-Key {c()};
  proxy_set_header X-Other "prefix {c()}";
  fastcgi_param TOKEN {c()};
  set $secret "{c()}";
  set $other "{c()} {c()}";
  set $odd "multi
line {c()}";
  add_header X-Token {c()};
  add_header Set-Cookie "k={c()}";
  secure_link_secret {c()};
  proxy_pass http://user:{c()}@backend:80;
  proxy_pass "http://backend/?a=1&token={c()}";
  rewrite ^/a /b?key={c()} last;
  if ($request_uri ~ token={c()}) {{ return 403; }}
  return 301 https://a.example/?k={c()};
  return 200 "{c()}";
  if ($http_authorization != "Bearer {c()}") {{ return 403; }}
  if ($arg_key = {c()}) {{ return 403; }}
  env API_KEY={c()};
  unknown_thing {c()} '{c()}';
  js_var $x {c()};
  ssl_certificate_key "data:{c()}";
  content_by_lua_block {{ local key = "{c()}"; ngx.say('{c()}') }}
  sub_filter a {c()};
}}
"""
        self.server.answer(made[3], "nginx", nginx)
        self.server.answer(made[2], "sh", f"max|1\noldfork|0\nnewfork|0\nrole|postgres|scram-sha-256|1\nverifier|SCRAM-SHA-256$4096:{base64.b64encode(c(size=16).encode()).decode()}${base64.b64encode(c(size=32).encode()).decode()}:{base64.b64encode(c(size=32).encode()).decode()}\nNOTICE {c()}\nend|1\n")
        for kind in kinds():
            with self.subTest(kind=kind):
                found = self.server.run(kind)
                for ident in ("containers", "env@1", "rendered@1", "nginx@1", "db-role@1"):
                    self.assertEqual(found[ident].status, "ok", ident)
                    self.assertGreater(len(found[ident].body), 20)
                self.nothing_leaked()
                self.assertNotIn(b"other/secret", self.server.output)
                other = found["containers"].body.decode().split("container\t")[-1]
                self.assertIn("project\tother\n", other)
                self.assertNotIn("env\t", other)
                self.assertNotIn("workdir", other)

    NGINX_LINES = [
        'if ($k != "CANARY") { return 403; }', "if ($k = CANARY) { return 403; }", "if ($uri ~ ^/CANARY) { return 403; }", "if (-f /srv/CANARY) { return 403; }",
        'add_header X-Deploy-Key "CANARY";', "add_header X-CANARY on;", "add_header X-Own CANARY always;",
        "add_header Content-Security-Policy \"default-src 'self'; report-uri https://csp.example/CANARY?k=CANARY\";",
        'add_header Access-Control-Allow-Origin "https://u:CANARY@a.example";',
        "location /CANARY/ { return 404; }", "location = /hooks/CANARY { return 404; }", 'location ~* "^/api/(CANARY|b)/x$" { return 404; }', "location @CANARY { return 404; }", "location /api/v1/CANARY?x=CANARY { return 404; }",
        "error_page 404 /CANARY.html;", "error_page 502 =200 https://a.example/CANARY;", "error_page 404 @CANARY;",
        "proxy_pass http://backend:8000/CANARY/;", "proxy_pass http://CANARY@backend;", "proxy_pass http://u:CANARY@backend/;", "proxy_pass http://backend/a?CANARY;", "proxy_redirect http://a/CANARY /CANARY;",
        "access_log syslog:server=10.0.0.1,tag=CANARY;", "access_log /var/log/CANARY/x.log;", "access_log /var/log/nginx/a.log CANARY;", "error_log syslog:server=log.example:514,tag=CANARY warn;", "error_log /srv/CANARY/e.log;", "log_format main 'CANARY $request';",
        "map $http_x_key $ok { default 0; CANARY 1; }", 'map $http_x_key $ok { default "CANARY"; "~CANARY" CANARY; }', "map $http_CANARY $ok { default 0; }", "geo $ok { default CANARY; 10.0.0.0/8 CANARY; }", "split_clients $x $y { 50% CANARY; * CANARY; }",
        'set $x "CANARY";', "set $token CANARY;", "set $x http://u:CANARY@h;", "set $x http://h/CANARY;", 'set $x "a CANARY";', "set $CANARY 1;",
        'auth_basic "CANARY";', "auth_basic_user_file /etc/CANARY;", "auth_request /CANARY;",
        'proxy_set_header Authorization "CANARY";', 'proxy_set_header Authorization "Bearer CANARY";', "proxy_set_header Authorization $CANARY;", "proxy_set_header Host CANARY;", "proxy_set_header X-CANARY $host;", "proxy_set_header Cookie k=CANARY;", "proxy_set_header X-Script-Name /CANARY;", "grpc_set_header X-Key CANARY;",
        'return 200 "CANARY";', "return CANARY;", "return 301 https://a.example/CANARY;", "return 301 https://a.example/?k=CANARY;", "return 301 https://u:CANARY@a.example/;", "return 302 /CANARY;",
        "rewrite ^/CANARY/(.*)$ /x/$1 break;", "rewrite ^/a /CANARY last;", "rewrite ^/a /b?k=CANARY last;", "try_files $uri /CANARY;",
        "root /srv/CANARY;", "alias /srv/CANARY/;", "env KEY=CANARY;", "user CANARY;", "CANARY on;", "CANARY { listen 80; }", "own_directive CANARY;", "secure_link_secret CANARY;", "sub_filter a CANARY;", "fastcgi_param K CANARY;",
        "proxy_cookie_path / CANARY;", "proxy_hide_header X-CANARY;", "valid_referers none CANARY;", "limit_req_zone CANARY zone=api:10m rate=1r/s;", "proxy_cache_path /x/CANARY keys_zone=a:1m;", "proxy_cache_key CANARY;",
        "js_var $x CANARY;", "content_by_lua_block { local key = 'CANARY'; CANARY key; }", "types { CANARY html; text/html CANARY; }", "perl_set $x CANARY;", "proxy_cache_bypass CANARY;", "expires CANARY;", "deny CANARY;", "listen CANARY;", "ssl_session_cache CANARY;", "default_type CANARY;", "index CANARY.html;", "ssl_password_file /etc/CANARY;", "ssl_certificate_key data:CANARY;",
    ]

    def test_nginx_shows_known_forms_only(self):
        for canary in ("S3cretWebhook99", "dk-123456", "correcthorsebattery", "hunter2x", "ab12:cd34.ef56"):
            # a name of lower-case letters may be a variable's: that is how nginx itself reads it
            variable = re.fullmatch("[a-z_]+", canary)
            lines = [line.replace("CANARY", canary) for line in self.NGINX_LINES if not (variable and re.search(r"\$(http_)?CANARY", line))]
            text = "# configuration file /etc/nginx/nginx.conf:\nhttp {\n" + "\n".join(lines) + "\n}\n"
            self.server.containers = []
            workdir, made = stack(self.server, workdir="/nowhere")
            self.server.answer(made[3], "nginx", text)
            for kind in kinds() if canary == "dk-123456" else one(self):
                frame = self.server.run(kind)["nginx@1"]
                self.assertEqual(frame.status, "ok")
                shown = frame.body.decode().split("\n")[3:]
                self.assertGreaterEqual(len(shown), len(lines))
                for line, seen in zip(lines, shown):
                    self.assertIn("redacted", seen, (kind, line))
                    for form in (canary, canary.lower(), canary[: len(canary) // 2 + 2]):
                        self.assertNotIn(form, seen, (kind, line))

    def test_nginx_shows_what_checks_need(self):
        lines = [
            "listen 443 ssl default_server;", "listen [::]:443 ssl http2;", "listen 127.0.0.1:8080;", 
            "server_name docs.example.org *.example.org;", "server_name ~^(?<x>.+)\\.b\\.example$;", "server_name _;",
            "ssl_protocols TLSv1.2 TLSv1.3;", "ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:HIGH:!aNULL;", "ssl_certificate /etc/letsencrypt/live/docs.example.org/fullchain.pem;", "ssl_session_cache shared:SSL:10m;", "ssl_ecdh_curve X25519:prime256v1;",
            'add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;', "add_header X-Content-Type-Options nosniff always;", "add_header Content-Security-Policy \"default-src 'self'; connect-src wss://docs.example.org\" always;", "add_header Permissions-Policy 'camera=(), geolocation=()';",
            "return 301 https://$host$request_uri;", "return 308 https://docs.example.org$request_uri;", "return 403;", "return 444;",
            "proxy_pass http://127.0.0.1:8000;", "proxy_pass http://appflowy_cloud:8000/api/;", "proxy_pass $gotrue_backend;", "proxy_pass http://backend;", 'set $gotrue_backend "http://gotrue:9999";',
            "limit_req_zone $binary_remote_addr zone=login:10m rate=5r/m;", "limit_req zone=login burst=20 nodelay;", "limit_conn_zone $binary_remote_addr zone=addr:10m;", "limit_conn addr 10;", "limit_req_status 429;",
            "client_max_body_size 2G;", "server_tokens off;", "location ~ ^/(api|scim)/v[0-9]+ { deny all; allow 10.0.0.0/8; }", "location ^~ /.well-known/acme-challenge/ { allow all; }",
            "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;", "proxy_set_header Authorization $http_authorization;", 'proxy_set_header Connection "upgrade";',
            "if ($request_method !~ ^(GET|HEAD)$) { return 405; }", "if ($scheme = http) { return 301 https://$host$request_uri; }", "upstream backend { server 10.0.0.5:8000 weight=5 max_fails=3; server app.internal:80 backup; }",
            "access_log off;", "access_log /var/log/nginx/access.log main;", "auth_basic off;", "resolver 127.0.0.11 valid=10s;", "include /etc/nginx/conf.d/*.conf;", "error_page 502 503 /50x.html;", "real_ip_header X-Forwarded-For;", "set_real_ip_from 172.16.0.0/12;",
        ]
        workdir, made = stack(self.server, workdir="/nowhere")
        self.server.answer(made[3], "nginx", "# configuration file /etc/nginx/nginx.conf:\nhttp {\n" + "\n".join(lines) + "\n}\n")
        for kind in kinds():
            shown = self.server.run(kind)["nginx@1"].body.decode().split("\n")[3:]
            for line, seen in zip(lines, shown):
                self.assertEqual(re.sub(r"\s", "", seen), re.sub(r"\s", "", line), kind)

    def test_the_canaries_would_be_seen(self):
        secret = self.canary()
        stack(self.server, [f"FQDN={secret}"])
        self.server.run(kinds()[0])
        with self.assertRaises(AssertionError):
            self.nothing_leaked()

    def test_secrets_stay_out_of_arguments_and_files(self):
        """Every program the collector starts, seen by strace."""
        secret = self.canary()
        workdir, made = stack(self.server, [f"GOTRUE_JWT_SECRET={secret}"])
        self.env_file(workdir, f"A={secret}\n")
        self.server.config("app", {"services": {"g": {"environment": {"A": secret}}}})
        self.server.answer(made[2], "sh", f"role|postgres|scram-sha-256|1\nverifier|SCRAM-SHA-256$4096:{secret}${secret}:{secret}\nend|1\n")
        if not harness.tracing():
            self.skipTest("strace does not work here")
        log = os.path.join(self.server.dir, "trace")
        for kind in one(self):
            text = self.server.text(kind)
            subprocess.run(["strace", "-f", "-qq", "-v", "-s", "100000", "-e", "trace=execve", "-o", log, *kind.shell, "-s"], input=text.encode(), capture_output=True, timeout=120, check=True)
            with open(log, "rb") as f:
                log_text = f.read()
            self.assertGreater(log_text.count(b"execve("), 10)
            self.assertNotIn(secret.encode(), log_text)


class Values(Case):
    def test_properties(self):
        values = ["", "a", "abcdefg", "abcdefgh", "A" * 11, "1" * 12, "aA1!" * 4, "x" * 31, "x" * 32, "x" * 63, "x" * 64, "\u00e9", "hello456", "a b", "\\", "a\tb\nc"]
        stack(self.server, [f"V{i}={v}" for i, v in enumerate(values)])
        for kind in kinds():
            env = self.server.run(kind)["containers"].env()
            for i, value in enumerate(values):
                self.assertTrue(env[f"V{i}"].startswith(properties(value) + ","), (kind, value, env[f"V{i}"]))

    def test_factory_values(self):
        words = marked("factory secrets")
        self.assertIn("hello456", words)
        flagged = words + ["postgres://postgres:password@h:5432/d", "postgres://u:p%61ssword@h/d?x=1", "redis://:root@h", "postgresql+psycopg://postgres:password@h/d"]
        clean = ["", "Hello456", "password ", "xpassword", "http://password", "postgres://password@h/d", "postgres://u:password1@h", "http://h/password:root@x", "hello4567"]
        stack(self.server, [f"F{i}={v}" for i, v in enumerate(flagged)] + [f"C{i}={v}" for i, v in enumerate(clean)])
        for kind in kinds():
            env = self.server.run(kind)["containers"].env()
            for i, value in enumerate(flagged):
                self.assertEqual(env[f"F{i}"].split(",")[2], "1", (kind, value))
            for i, value in enumerate(clean):
                self.assertEqual(env[f"C{i}"].split(",")[2], "0", (kind, value))

    def test_the_lists_agree_with_the_knowledge(self):
        path = os.path.join(harness.ROOT, "resources", "knowledge", "factory-secrets.json")
        with open(path, encoding="utf-8") as f:
            known = {secret["value"] for secret in json.load(f)["secrets"]}
        self.assertEqual(set(marked("factory secrets")), known)

    def test_allowed_keys(self):
        allowed = ["FQDN", "GOTRUE_PASSWORD_MIN_LENGTH", "GOTRUE_SESSIONS_TIMEBOX", "GOTRUE_EXTERNAL_LINKEDIN_OIDC_ENABLED", "GOTRUE_VERSION", "COMPOSE_FILE", "GOTRUE_RATE_LIMIT_HEADER"]
        closed = ["FQDNX", "XFQDN", "fqdn", "GOTRUE_JWT_SECRET", "GOTRUE_EXTERNAL_GOOGLE_SECRET", "GOTRUE_EXTERNAL_ENABLED_SECRET", "GOTRUE_SMTP_PASS", "MINIO_ROOT_PASSWORD", "GOTRUE_JWT_KEYS"]
        stack(self.server, [f"{k}=Some text, 1" for k in allowed + closed])
        for kind in one(self):
            env = self.server.run(kind)["containers"].env()
            for key in allowed:
                self.assertEqual(env[key], "=Some text, 1")
            for key in closed:
                self.assertTrue(env[key].startswith("~12-15,luds,0,"), (key, env[key]))

    def test_no_allowed_key_names_a_secret(self):
        for key in marked("allowed keys"):
            self.assertRegex(key, r"^[A-Z0-9_*]+$")
            if re.search(r"SECRET|_PASS$|(?<!REQUIRE_CURRENT_)PASSWORD$|TOKEN$|PRIVATE|_KEY$|_KEYS$|CREDENTIAL|ACCESS_KEY|DATABASE_URL|REDIS_UR", key):
                self.fail(key)

    def test_groups_hold_over_all_sections(self):
        one, two = "Correct-Horse-9", "Battery-Staple-8"
        workdir, made = stack(self.server, [f"A={one}", f"B={two}", f"C={one}"])
        made[1].env = [f"D={one}"]
        made[0].cmd = ["--requirepass", two]
        self.server.images["appflowyinc/gotrue:latest"] = ([f"I={two}"], [])
        self.env_file(workdir, f'E={one}\nF="{two}"\nG=${{E}}\nH=$$x\n')
        self.server.config("app", {"services": {"gotrue": {"environment": {"J": one, "K": two, "L": "$$x"}}}})
        second, _ = stack(self.server, [f"M={one}"], project="zweites", workdir=self.server.workdir("zweites"))
        self.env_file(second, f"N={two}\n")
        for kind in kinds():
            found = self.server.run(kind)
            group = lambda field: field.split(",")[-1]
            env = {}
            for row in found["containers"].rows():
                if row[0] in ("env", "ienv"):
                    env[row[1]] = row[2]
            for ident in ("env@1", "rendered@1", "env@2"):
                env.update(found[ident].env())
            ones, twos = {group(env[k]) for k in "ACDEGJM"}, {group(env[k]) for k in "BFIKN"}
            command = [r[1] for r in found["containers"].rows() if r[0] == "cmd" and r[1].startswith("~")]
            twos |= {group(command[0])}
            self.assertEqual((len(ones), len(twos)), (1, 1), (kind, env))
            self.assertNotEqual(ones, twos)
            self.assertEqual(group(env["H"]), group(env["L"]))
            self.assertTrue(all(re.fullmatch(r"[a-z]+", group(v)) for v in env.values() if v.startswith("~")))

    def test_many_groups_stay_different(self):
        stack(self.server, [f"V{i}=value{i}" for i in range(800)])
        for kind in one(self):
            env = self.server.run(kind)["containers"].env()
            self.assertEqual(len({v.split(",")[-1] for v in env.values()}), 800)

    def test_harmless_arguments_travel(self):
        shown = ["postgres", "-c", "port=5432", "server", "/data", "--console-address", ":9001", "nginx", "-g", "daemon off;", "--appendonly", "yes", "/usr/local/bin/thing"]
        hidden = ["-cport=1", "port=5432;x", "hunter2", "--x=1", "12345678", "/data/Xy12", "daemon on;"]
        workdir, made = stack(self.server)
        made[0].cmd = shown + hidden
        self.server.config("app", {"services": {"gotrue": {"command": shown + hidden}}})
        for kind in one(self):
            found = self.server.run(kind)
            for ident in ("containers", "rendered@1"):
                got = [r[1] for r in found[ident].rows() if r[0] == "cmd"]
                self.assertEqual(got[: len(shown)], ["=" + a for a in shown])
                self.assertTrue(all(g.startswith("~") for g in got[len(shown) :]), got)


class EnvFile(Case):
    """`.env` as compose's own reader (dotenv of compose-go 2) understands it."""

    CASES = [
        # text, [(line, key, value)]
        ("A=1\nB=two words\n", [(1, "A", "1"), (2, "B", "two words")]),
        ("\n# c\n  \nA=1", [(4, "A", "1")]),
        ("\ufeffA=1\r\nB=2\r\n", [(1, "A", "1"), (2, "B", "2")]),
        ("export A=1\n  export  B = 2 \nC : 3\n", [(1, "A", "1"), (2, "B", "2"), (3, "C", "3")]),
        ("A=x # c\nB=x#y\nC='x # y' # c\nG=\"x # y\" # c\n", [(1, "A", "x"), (2, "B", "x#y"), (3, "C", "x # y"), (4, "G", "x # y")]),
        ("A=\nB=''\nC=\"\"\nG=   \n", [(1, "A", ""), (2, "B", ""), (3, "C", ""), (4, "G", "")]),
        ('A="one\ntwo\nthree"\nB=2\n', [(1, "A", "one\ntwo\nthree"), (4, "B", "2")]),
        ("A='one\ntwo'\nB=2\n", [(1, "A", "one\ntwo"), (3, "B", "2")]),
        (r'A="a\nb\t\"c\"\\d"' + "\nB='a\\nb'\nC=a\\nb\n", [(1, "A", 'a\nb\t"c"\\d'), (2, "B", "a\\nb"), (3, "C", "a\\nb")]),
        (r"A='it\'s'" + "\n", [(1, "A", "it's")]),
        ("A=1\nA=2\n", [(1, "A", "1"), (2, "A", "2")]),
        ("P=secret\nA=$P\nB=${P}x\nC='$P'\nG=\"$P\"\n", [(1, "P", "secret"), (2, "A", "secret"), (3, "B", "secretx"), (4, "C", "$P"), (5, "G", "secret")]),
        ("A=${X:-dflt}\nB=${X-${Y:-deep}}\nP=v\nC=${P:+alt}\nG=${X:+alt}\nE=$$P\nF=${P:?err}\n", [(1, "A", "dflt"), (2, "B", "deep"), (3, "P", "v"), (4, "C", "alt"), (5, "G", ""), (6, "E", "$P"), (7, "F", "v")]),
        ("A=pa$missing\nB=${}\nC=a$ b\n", [(1, "A", "pa$missing"), (2, "B", "${}"), (3, "C", "a$ b")]),
        ("just words\n=x\n!A=1\nA=ok\n", [(4, "A", "ok")]),
        ("A=x=y==\nB=a'b\"c\n", [(1, "A", "x=y=="), (2, "B", "a'b\"c")]),
        ("A=\"open\nB=2\n", [(1, "A", None), (2, "B", "2")]),
    ]

    def test_cases(self):
        for number, (text, wanted) in enumerate(self.CASES):
            workdir, made = stack(self.server, project=f"p{number:02}", workdir=self.server.workdir(f"w{number:02}"))
            self.env_file(workdir, text)
            made[0].env = [f"E{number:02}_{line}={value}" for line, _, value in wanted if value is not None]
        for kind in kinds():
            self.server_run(kind)

    def server_run(self, kind):
        first = self.server.containers
        for start in range(0, len(self.CASES), 8):
            self.server.containers = first[start * 4 : (start + 8) * 4]
            found = self.server.run(kind)
            expected = {r[1]: r[2] for r in found["containers"].rows() if r[0] == "env"}
            for n, (text, wanted) in enumerate(self.CASES[start : start + 8], 1):
                rows = found[f"env@{n}"].rows()
                self.assertEqual(rows[0][0], "file")
                self.assertTrue(rows[0][1].endswith(f"/w{start + n - 1:02}/.env"))
                self.assertEqual([(int(r[1]), r[2]) for r in rows[1:]], [(line, key) for line, key, _ in wanted], (kind, text))
                for row, (line, key, value) in zip(rows[1:], wanted):
                    if value is not None:  # the same value in a container has the same properties and group
                        self.assertEqual(row[3], expected[f"E{start + n - 1:02}_{line}"], (kind, text, key))
        self.server.containers = first

    def test_growth_is_bounded(self):
        workdir, _ = stack(self.server)
        self.env_file(workdir, "A0=xxxxxxxxxx\n" + "".join(f"A{i + 1}=$A{i}$A{i}\n" for i in range(60)) + "D=" + "${A:-" * 500 + "}" * 500 + "\nLONG=" + "\\" * 200000 + "\n")
        for kind in one(self):
            found = self.server.run(kind)
            self.assertEqual(found["env@1"].status, "ok")
            self.assertEqual(len(found["env@1"].rows()), 64)

    def test_text_with_a_hidden_reference_stays(self):
        workdir, _ = stack(self.server)
        self.env_file(workdir, "HIDDEN=example\nPORT=80\nFQDN=$HIDDEN\nSCHEME=${PORT}\nWS_SCHEME=$FQDN\nAPPFLOWY_BASE_URL=http://u:p@h\nCOMPOSE_FILE=a.yml${NOPE:+:b.yml}\n")
        for kind in one(self):
            env = self.server.run(kind)["env@1"].env()
            self.assertEqual((env["SCHEME"], env["PORT"], env["COMPOSE_FILE"]), ("=80", "=80", "=a.yml"))
            for key in ("FQDN", "WS_SCHEME", "APPFLOWY_BASE_URL"):
                self.assertTrue(env[key].startswith("~"), key)


if __name__ == "__main__":
    unittest.main()
