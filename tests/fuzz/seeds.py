#!/usr/bin/env python3
"""Makes seeds and dictionaries for the fuzz targets: seeds.py FACTS.json CORPUS FOLDER

The seeds are real output of the tools, from the demo server's facts, cut into pieces small enough
to be mutated quickly. What the demo server does not say (other families, other tools, keys, hellos)
stands in CORPUS. Every target's dictionary holds the words of its seeds.
"""
import hashlib
import json
import pathlib
import re
import sys

NONCE = "a" * 32
PIECE = 1000  # bytes; the targets run with little more


def shape(value):
    """The structure without the words, so that each kind of rule comes once."""
    if isinstance(value, dict):
        return tuple((key, shape(each)) for key, each in value.items())
    if isinstance(value, list):
        return tuple(sorted({shape(each) for each in value}, key=str))
    return type(value).__name__


def one_of_each(entries, key):
    seen = {}
    for entry in entries:
        seen.setdefault(key(entry), entry)
    return list(seen.values())


def pieces(lines, limit=PIECE):
    """Runs of whole lines of at most `limit` bytes."""
    piece = ""
    for line in lines:
        if piece and len(piece) + len(line) > limit:
            yield piece
            piece = ""
        piece += line
    if piece:
        yield piece


def nginx(text):
    head, _, body = text.partition("http {")
    # Blocks as they stand in column 8, some at a time in one server.
    blocks = re.findall(r"^        \S.*?(?:;\n|\{\n.*?^        \}\n)", body, re.S | re.M)
    for piece in pieces(blocks):
        yield head + "http {\n    server {\n" + piece + "    }\n}\n"


def nft(text):
    entries = json.loads(text)["nftables"]
    def kind(entry):
        return next(iter(entry))
    rules = one_of_each([e for e in entries if kind(e) == "rule"], lambda e: shape(e["rule"]["expr"]))
    chains = one_of_each([e for e in entries if kind(e) == "chain"], lambda e: shape(e["chain"]))
    for rule in rules:
        near = [c for c in chains if "hook" in c["chain"]][:2] + chains[:1]
        yield json.dumps({"nftables": near + [rule]}, separators=(",", ":"))


def saved(text):
    """iptables-save: each table alone, its rules once of each kind."""
    for table in re.findall(r"^\*.*?^COMMIT\n", text, re.S | re.M):
        lines = table.splitlines(keepends=True)
        rules = [line for line in lines if line.startswith("-A")]
        kinds = one_of_each(rules, lambda line: re.sub(r"[0-9a-f.:/]+", "0", line))
        for piece in pieces(kinds, PIECE // 2):
            named = set(piece.split())
            chains = [line for line in lines if line[0] == ":" and line[1:].split()[0] in named]
            yield lines[0] + "".join(chains) + piece + "COMMIT\n"


def frame(section, data):
    raw = data.encode()
    head = f"FK1 {NONCE} {section['id']} ok 0 10 {len(raw)} 0\n"
    return head.encode() + raw + b"\n"


def end(frames):
    return f"FK1 {NONCE} END {frames} 0 0 0 0\n".encode()


def words(places):
    """The words that most seeds have; long ones are data."""
    count = {}
    for place in places:
        text = place.read_bytes().decode("ascii", "replace")
        for word in set(re.findall(r"[A-Za-z_@$-][A-Za-z0-9_.@:/-]{1,23}", text)):
            count[word] = count.get(word, 0) + 1
    return sorted(count, key=lambda word: (-count[word], word))[:400]


def main(source, corpus, folder):
    facts = json.loads(pathlib.Path(source).read_text())
    sections = {section["id"]: section for section in facts["sections"]}
    written = 0

    def seed(target, data):
        nonlocal written
        raw = data if isinstance(data, bytes) else data.encode()
        place = pathlib.Path(folder, target)
        place.mkdir(parents=True, exist_ok=True)
        (place / hashlib.sha256(raw).hexdigest()[:16]).write_bytes(raw)
        written += 1

    for text in nginx(sections["nginx@1"]["data"]):
        seed("nginx", text)
    for text in nft(sections["nft"]["data"]):
        seed("packetrules", b"\x02" + text.encode())
    for flags, name in ((b"\x00", "iptables"), (b"\x01", "ip6tables"), (b"\x04", "iptables")):
        for text in saved(sections[name]["data"]):
            seed("packetrules", flags + text.encode())

    names = sorted(sections)
    small = []
    for name in names:
        section = sections[name]
        if name == "nft":
            parts = list(nft(section["data"]))
        else:
            parts = list(pieces(section["data"].splitlines(keepends=True))) or [""]
        for part in parts[:12]:
            seed("sections", name.split("@")[0].encode() + b"\0" + part.encode())
        seed("frames", b"\x40" + frame(section, parts[0]) + end(1))
        if len(parts[0]) < 300:
            small.append((section, parts[0]))
    seed("frames", b"\x07login: " + b"".join(frame(*each) for each in small) + end(len(small)))

    def file(part):
        return json.dumps({**facts, "sections": [], "outside": [], **part}, separators=(",", ":"))

    for observation in one_of_each(facts["outside"], lambda each: (each["kind"], shape(each))):
        for certificate in observation["data"].get("chain", []):
            certificate["der"] = certificate["der"][:64]
        seed("factsjson", file({"outside": [observation]}))
    for section, data in small:
        section = {**section, "data": data, "sha256": hashlib.sha256(data.encode()).hexdigest()}
        seed("factsjson", file({"sections": [section]}))
    for target in pathlib.Path(corpus).iterdir():
        places = [*target.iterdir(), *pathlib.Path(folder, target.name).glob("*")]
        lines = "".join(f'"{word}"\n' for word in words(places))
        pathlib.Path(folder, f"{target.name}.dict").write_text(lines)
    print(f"fuzz: {written} seeds from the demo server's facts")


if __name__ == "__main__":
    main(*sys.argv[1:])
