#!/usr/bin/env python3
"""images.py CACHE LAYER ENTRY [GOTRUE]: prints the archive.py specification of the stack's images.

All images share one Debian layer and a small one with the entry points and the stand-in; MinIO's and GoTrue's get one
more where the real program is at hand.
"""
import json
import os
import sys
import tarfile

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/17/bin"
CLOSED = {"appflowy_cloud": "cloud", "appflowy_web": "web", "admin_frontend": "admin", "appflowy_ai": "ai",
          "appflowy_worker": "worker", "appflowy_search": "search"}


def layer(cache, name, files):
    """A tar of executables with fixed owner and time, so that equal programs give equal layers."""
    path = f"{cache}/layer-{name}.tar"
    with tarfile.open(path, "w") as archive:
        for source, target in files:
            entry = archive.gettarinfo(source, target)
            entry.uid = entry.gid = entry.mtime = 0
            entry.uname = entry.gname = ""
            entry.mode = 0o755
            with open(source, "rb") as data:
                archive.addfile(entry, data)
    return path


def main():
    cache, debian, entry, *gotrue = sys.argv[1:]
    base = [debian, layer(cache, "lab", [(entry, "usr/local/bin/entry.sh"), (f"{cache}/bin/standin", "usr/local/bin/standin")])]

    def image(tag, extra=(), env=(), **config):
        return {"tag": tag, "layers": base + list(extra), "config": {"Env": [f"PATH={PATH}", "LANG=C.UTF-8", *env], **config}}

    minio = [layer(cache, "minio", [(f"{cache}/bin/minio", "usr/local/bin/minio")])] if os.access(f"{cache}/bin/minio", os.X_OK) else []
    auth = [layer(cache, "gotrue", [(gotrue[0], "auth")])] if gotrue and gotrue[0] else []
    images = [
        image("pgvector/pgvector:pg16", env=["PGDATA=/var/lib/postgresql/data"], StopSignal="SIGINT", ExposedPorts={"5432/tcp": {}},
              Volumes={"/var/lib/postgresql/data": {}}, Entrypoint=["entry.sh", "postgres"], Cmd=["postgres"]),
        image("redis:latest", WorkingDir="/data", Volumes={"/data": {}}, ExposedPorts={"6379/tcp": {}},
              Entrypoint=["entry.sh", "redis"], Cmd=["redis-server"]),
        image("nginx:latest", StopSignal="SIGQUIT", ExposedPorts={"80/tcp": {}}, Cmd=["nginx", "-g", "daemon off;"]),
        image("minio/minio:latest", minio, ExposedPorts={"9000/tcp": {}}, Entrypoint=["entry.sh", "minio"], Cmd=["minio"]),
        image("appflowyinc/gotrue:latest", auth, User="1000", Cmd=["entry.sh", "gotrue"]),
    ]
    images += [image(f"appflowyinc/{name}:latest", Cmd=["standin", role]) for name, role in CLOSED.items()]
    json.dump({"images": images}, sys.stdout)


if __name__ == "__main__":
    main()
