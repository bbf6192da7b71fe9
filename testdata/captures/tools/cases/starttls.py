"""TLS that does not start at the first byte: STARTTLS of mail servers, databases and others, behind proxies, and inside TLS.
What client and server exchanged is what openssl s_client was given and printed, or curl's --trace."""
import re
import struct

from lab import capture, clients, exchange, host, pcapfile, scripted
from lab.case import ROOT, Case
from lab.exchange import Exchange
from lab.irssi import Irssi
from lab.news import Nnrpd
from lab.preludes import (Dovecot, Haproxy, Inspircd, MariaDb, Microsocks, Postfix, Postgres, Prosody, Slapd, Squid, Sshd, SshProxy,
                          Vsftpd)
from lab.remote_desktop import XFreeRdp, Xrdp, Xvfb
from lab.servers import Nginx

from cases.tls13 import AES_256, agreed, finish_with_log, log_of, secret_log, work_identity
from cases.web import fill_nginx

LETTER = b"From: ada@example.com\r\nTo: charles@mail.example.com\r\nSubject: a test\r\n\r\nIt works behind STARTTLS.\r\n.\r\n"


def talk(case, port, protocol, request, *arguments, check=True, **fields):
    """s_client: the command that asks for TLS, and then `request`."""
    case.add(clients.s_client(case.work, port, request, "-starttls", protocol, *log_of(case), *arguments, permissive=False, check=check),
             **{**AES_256, **fields})


def starttls_mail():
    """Postfix (SMTP) and Dovecot (IMAP, POP3, LMTP, ManageSieve) with s_client, TLS 1.3 and 1.2."""
    with Case("starttls_mail") as case:
        host.set_loopback_mtu(1500)
        identity = work_identity(case)
        suite = {"version": "TLS 1.2", "suite": "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"}
        with Postfix(case.work, 25, *identity), Dovecot(case.work, *identity), case.tcpdump(24, 25, 110, 143, 4190):
            talk(case, 25, "smtp", b"EHLO client.example.com\r\nMAIL FROM:<ada@example.com>\r\nRCPT TO:<nobody@elsewhere.example>\r\n"
                 b"RSET\r\nQUIT\r\n")
            talk(case, 25, "smtp", b"EHLO client.example.com\r\nNOOP\r\nQUIT\r\n", "-tls1_2", **suite)
            talk(case, 143, "imap", b"a LOGIN ada secret\r\nb SELECT INBOX\r\nc LOGOUT\r\n")
            talk(case, 110, "pop3", b"USER ada\r\nPASS secret\r\nSTAT\r\nQUIT\r\n", "-tls1_2", **suite)
            talk(case, 24, "lmtp", b"LHLO client.example.com\r\nMAIL FROM:<ada@example.com>\r\nRCPT TO:<ada>\r\nDATA\r\n" + LETTER +
                 b"QUIT\r\n")
            talk(case, 4190, "sieve", b'LISTSCRIPTS\r\nLOGOUT\r\n')
        finish_with_log(case)


def postgres_message(kind, body):
    return kind + struct.pack(">I", len(body) + 4) + body


def mysql_packet(number, body):
    return struct.pack("<I", len(body))[:3] + bytes([number]) + body


def starttls_databases():
    """PostgreSQL (SSLRequest) and MariaDB (SSLRequest behind the server's greeting). The messages inside TLS are written here, the
    answers are the servers'."""
    with Case("starttls_databases") as case:
        host.set_loopback_mtu(1500)
        identity = work_identity(case)
        start = postgres_message(b"", struct.pack(">I", 3 << 16) + b"user\0ada\0database\0postgres\0\0")
        ask = postgres_message(b"Q", b"select 'It works', 6 * 7\0")
        # CLIENT_PROTOCOL_41, CLIENT_SSL, CLIENT_SECURE_CONNECTION, CLIENT_PLUGIN_AUTH
        login = mysql_packet(2, struct.pack("<IIB23x", 0x88a00, 1 << 24, 45) + b"ada\0\0mysql_native_password\0")
        query = mysql_packet(0, b"\3select 'It works', 6 * 7")
        with Postgres(case.work, 5432, *identity), MariaDb(case.work, 3306, *identity), case.tcpdump(3306, 5432):
            talk(case, 5432, "postgres", start + ask + postgres_message(b"X", b""))
            talk(case, 3306, "mysql", login + query + mysql_packet(0, b"\1"), check=False)  # MariaDB closes without close_notify
        finish_with_log(case)


def starttls_others():
    """vsftpd (FTP, with a data connection), OpenLDAP (the StartTLS extended operation), Prosody (XMPP)."""
    with Case("starttls_others") as case:
        host.set_loopback_mtu(1500)
        identity = work_identity(case)
        bind = bytes.fromhex("300c020102600702010304008000")  # a simple bind of nobody
        search = bytes.fromhex("3025020103632004000a01000a0100020100020100010100870b6f626a656374436c6173733000")
        stream = b"<?xml version='1.0'?><stream:stream to='example.com' xmlns='jabber:client' " \
                 b"xmlns:stream='http://etherx.jabber.org/streams' version='1.0'></stream:stream>"
        with Vsftpd(case.work, 21, *identity), Slapd(case.work, 389, *identity), Prosody(case.work, 5222, *identity), \
             case.tcpdump(21, 389, 5222):
            talk(case, 21, "ftp", b"USER anonymous\r\nPASS ada@\r\nPBSZ 0\r\nPROT P\r\nPWD\r\nQUIT\r\n", check=False)
            talk(case, 389, "ldap", bind + search + bytes.fromhex("30050201044200"))
            talk(case, 5222, "xmpp", stream, "-xmpphost", "example.com")
        finish_with_log(case)


def chat_by_s_client(case, port):
    """The second half when the server has let ada in, which it does not between two lines that it reads at once."""
    halves = b"NICK ada\r\nUSER ada 0 * :Ada\r\n", b"JOIN #engine\r\nPRIVMSG #engine :It works behind STARTTLS.\r\nQUIT :that is all\r\n"
    client = clients.s_client_interactive(case.work, port, "-starttls", "irc")
    client.stdin.write(halves[0])
    client.stdin.flush()
    answer = b""
    while b" 422 " not in answer:  # there is no message of the day
        answer += client.stdout.readline()
    answer += client.communicate(halves[1], timeout=20)[0]
    case.add(Exchange(b"".join(halves), answer, programs="openssl s_client"), **AES_256)


def chat_by_irssi(case, port):
    with Irssi(case.work, port) as irssi:
        irssi.wait_for(b" 422 ")
        irssi.type("/join #engine")
        irssi.wait_for(b" 366 ")  # the last of what a channel is greeted with
        irssi.type("/msg #engine It works in irssi, too.")
        irssi.type("/quote QUIT :that is all")
        irssi.wait_for(b"ERROR :")
        irssi.type("/quit")
        irssi.process.wait(10)
    case.add(irssi.exchange(), **AES_256)


def starttls_news_and_chat():
    """INN's nnrpd (NNTP) with s_client, TLS 1.3 and 1.2; InspIRCd (IRC) with s_client and irssi. The log of InspIRCd is that of the
    server."""
    with Case("starttls_news_and_chat") as case:
        host.set_loopback_mtu(1500)
        identity = work_identity(case)
        read = b"CAPABILITIES\r\nLIST ACTIVE\r\nGROUP example.test\r\nOVER 1\r\nARTICLE 1\r\nQUIT\r\n"
        with Nnrpd(case.work, 119, *identity), Inspircd(case.work, 6667, *identity, secret_log(case)), case.tcpdump(119, 6667):
            talk(case, 119, "nntp", read)
            talk(case, 119, "nntp", b"DATE\r\nQUIT\r\n", "-tls1_2", version="TLS 1.2", suite="TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384")
            chat_by_s_client(case, 6667)
            chat_by_irssi(case, 6667)
        finish_with_log(case)


def starttls_rdp():
    """xrdp and FreeRDP's xfreerdp, which sees where one logs in; xrdp ends it. Opened with the key of xrdp."""
    with Case("starttls_rdp") as case:
        host.set_loopback_mtu(1500)
        identity = case.identity()
        with Xvfb(case.work) as screen, Xrdp(case.work, 3389, *identity, "AES256-GCM-SHA384") as xrdp, case.tcpdump(3389):
            with XFreeRdp(case.work, screen, 3389) as client:
                client.wait_for_picture()
                xrdp.stop()
                client.process.wait(10)
            case.add(client.exchange(), version="TLS 1.2", suite="TLS_RSA_WITH_AES_256_GCM_SHA384")
        case.finish("-k", "server.key")


# ---- proxies

def https(case, *arguments, url="https://www.example.com/"):
    """One connection of curl; `log` of it is added to the key log of the case."""
    return clients.curl(case.work, "--resolve", "www.example.com:443:127.0.0.1", "--cacert", "/dev/null", *arguments, url,
                        env={"SSLKEYLOGFILE": str(secret_log(case))})


def without_connect(exchange):
    """curl counts the request to the proxy and its answer, which are not inside this TLS."""
    if not exchange.client.startswith(b"CONNECT "):
        return exchange
    exchange.client = re.sub(rb"\ACONNECT .*?\r\n\r\n", b"", exchange.client, flags=re.S)
    exchange.server = re.sub(rb"\AHTTP/1\.[01] 200 .*?\r\n\r\n", b"", exchange.server, flags=re.S)
    return exchange


def origin(case, identity, port=443, **options):
    return Nginx(case.work, port, *identity, echo_port=8081, fill=fill_nginx, protocols="TLSv1.3", suites="ALL", **options)


def proxied_connect():
    """Squid (HTTP CONNECT in clear) and microsocks (SOCKS 5 and curl's other ways to say it): curl, nginx."""
    with Case("proxied_connect") as case:
        host.set_loopback_mtu(1500)
        identity = work_identity(case)
        with origin(case, identity), Squid(case.work, *identity), Microsocks(case.work, 1080), case.tcpdump(1080, 3128):
            for proxy in ("http://127.0.0.1:3128", "socks5://127.0.0.1:1080", "socks5h://127.0.0.1:1080"):
                # curl says "Connected" once for the proxy and once for what is behind it.
                case.add(without_connect(https(case, "--proxy", proxy, "--connect-to", "www.example.com:443:127.0.0.1:443")[-1]))
        finish_with_log(case)


def proxied_socks():
    """OpenSSH (`ssh -D`, through an sshd) as a proxy for SOCKS 4, 4a and 5: curl, nginx."""
    with Case("proxied_socks") as case:
        host.set_loopback_mtu(1500)
        identity = work_identity(case)
        with origin(case, identity), Sshd(case.work, 2222), SshProxy(case.work, 1080, 2222), case.tcpdump(1080):
            for proxy, target in (("socks4", "127.0.0.1"), ("socks4a", "localhost"), ("socks5", "127.0.0.1"), ("socks5h", "localhost")):
                case.add(https(case, "--proxy", f"{proxy}://127.0.0.1:1080", "--connect-to", f"www.example.com:443:{target}:443")[-1])
        finish_with_log(case)


def proxy_protocol():
    """HAProxy passes TLS through to nginx and says for whom: PROXY protocol versions 1 and 2; what HAProxy sends is captured."""
    with Case("proxy_protocol") as case:
        host.set_loopback_mtu(1500)
        identity = work_identity(case)
        with origin(case, identity, port=444, extra="listen 127.0.0.1:443 ssl proxy_protocol;"), Haproxy(case.work), \
             case.tcpdump(443):
            for port in (8001, 8002):
                case.add(https(case, "--connect-to", f"www.example.com:443:127.0.0.1:{port}"))
        finish_with_log(case)


def tls_in_tls():
    """An HTTPS proxy: CONNECT inside TLS, and TLS to nginx inside that (curl, Squid). What the outer TLS carries is CONNECT and its
    answer, and what Squid passed on, captured on its other side."""
    with Case("tls_in_tls") as case:
        host.set_loopback_mtu(1500)
        identity = work_identity(case)
        behind = case.work / "behind.pcap"
        with origin(case, identity), Squid(case.work, *identity), case.tcpdump(3129), \
             capture.Tcpdump(behind, case.work, "tcp port 443"):
            found = https(case, "--proxy", "https://127.0.0.1:3129", "--proxy-insecure", "--connect-to",
                          "www.example.com:443:127.0.0.1:443")
        inner = found[-1]
        connect = re.match(rb"CONNECT .*?\r\n\r\n", inner.client, re.S).group()
        answer = re.match(rb"HTTP/1\.[01] 200 .*?\r\n\r\n", inner.server, re.S).group()
        passed_on = pcapfile.streams(behind)
        outer = Exchange(connect + passed_on[0], answer + passed_on[1], programs="curl, Squid", **AES_256)
        (pair,) = pcapfile.connections(case.folder / "capture.pcap", case.server_ports)
        ends = [pcapfile.address(end) for end in pair]
        case.write(["-l", "keys.log"], [(outer, *ends), (without_connect(inner), *ends)])


def plain_decoys():
    """HTTP in clear that carries TLS: a capture and the bytes of a TLS connection, down and up, at Apache-like nginx; one connection
    with TLS beside them."""
    with Case("plain_decoys") as case:
        host.set_loopback_mtu(1500)
        identity = work_identity(case)
        whole = ROOT / "proxy_protocol" / "capture.pcap"
        client, server = pcapfile.streams(ROOT / "tcp_base" / "capture.pcap")
        files = {"capture.pcap": whole.read_bytes(), "client.bin": client, "server.bin": server[:40_000]}
        with origin(case, identity, extra="listen 127.0.0.1:80;") as nginx, case.tcpdump(80, 443):
            for name, data in files.items():
                (nginx.root / "htdocs" / name).write_bytes(data)
                upload = case.work / name
                upload.write_bytes(data)
                plain(case, f"http://127.0.0.1/{name}")
                plain(case, "--header", "Expect:", "--data-binary", f"@{upload}", "http://127.0.0.1/upload")
            case.add(https(case))
        finish_with_log(case)


def plain(case, *arguments):
    case.add(clients.curl(case.work, *arguments)[-1], expected="closed", reason="not TLS", version="-", suite="-")


# ---- by script

SOCKS4A = b"\4\1\1\xbb\0\0\0\1ada\0www.example.com\0"
SSL_REQUEST = bytes.fromhex("0000000804d2162f")
SCRIPTED = [
    (1080, [(SOCKS4A, b"\0\x5a" + bytes(6))]),
    (5432, [(SSL_REQUEST, b"S")]),
    (25, [(b"EHLO client.example.com\r\n", b"250-mail.example.com\r\n250 STARTTLS\r\n"), (b"STARTTLS\r\n", b"220 go on\r\n")]),
]


def starttls_scripted():
    """The last words in clear and the first of TLS are one segment, as a program in a hurry may send them; none at hand does. Both
    ends by script (tools/lab/scripted.py): SOCKS 4a, PostgreSQL and SMTP."""
    with Case("starttls_scripted") as case:
        host.set_loopback_mtu(1500)
        identity = work_identity(case)
        with case.tcpdump(*(port for port, _ in SCRIPTED)):
            for port, steps in SCRIPTED:
                case.add(scripted.talk(port, identity, secret_log(case), steps, b"hello from behind\r\n"))
        finish_with_log(case)


def starttls_one_side():
    """Re-made from starttls_mail: of the SMTP connections only what the client sent, of IMAP only what the server sent, of POP3 all
    packets from STLS on."""
    with Case("starttls_one_side") as case:
        source = ROOT / "starttls_mail"
        link, _, packets = pcapfile.read(source / "capture.pcap")
        kept, pop3 = [], False
        for packet in packets:
            part = pcapfile.segment(packet.data, link)
            pop3 = pop3 or part.data.startswith(b"STLS")
            if part.target[1] == 25 or part.source[1] == 143 or (pop3 and 110 in (part.source[1], part.target[1])):
                kept.append(packet)
        pcapfile.write(case.folder / "capture.pcap", link, kept)
        (case.folder / "keys.log").write_bytes((source / "keys.log").read_bytes())
        rows = []
        for number in (1, 2, 3, 4):
            client, server = (row for row in exchange.read(source) if row["conn"] == str(number))
            whole = [(source / "exchanged" / f"{number}.{side}").read_bytes() for side in ("client", "server")]
            opened = client["server"].endswith(":110")
            rows.append((Exchange(*whole, client["version"], client["suite"], client["programs"], "opened" if opened else "partial",
                                  "-" if opened else "one direction is not in the capture"), client["client"], client["server"]))
        case.write(["-l", "keys.log"], rows)


CASES = {function.__name__: function for function in (
    starttls_mail, starttls_databases, starttls_others, starttls_news_and_chat, starttls_rdp, proxied_connect, proxied_socks,
    proxy_protocol, tls_in_tls, plain_decoys, starttls_scripted, starttls_one_side)}
