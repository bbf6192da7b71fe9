"""TLS 1.3 of OpenSSL after the handshake and below it: key updates, client certificates, padding and sizes of records."""
from lab import clients, host, pki
from lab.case import Case
from lab.dialogue import Dialogue, TalkingServer
from lab.servers import Apache, OpensslServer

from cases.matrix import request, served_files
from cases.tls13 import ALL, SUITES, agreed, finish_with_log, log_of, must_be_file, secret_log, work_identity
from cases.web import HOST, URL, cross_check, fill_apache


def tls13_key_update():
    """Both sides update their keys, with and without asking the other one to, many times and in turn; data follows each time."""
    with Case("tls13_key_update") as case:
        host.set_loopback_mtu(1500)
        with TalkingServer(case.work, 4433, *work_identity(case), ALL) as server, case.tcpdump(4433):
            for suite in SUITES[:3]:
                with Dialogue(case.work, server, *ALL[:1], "-ciphersuites", suite, *log_of(case)) as talk:
                    updates(talk, server)
                case.add(talk.exchange(), **agreed(suite))
        finish_with_log(case)


def updates(talk, server):
    def both(what):
        talk.ask(f"client: {what}\n".encode() * 20)
        talk.answer(f"server: {what}\n".encode() * 30)
    both("before any update")
    for side, letter, what in ((talk, b"k", "the client updates"), (server, b"k", "the server updates"),
                               (talk, b"K", "the client asks for an update"), (server, b"K", "the server asks for one")):
        side.order(letter)
        both(what)
    for letters in (b"kkk", b"KK"):  # several without data between them
        for letter in letters:
            talk.order(bytes([letter]))
            server.order(bytes([letter]))
    both("the last")


def user_identity(case):
    key = pki.make_key(case.work / "user.key")
    return key, pki.self_signed(key, case.work / "user.crt", "/CN=Ada Lovelace/emailAddress=ada@example.com", names=None)


def tls13_client_cert():
    """A client certificate in the handshake, none although asked, and after the handshake: s_server's c, and Apache httpd that asks
    for one folder only, with s_client and with curl."""
    with Case("tls13_client_cert") as case:
        host.set_loopback_mtu(1500)
        files, identity, (user_key, user) = served_files(case), work_identity(case), user_identity(case)
        with_user = ("-cert", str(user), "-key", str(user_key))
        private = f"""<Location /private>
    SSLVerifyClient optional_no_ca
    SSLVerifyDepth 1
</Location>
Alias /private "{{root}}/htdocs"
SSLProtocol -all +TLSv1.3
SSLCACertificateFile {user}
"""
        with OpensslServer(case.work, 4433, *identity, ["-HTTP", "-verify", "1"], files=files), \
             TalkingServer(case.work, 4434, *identity, ["-verify", "1"]) as talking, \
             Apache(case.work, 443, *identity, fill=fill_apache, extra=private, protocol="-all +TLSv1.3", suites="ALL") as apache:
            with case.tcpdump(443, 4433, 4434):
                for who in (with_user, ()):
                    got = clients.s_client(case.work, 4433, request("/small.txt"), "-tls1_3", *who, *log_of(case))
                    case.add(must_be_file(got, files / "small.txt"), **agreed(SUITES[1]))
                for who in (with_user, ()):
                    with Dialogue(case.work, talking, "-tls1_3", "-enable_pha", *who, *log_of(case)) as talk:
                        asked_later(talk, talking)
                    case.add(talk.exchange(), **agreed(SUITES[1]))
                log = {"SSLKEYLOGFILE": str(secret_log(case))}
                curl = (*HOST, "--cert", str(user), "--key", str(user_key))
                case.add(clients.curl(case.work, *curl, f"{URL}/", f"{URL}/private/hello.txt", "--output", "/dev/null",
                                      f"{URL}/style.css", "--output", "/dev/null", env=log))
                page = b"GET /private/page.txt HTTP/1.1\r\nHost: www.example.com\r\nConnection: close\r\n\r\n"
                case.add(clients.s_client(case.work, 443, page, "-tls1_3", "-enable_pha", *with_user, *log_of(case)),
                         **agreed(SUITES[1]))
            cross_check(case, apache, finish_with_log(case))


def asked_later(talk, server):
    talk.ask(b"nobody knows who I am\n")
    talk.answer(b"tell\n")
    server.order(b"c")
    talk.ask(b"now you do\n")
    talk.answer(b"thank you\n")
    talk.order(b"k")
    server.order(b"c")
    talk.ask(b"again, under another key\n")
    talk.answer(b"again\n")


def tls13_padding():
    """Records padded to a multiple of some size, by either side or both; records limited to 512 and 600 bytes, and by
    max_fragment_length; no compatibility mode; a session without a ticket, and eight tickets at once."""
    with Case("tls13_padding") as case:
        host.set_loopback_mtu(1500)
        files, identity = served_files(case), work_identity(case)
        ports = {4433: ("-record_padding", "1024"), 4434: ("-max_send_frag", "512"), 4435: ("-no_middlebox", "-num_tickets", "0"),
                 4436: ("-num_tickets", "8", "-record_padding", "4096"), 4437: ()}
        servers = [OpensslServer(case.work, port, *identity, [*ALL, "-HTTP", *options], files=files)
                   for port, options in ports.items()]
        ways = [(4433, SUITES[0], ()), (4433, SUITES[1], ("-record_padding", "300")), (4437, SUITES[2], ("-record_padding", "4096")),
                (4434, SUITES[0], ()), (4434, SUITES[1], ("-max_send_frag", "600", "-record_padding", "512")),
                (4435, SUITES[2], ("-no_middlebox",)), (4435, SUITES[3], ()), (4436, SUITES[4], ()),
                (4437, SUITES[0], ("-maxfraglen", "1024")), (4437, SUITES[1], ("-no_middlebox",))]
        with servers[0], servers[1], servers[2], servers[3], servers[4], case.tcpdump(*ports):
            for port, suite, options in ways:
                name = {4433: "large.txt", 4434: "large.txt", 4436: "small.txt"}.get(port, "large.bin")
                got = clients.s_client(case.work, port, request(f"/{name}"), "-tls1_3", "-ciphersuites", suite, *options, *log_of(case))
                case.add(must_be_file(got, files / name), **agreed(suite))
        finish_with_log(case)


CASES = {function.__name__: function for function in (tls13_key_update, tls13_client_cert, tls13_padding)}
