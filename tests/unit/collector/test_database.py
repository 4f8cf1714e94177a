"""What the collector asks of a real PostgreSQL, where a role without rights has laid traps for the superuser."""

import glob
import os
import pwd
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import Server, kinds, one, stack

PROGRAMS = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
WEIRD = 'we"ird\'$x$ host=/nowhere \\! : %'

# Who runs this as a superuser leaves a mark by running a program; as somebody else, nothing happens.
TRAP = """
create role low login;
grant create on schema public to low;
create schema low authorization low;
set session authorization low;
create function low.spring() returns boolean language plpgsql volatile as $f$
begin
  if (select rolsuper from pg_catalog.pg_roles where rolname = current_user) then
    execute 'copy (select 1) to program ''cat >>MARK''';
  end if;
  return true;
end $f$;
create function low.still(t text) returns text language plpgsql immutable as $f$
begin perform low.spring(); return t; end $f$;
reset session authorization;
"""
TABLE = "create table auth.schema_migrations(version varchar(255) primary key); insert into auth.schema_migrations values ('20251107000000');"
LOW = "create schema auth authorization low; set session authorization low;"


@unittest.skipUnless(PROGRAMS, "needs a PostgreSQL server: install the package postgresql")
class Traps(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.close)
        cls.base = os.path.join(cls.server.dir, "pg")
        os.mkdir(cls.base)
        cls.become = {}
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(cls.base, user.pw_uid, user.pw_gid)
            cls.become = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        cls.mark = os.path.join(cls.base, "mark")
        cls.data = os.path.join(cls.base, "data")
        bin_dir = os.path.dirname(PROGRAMS[-1])
        cls.control("initdb", "-A", "trust", "-U", "postgres", "-D", cls.data)
        with open(os.path.join(cls.data, "pg_hba.conf"), "w", encoding="utf-8") as f:
            f.write("local all refused reject\nlocal all all trust\n")
        cls.control("pg_ctl", "-D", cls.data, "-w", "-l", os.path.join(cls.base, "log"), "-o", f"-F -c listen_addresses= -k {cls.base}", "start")
        cls.addClassCleanup(cls.control, "pg_ctl", "-D", cls.data, "-m", "immediate", "stop")
        for line in TRAP.replace("MARK", cls.mark).split(";\n", 1)[:1]:
            cls.sql("postgres", line)
        os.makedirs(cls.server.data, exist_ok=True)
        workdir, cls.made = stack(cls.server, workdir="/nowhere")
        asks = '[ "$4" = sh ] && cat >"$D/sql.$3"'
        docker = cls.server.fake_docker()
        assert asks in docker
        inside = f'[ "$4" = sh ] && {{ shift 3; exec env PATH="{bin_dir}:/usr/bin:/bin" PGHOST={cls.base} POSTGRES_USER=postgres POSTGRES_DB="$(cat "$D/dbname")" "$@"; }}'
        cls.server.tool("docker", docker.replace(asks, inside))
        cls.count = 0

    @classmethod
    def control(cls, program, *arguments):
        subprocess.run([os.path.join(os.path.dirname(PROGRAMS[-1]), program), *arguments], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", **cls.become)

    @classmethod
    def sql(cls, database, text):
        done = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-w", "-v", "ON_ERROR_STOP=1", "-h", cls.base, "-U", "postgres", "-d", database], input=text, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def collect(self, shape, control=None, under=None):
        """The three sections of a database of that shape; nothing in it may have run with our rights."""
        type(self).count += 1
        name = f"d{self.count}"
        self.sql("postgres", f"create database {name}")
        self.sql(name, TRAP.replace("create role low login;", "").replace("MARK", self.mark) + shape)
        self.server.write("dbname", name)
        if os.path.exists(self.mark):
            os.unlink(self.mark)
        for kind in under or one(self):
            found = self.server.run(kind)
            self.assertFalse(os.path.exists(self.mark), "a trap was sprung")
        if control:  # the trap works: a superuser who just looks is caught
            self.sql(name, control)
            self.assertTrue(os.path.exists(self.mark), "the trap does not work")
        return found["gotrue-schema@1"], found["whitelist@1"], found["db-role@1"]

    LOOK = "select max(version) from auth.schema_migrations;"
    V20251107 = b"max\t20251107000000\noldfork\t0\nnewfork\t1\n"

    def test_a_stock_database(self):
        schema, whitelist, role = self.collect(
            "create schema auth;" + TABLE + "create table af_setting(key text, value jsonb); insert into af_setting values ('whitelist_enabled', 'true');", under=kinds()
        )
        self.assertEqual((schema.status, schema.body), ("ok", self.V20251107))
        self.assertEqual((whitelist.status, whitelist.body), ("ok", b"table\t1\nenabled\t1\n"))
        self.assertEqual((role.status, role.body), ("ok", b"role\tpostgres\tnone\t1\nfactory\t0\n"))

    def test_a_column_that_is_the_switch(self):
        for value, answer in (("true", b"1"), ("false", b"0")):
            _, whitelist, _ = self.collect(f"create table conf(whitelist_enabled boolean); insert into conf values ({value});")
            self.assertEqual(whitelist.body, b"table\t1\nenabled\t" + answer + b"\n")

    def test_a_view(self):
        schema, _, _ = self.collect(LOW + "create view auth.schema_migrations as select low.still('20251107000000')::varchar as version;", self.LOOK)
        self.assertEqual(schema.body, self.V20251107)  # asked as its owner, with his rights

    def test_an_index_on_an_expression(self):
        schema, _, _ = self.collect(LOW + TABLE + "create index on auth.schema_migrations ((version || low.still('x')));", self.LOOK)
        self.assertEqual(schema.body, self.V20251107)

    def test_a_partial_index(self):
        self.collect(LOW + TABLE + "create index on auth.schema_migrations (version) where low.still('x') = 'x';", self.LOOK)

    def test_an_index_left_behind_by_an_owner(self):
        schema, _, _ = self.collect(LOW + TABLE + "create index on auth.schema_migrations ((version || low.still('x'))); reset session authorization; alter table auth.schema_migrations owner to postgres; alter schema auth owner to postgres;", self.LOOK)
        self.assertEqual(schema.status, "failed")

    def test_a_table_of_ours_in_a_schema_of_his(self):
        schema, _, _ = self.collect(LOW + "reset session authorization;" + TABLE)
        self.assertEqual(schema.status, "failed")  # he could put another in its place at any time

    def test_functions_and_operators_of_the_same_name(self):
        schema, _, _ = self.collect(
            "create schema auth;" + TABLE + "set session authorization low;"
            "create function public.regexp_replace(varchar, text, text, text) returns text language plpgsql as $f$ begin perform low.spring(); return $1; end $f$;"
            "create function public.same(varchar, text) returns boolean language plpgsql as $f$ begin return low.spring(); end $f$;"
            "create operator public.= (leftarg = varchar, rightarg = text, function = public.same);",
            "select regexp_replace(version, 'a', 'b', 'g') from auth.schema_migrations;",
        )
        self.assertEqual(schema.body, self.V20251107)

    def test_settings_of_the_database_do_not_count(self):
        self.collect(
            "create schema auth;" + TABLE + "alter role postgres in database d%d set search_path = low, pg_catalog; set session authorization low;" % (self.count + 1)
            + "create function low.max(text) returns text language plpgsql as $f$ begin perform low.spring(); return $1; end $f$;",
            "select max(version) from auth.schema_migrations;",
        )

    def test_switches_in_places_of_his(self):
        _, whitelist, _ = self.collect(
            "set session authorization low; create view low.config as select low.spring() as whitelist_enabled;"
            "create view low.settings as select 'whitelist_enabled'::text as key, low.still('true') as value;"
            "create table low.whitelist(signup_whitelist boolean); create index on low.whitelist (signup_whitelist) where low.still('x') = 'x';",
            "select bool_or(whitelist_enabled) from low.config;",
        )
        self.assertEqual(whitelist.body, b"table\t1\n")  # there is one; what it says is not looked at

    def test_an_owner_with_a_strange_name(self):
        name = WEIRD.replace('"', '""')
        self.sql("postgres", f'create role "{name}" login')
        schema, _, _ = self.collect(f'create schema auth authorization "{name}"; set session authorization "{name}";' + TABLE)
        self.assertEqual(schema.body, self.V20251107)

    def test_an_owner_who_cannot_be_asked(self):
        self.sql("postgres", "create role refused login; create role nologin;")
        for owner, status in (("refused", "denied"), ("nologin", "failed")):
            schema, whitelist, role = self.collect(f"create schema auth authorization {owner}; set session authorization {owner};" + TABLE)
            self.assertEqual((schema.status, whitelist.status, role.status), (status, "ok", "ok"))


if __name__ == "__main__":
    unittest.main()
