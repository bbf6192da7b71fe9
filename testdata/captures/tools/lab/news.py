"""INN's nnrpd, which serves NNTP to readers, with one article."""
import shutil

from . import host
from .servers import Server

BIN = "/usr/lib/news/bin"
INN = """pathhost: news.example.com
fromhost: example.com
domain: example.com
mta: "/bin/false %s"
ovmethod: tradindexed
hismethod: hisv6
pathnews: /usr/lib/news
pathdb: {root}/db
pathetc: {root}/etc
pathrun: {root}/run
pathlog: {root}/log
pathtmp: {root}/tmp
pathspool: {root}/spool
tlscertfile: {root}/server.crt
tlskeyfile: {root}/server.key
nnrpdloadlimit: 0
"""
READERS = """auth "local" {
    hosts: "127.0.0.1"
    default: "<local>"
}
access "local" {
    users: "<local>"
    newsgroups: "*"
    access: R
}
"""
ARTICLE = b"""Path: news.example.com!not-for-mail
From: Ada <ada@example.com>
Newsgroups: example.test
Subject: a test
Date: Thu, 01 Jan 2026 12:00:00 +0000
Message-ID: <1@news.example.com>
Xref: news.example.com example.test:1

It works behind STARTTLS.
"""


class Nnrpd(Server):
    """The group example.test with one article, which is put into the spool; INN's makehistory finds it there."""

    def __init__(self, work, port, key, cert):
        root = work / "news"
        article = root / "spool" / "articles" / "example" / "test" / "1"
        for folder in (root / "etc", root / "db", root / "run", root / "log", root / "tmp", root / "spool" / "overview", article.parent):
            folder.mkdir(parents=True)
        work.chmod(0o755)
        for source, name in ((key, "server.key"), (cert, "server.crt")):
            (root / name).write_bytes(source.read_bytes())
            (root / name).chmod(0o640)
        (root / "etc" / "inn.conf").write_text(INN.format(root=root))
        (root / "etc" / "readers.conf").write_text(READERS)
        (root / "etc" / "storage.conf").write_text("method tradspool {\n  newsgroups: *\n  class: 0\n}\n")
        (root / "db" / "active").write_text("example.test 0000000001 0000000001 n\n")
        (root / "db" / "newsgroups").write_text("example.test\tWhat is tried out\n")
        article.write_bytes(ARTICLE.replace(b"\n", b"\r\n"))
        for each in (root, *root.rglob("*")):
            shutil.chown(each, "news", "news")
        inn = {"INNCONF": str(root / "etc" / "inn.conf")}
        host.run(["runuser", "-u", "news", "--", "env", *(f"{name}={value}" for name, value in inn.items()), f"{BIN}/makehistory",
                  "-O", "-x", "-F"])
        super().__init__(port, [f"{BIN}/nnrpd", "-D", "-f", "-4", "127.0.0.1", "-p", str(port)], work / "nnrpd.log", env=inn)
