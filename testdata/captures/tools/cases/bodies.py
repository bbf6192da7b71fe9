"""Bodies as browsers and programs send them: forms with files, text of several charsets, images. nginx serves, curl asks; TLS is that of
lab/relay.py, which knows every byte of both directions."""
import subprocess

from content import png, site
from lab import host
from lab.case import Case
from lab.relay import TlsRelay
from lab.servers import Nginx

from cases.http2 import Visit
from cases.tls13 import finish_with_log, secret_log, work_identity

PAGE = """<!DOCTYPE html>
<html><head><title>Caf\u00e9</title>{}</head>
<body><p>Na\u00efve fa\u00e7ade: 5 \u20ac.</p></body></html>
"""
RUSSIAN = "\u041f\u0440\u0438\u0432\u0435\u0442, \u043c\u0438\u0440!\n"
JAPANESE = "\u65e5\u672c\u8a9e\u306e\u30c6\u30ad\u30b9\u30c8\n"
XML = '<?xml version="1.0" encoding="ISO-8859-1"?><menu><dish price="4.50">Cr\u00e8me</dish><empty/><note>a <b>mixed</b> one</note></menu>\n'
JSON = '{"name":"tlspeel","pi":3.14000,"big":12345678901234567890,"list":[1,[],{}],"twice":1,"twice":2,"text":"a, \\"b\\": \u00fc"}'

# Path: media type as stated, content.
TEXTS = {"latin1.html": ("text/html; charset=iso-8859-1", PAGE.format("").replace("\u20ac", "EUR").encode("latin-1")),
         "cp1252.html": ("text/html", PAGE.format('<meta charset="windows-1252">').encode("cp1252")),
         "utf16.html": ("text/html; charset=utf-16", b"\xff\xfe" + PAGE.format("").encode("utf-16-le")),
         "koi8.txt": ("text/plain; charset=KOI8-R", RUSSIAN.encode("koi8-r")),
         "sjis.txt": ("text/plain; charset=Shift_JIS", JAPANESE.encode("shift_jis")),
         "gb18030.txt": ("text/plain; charset=gb18030", JAPANESE.encode("gb18030")),
         "menu.xml": ("text/xml", XML.encode("latin-1")),
         "facts.json": ("application/json", JSON.encode()),
         "odd.txt": ("text/plain; charset=x-nobody-knows", b"caf\xe9\n"),
         "damaged.txt": ("text/plain; charset=shift_jis", JAPANESE.encode("shift_jis")[:5] + b"\xff\n")}


def through(data, *command):
    return subprocess.run(command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout


def images(pnm):
    """The same picture in several formats, and what nobody says the type of."""
    photo = through(pnm, "pnmtojpeg", "-quality=60", "-comment=" + "a comment before the frame " * 10)
    return {"photo.jpeg": ("image/jpeg", photo), "wrong.png": ("image/png", photo),
            "icon.gif": ("image/gif", through(pnm, "ppmtogif")), "flat.bmp": ("image/bmp", through(pnm, "ppmtobmp", "-windows")),
            "lossy.webp": ("image/webp", through(pnm, "cwebp", "-quiet", "-o", "-", "--", "-")),
            "exact.webp": ("image/webp", through(pnm, "cwebp", "-quiet", "-lossless", "-o", "-", "--", "-")),
            "favicon.ico": ("image/x-icon", through(pnm, "ppmtowinicon")),
            "drawing.svg": ("image/svg+xml", b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0L9 9"/></svg>\n'),
            "unknown": ("", png(60, 40)), "any.bin": ("application/octet-stream", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")}


def fill_with(contents):
    def fill(documents, root):
        site(documents)
        (root / "page.txt").write_bytes(b"page\n")
        for name, (_, data) in contents.items():
            (root / name).write_bytes(data)
    return fill


def locations(root, contents):
    return "\n".join(f"location = /{name} {{ alias {root}/{name}; gzip off; types {{ }} default_type '{kind}'; charset off; }}"
                     for name, (kind, _) in contents.items())


def upload(visit, port, option, picture, letter):
    url = f"https://127.0.0.1:{port}/upload"
    same = ["--silent", "--insecure", option]
    visit.curl(port, option, "--form", "comment=one line", "--form", "text=caf\u00e9, two\r\nlines", "--form", f"picture=@{picture}",
               "--form", f"letter=@{letter};type=text/plain;charset=iso-8859-1", url, "--output", "/dev/null",
               "--next", *same, "--data", "name=Ada+Lovelace&topic=analytical%20engine&empty=&n%C3%A4me=%E2%82%AC", url, "--output", "/dev/null",
               "--next", *same, "--header", "Content-Type: application/json", "--data-binary", JSON, url, "--output", "/dev/null",
               "--next", *same, "--form", f"big=@{picture.with_name('big.png')}", "--form", "behind=not shown", url, "--output", "/dev/null",
               "--next", *same, "--range", "0-9,20-29", f"https://127.0.0.1:{port}/hello-again.txt", "--output", "/dev/null")


def nested(case):
    """What programs for mail and SOAP send: parts in a part."""
    inner = (b"--inner\r\n\r\nplain\r\n--inner\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n<p>caf\xe9</p>\r\n--inner--\r\n")
    path = case.work / "nested"
    path.write_bytes(b"This is for programs that do not know parts.\r\n--outer\r\nContent-Type: multipart/alternative; boundary=inner\r\n\r\n" +
                     inner + b"\r\n--outer\r\nContent-Type: application/octet-stream\r\n\r\n\x7fELF\x02\x01\x01\x00\r\n--outer--\r\n")
    return path


def bodies():
    with Case("bodies") as case:
        host.set_loopback_mtu(1500)
        identity, log = work_identity(case), secret_log(case)
        picture, letter = case.work / "picture.png", case.work / "letter.txt"
        picture.write_bytes(png(16, 12))
        picture.with_name("big.png").write_bytes(png(40, 30))
        letter.write_bytes("Tr\u00e8s bien.\n".encode("latin-1"))
        pnm = b"P6\n32 20\n255\n" + bytes(value for y in range(20) for x in range(32) for value in (x // 4 * 32, y // 4 * 48, 99))
        contents = {**TEXTS, **images(pnm), "hello-again.txt": ("text/plain", b"Hello again, hello again.\nSo long.\n")}
        where = case.work / "nginx-8082"
        with Nginx(case.work, 8082, *identity, echo_port=8083, fill=fill_with(contents), listen_as="", extra=locations(where, contents)), \
             Nginx(case.work, 8084, *identity, echo_port=8085, fill=fill_with(contents), listen_as="http2",
                   extra=locations(case.work / "nginx-8084", contents)), \
             TlsRelay(8443, 8082, *identity, log, alpn="http/1.1") as first, TlsRelay(9443, 8084, *identity, log) as second:
            visit = Visit(case, {8443: first, 9443: second})
            with case.tcpdump(8443, 9443):
                for port, option in ((8443, "--http1.1"), (9443, "--http2")):
                    upload(visit, port, option, picture, letter)
                    got = case.work / f"got{option}"
                    got.mkdir()
                    fetch = [word for name in contents for word in (f"https://127.0.0.1:{port}/{name}", "--output", str(got / name))]
                    visit.curl(port, option, *fetch)
                    for name, (_, data) in contents.items():
                        if (got / name).read_bytes() != data:
                            raise RuntimeError(f"curl received other bytes than {name} has")
                visit.curl(8443, "--http1.1", "--header", "Content-Type: multipart/mixed; boundary=outer", "--data-binary",
                           f"@{nested(case)}", "https://127.0.0.1:8443/upload", "--output", "/dev/null")
            visit.add_exchanges()
        finish_with_log(case, "--max-body", "3000", "--pretty")


CASES = {function.__name__: function for function in (bodies,)}
