#!/usr/bin/env python3
"""Holds the sources against the layers: which folder of src/ may use which, and who alone may touch what.

  layering.py [ROOT]     prints every breach as file:line: sentence; exit code 1 when there is one
  layering.py --table    prints the table
"""
import pathlib
import re
import sys

# In dependency order. A folder may use itself, and what stands here; the same table holds for DEPS in src/*/CMakeLists.txt.
LAYERS = {
    "base": [],
    "event": ["base"],
    "capture": ["base"],
    "net": ["base"],
    "tcp": ["base", "net"],
    "crypto": ["base"],
    "secrets": ["base", "crypto"],
    "tls": ["base", "event", "crypto", "secrets"],
    "coding": ["base"],
    "http": ["base", "event", "coding"],
    "http2": ["base", "event", "http"],
    "websocket": ["base", "event", "coding", "http"],
    "app": ["base", "event", "http", "http2", "websocket"],
    "output": ["base", "event"],
    "pipeline": ["base", "event", "capture", "net", "tcp", "crypto", "secrets", "tls", "coding", "http", "http2", "websocket", "app", "output"],
    "cli": ["base", "event", "capture", "net", "tcp", "crypto", "secrets", "tls", "coding", "http", "http2", "websocket", "app", "output", "pipeline"],
}

# What ties all layers together names all of them, whether it includes each at the moment or not.
TIE_ALL_TOGETHER = ["pipeline", "cli"]

# A header that only some may include: (pattern of the header, folders or files of src/ and include/tlspeel/, why).
OWNED_HEADERS = [
    (r"pcap(/.*|\.h)", ["capture"], "libpcap is used in capture only"),
    (r"openssl/.*", ["crypto"], "OpenSSL is used in crypto only"),
    (r"CLI/.*", ["cli"], "CLI11 is used in cli only"),
    (r"gcrypt\.h", ["crypto"], "libgcrypt is used in crypto only"),
    (r"nlohmann/.*", ["output"], "JSON is written in output only"),
    (r"nghttp2/.*", ["http2"], "libnghttp2 is used in http2 only"),
    (r"iconv\.h", ["output/charset"], "iconv is used in output/charset only"),
    (r"re2/.*", ["output/pattern"], "RE2 is used in output/pattern only"),
    (r"(thread|mutex|shared_mutex|atomic|condition_variable|future|semaphore|latch|barrier|stop_token|pthread\.h)",
     # The store takes in secrets of a capture that is read on; drivers of tokens want one call at a time;
     # cli/options asks how many processors there are.
     ["pipeline", "secrets/later_secrets", "secrets/premasters_ahead", "secrets/session_cache", "secrets/store", "crypto/private_key_state", "cli/options"],
     "threads live in pipeline; few things below it are shared, and have a lock"),
    (r"(fstream|iostream|filesystem|unistd\.h|fcntl\.h|sys/.*)",
     ["capture", "secrets", "pipeline", "cli"], "no layer that parses does I/O"),
]

# Third-party targets that only some may link.
OWNED_TARGETS = [
    (r"PkgConfig::PCAP", ["capture"]),
    (r"OpenSSL::.*", ["crypto"]),
    (r"PkgConfig::GCRYPT", ["crypto"]),
    (r"CLI11::.*", ["cli"]),
    (r"nlohmann_json::.*", ["output"]),
    (r"PkgConfig::NGHTTP2", ["http2"]),
    (r"PkgConfig::RE2", ["output"]),
    (r"Threads::.*", ["pipeline", "secrets", "cli"]),
]

# Words that only some may use: (pattern, folders or files, why).
OWNED_WORDS = [
    (r"\breinterpret_cast\b", ["base", "crypto", "capture", "pipeline", "cli", "output/charset"],
     "reinterpret_cast is for the borders to C libraries; bytes of a peer are read with base/reader"),
    (r"\b(printf|fprintf|puts|fputs|fopen|fwrite|perror)\s*\(|\bstd::(cout|cerr|clog)\b|\bfmt::print\b",
     ["capture", "secrets", "pipeline", "cli"], "no layer that parses does I/O"),
]

# What may stand at the top of the tree, beside dot-files.
TOP_LEVEL = {"CMakeLists.txt", "CMakePresets.json", "LICENSE", "README.md", "build", "include", "src", "testdata", "tests"}

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')


def main(arguments):
    if arguments == ["--table"]:
        print("\n".join(f"{name}: {' '.join(uses)}" for name, uses in LAYERS.items()))
        return 0
    root = pathlib.Path(arguments[0]) if arguments else pathlib.Path(__file__).resolve().parents[2]
    found = breaches(root)
    for line in found:
        print(line)
    print(f"layering: {len(found)} breaches" if found else "layering: every include and every dependency goes the right way")
    return 1 if found else 0


def breaches(root):
    found = []
    for entry in sorted(root.iterdir()):
        if not entry.name.startswith(".") and entry.name not in TOP_LEVEL and not entry.name.startswith("build"):
            found.append(f"{entry.name}: does not belong at the top of the tree")
    used = {name: {} for name in LAYERS}
    for base in (root / "src", root / "include" / "tlspeel"):
        for folder in sorted(path for path in base.iterdir() if path.is_dir()) if base.is_dir() else []:
            if folder.name == "package":
                continue
            if folder.name not in LAYERS:
                found.append(f"{folder.relative_to(root)}: no such layer")
                continue
            for path in sorted(folder.rglob("*")):
                if path.suffix in (".cpp", ".hpp"):
                    found += file_breaches(root, base, folder.name, path, used[folder.name])
    for name in LAYERS:
        found += cmake_breaches(root, name, used[name])
    return found


def file_breaches(root, base, layer, path, used):
    found = []
    place = str(path.relative_to(base))
    for number, line in enumerate(without_comments(path.read_text(encoding="utf-8")).split("\n"), 1):
        where = f"{path.relative_to(root)}:{number}"
        include = INCLUDE.match(line)
        if include:
            fault = include_fault(layer, place, include.group(1), include.group(2), used, where)
            found += [f"{where}: {fault}"] if fault else []
        found += [f"{where}: {reason}" for pattern, owners, reason in OWNED_WORDS
                  if not any(owned_by(place, owner) for owner in owners) and re.search(pattern, line)]
    return found


def include_fault(layer, place, style, header, used, where):
    parts = header.split("/")
    if ".." in parts:
        return f"{header}: an include does not climb"
    if style == '"' and parts[0] == "tlspeel":
        if len(parts) < 3 or parts[1] not in LAYERS:
            return f"{header}: no such layer"
        used.setdefault(parts[1], where)
        if parts[1] != layer and parts[1] not in LAYERS[layer]:
            return f"{layer} may not use {parts[1]} ({header})"
        return None
    if style == '"':
        if parts[0] in LAYERS and parts[0] != layer and len(parts) > 1:
            return f"{header} is private to {parts[0]}"
        return None
    for pattern, owners, reason in OWNED_HEADERS:
        if re.fullmatch(pattern, header) and not any(owned_by(place, owner) for owner in owners):
            return f"<{header}>: {reason}"
    return None


def owned_by(place, owner):
    """place: secrets/session_cache.cpp; owner: secrets, or secrets/session_cache (whatever its suffix)."""
    return place.startswith(owner + "/") or pathlib.PurePath(place).with_suffix("").as_posix() == owner


def cmake_breaches(root, layer, used):
    path = root / "src" / layer / "CMakeLists.txt"
    if not path.is_file():
        return []
    text = re.sub(r"#.*", "", path.read_text(encoding="utf-8"))
    where = path.relative_to(root)
    found = []
    call = re.search(rf"\btlspeel_module\(\s*{layer}\b([^)]*)\)", text)
    if call:
        words = call.group(1).split()
        linked = words[words.index("DEPS") + 1:] if "DEPS" in words else []
    else:
        linked = []
    for arguments in re.findall(r"\btarget_link_libraries\(([^)]*)\)", text):
        linked += [word for word in arguments.split()[1:] if word not in ("PUBLIC", "PRIVATE", "INTERFACE")]
    if not call and not linked:
        return [f"{where}: neither tlspeel_module({layer} ...) nor target_link_libraries"]
    modules = {target.split("::")[1] for target in linked if target.startswith("tlspeel::")}
    for module in sorted(modules - set(LAYERS[layer]) - {layer}):
        found.append(f"{where}: {layer} may not link {module}")
    named = modules | set(LAYERS["pipeline"] if "pipeline" in modules else [])  # whoever links pipeline has all of it
    for module in sorted(set(used) - named - {layer}):
        if module in LAYERS[layer]:
            found.append(f"{where}: {layer} uses {module} ({used[module]}) and does not name it in DEPS")
    for module in sorted(modules - set(used) - {layer}) if layer not in TIE_ALL_TOGETHER else []:
        found.append(f"{where}: {layer} names {module} in DEPS and does not use it")
    for target in linked:
        for pattern, owners in OWNED_TARGETS:
            if re.fullmatch(pattern, target) and layer not in owners:
                found.append(f"{where}: {layer} may not link {target}")
    return found


def without_comments(text):
    """Comments and string literals blanked, line numbers kept; the quotes of #include stay."""
    def blank(match):
        token = match.group(0)
        if token.startswith(('"', "'")):
            return token if re.search(r"#[ \t]*include[ \t]*$", match.string[max(0, match.start() - 40):match.start()]) else '""'
        return re.sub(r"[^\n]", " ", token)
    return re.sub(r'//[^\n]*|/\*.*?\*/|R"([^(\s]*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9A-Za-z_])\'(?:\\.|[^\'\\\n])+\'',
                  blank, text, flags=re.S)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
