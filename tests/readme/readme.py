#!/usr/bin/env python3
"""What README.md says must be so.

  readme.py shows TLSPEEL    each block below <!-- shows: COMMAND --> is what COMMAND prints, run at the top of the repository
  readme.py update TLSPEEL   writes these blocks anew
  readme.py lab TLSPEEL      runs each block below <!-- run --> in order, in one shell in an empty folder; <!-- run: WORDS | WORDS -->
                             names words that its output must have, and with a ! before them, must not have. Exit code 77: not permitted
"""
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
SHOWS = re.compile(r"(<!-- shows: (.*?) -->\n```\w*\n)(.*?)(```\n)", re.S)
RUN = re.compile(r"<!-- run(?:: (.*?))? -->\n```\w*\n(.*?)```\n", re.S)
SEPARATOR = "=-=-=-=-=-= block"


def main(kind, binary):
    os.environ["PATH"] = f"{pathlib.Path(binary).resolve().parent}:{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    os.environ["LC_ALL"] = "C.UTF-8"
    return {"shows": shows, "update": update, "lab": lab}[kind]()


def shows():
    blocks = SHOWS.findall(README.read_text(encoding="utf-8"))
    wrong = 0
    for _, command, expected, _ in blocks:
        actual = output_of(command)
        if actual != expected:
            wrong += 1
            print(f"README.md says that `{command}` shows\n{expected}It shows\n{actual}")
    if not blocks:
        print("README.md shows nothing")
    print(f"{len(blocks)} blocks, {wrong} wrong; tests/readme/readme.py update TLSPEEL writes them anew")
    return 1 if wrong or not blocks else 0


def update():
    text = README.read_text(encoding="utf-8")
    README.write_text(SHOWS.sub(lambda block: block.group(1) + output_of(block.group(2)) + block.group(4), text), encoding="utf-8")
    return 0


def output_of(command):
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
                          check=False)
    return done.stdout + done.stderr


def lab():
    if os.geteuid() != 0:
        print("capturing is not permitted: it needs root")
        return 77
    if subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False).returncode:
        print("a network of its own is not permitted (unshare --net)")
        return 77
    blocks = RUN.findall(README.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder).chmod(0o755)
        script = pathlib.Path(folder) / "script"
        script.write_text("set -e\nip link set lo up\n" + "".join(f"{block}\necho '{SEPARATOR}'\n" for _, block in blocks))
        # A session of its own, so that what an interrupted script leaves behind can be ended too.
        with subprocess.Popen(["unshare", "--net", "bash", script], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True) as process:
            try:
                output = process.communicate(timeout=120)[0]
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                output = process.communicate()[0]
            finally:
                stop_server(pathlib.Path(folder))
    return judge(blocks, output, process.returncode)


def stop_server(folder):
    for note in folder.glob("*/httpd.pid"):
        try:
            os.kill(int(note.read_text()), signal.SIGTERM)
        except (ValueError, ProcessLookupError):
            pass


def judge(blocks, output, code):
    parts = output.split(SEPARATOR + "\n")
    faults = []
    for (words, block), part in zip(blocks, parts):
        for wanted in filter(None, re.split(r" \| ", words or "")):
            if wanted.startswith("!"):
                if wanted[1:] in part:
                    faults.append(f"'{wanted[1:]}' is there, and should not be, after\n{block}")
            elif wanted not in part:
                faults.append(f"'{wanted}' is not there after\n{block}")
    if code != 0 or len(parts) != len(blocks) + 1 or not blocks:
        faults.append(f"the shell ended with {code} after {len(parts) - 1} of {len(blocks)} blocks")
    print("\n".join([*faults, output] if faults else [f"{len(blocks)} blocks of README.md run"]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
