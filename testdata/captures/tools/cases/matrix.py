"""Every RSA key exchange suite in every version that the installed OpenSSL and GnuTLS negotiate, with and without
extended master secret (RFC 7627) and encrypt-then-MAC (RFC 7366)."""
import re

from content import noise, text
from lab import clients, host, pki
from lab.case import Case
from lab.exchange import Exchange, suite_name
from lab.servers import GnutlsServer, OpensslServer, openssl_environment

OPENSSL_VERSIONS = {"TLS 1.0": "-tls1", "TLS 1.1": "-tls1_1", "TLS 1.2": "-tls1_2"}


def openssl_suites(case, flag):
    """OpenSSL's names of the suites with Kx=RSA that it would offer in this version."""
    listing = host.run(["openssl", "ciphers", "-s", flag, "-v", "ALL:COMPLEMENTOFALL:eNULL:@SECLEVEL=0"],
                       env=dict(openssl_environment(case.work), PATH="/usr/bin:/bin")).stdout.decode()
    return [line.split()[0] for line in listing.splitlines() if " Kx=RSA " in line]


def served_files(case):
    """s_server -HTTP sends these as they are: complete responses."""
    files = case.work / "files"
    files.mkdir()

    def response(name, kind, body):
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        (files / name).write_bytes(head.encode() + body)
    response("large.txt", "text/plain", text(36_000))  # three records of up to 16 kB
    response("small.txt", "text/plain", b"One small page.\n")
    response("large.bin", "application/octet-stream", noise(20_000))
    return files


def request(path):
    return f"GET {path} HTTP/1.1\r\nHost: www.example.com\r\n\r\n".encode()


def is_cbc(suite):
    return not any(part in suite for part in ("GCM", "CCM", "NULL", "RC4"))


def openssl_matrix():
    with Case("openssl_matrix") as case:
        host.set_loopback_mtu(16_000)
        key, cert = case.identity()
        files = served_files(case)
        with OpensslServer(case.work, 4433, key, cert, ["-HTTP"], files=files), case.tcpdump(4433):
            for version, flag in OPENSSL_VERSIONS.items():
                for suite in openssl_suites(case, flag):
                    fetch_all_ways(case, version, flag, suite, files)
        case.finish("-k", "server.key")


def fetch_all_ways(case, version, flag, suite, files):
    ways = [(True, (), "large.txt"), (False, (), "small.txt")]
    if is_cbc(suite):
        ways += [(True, ("-no_etm",), "small.txt"), (False, ("-no_etm",), "small.txt")]
    for extended, options, name in ways:
        result = clients.s_client(case.work, 4433, request(f"/{name}"), flag, "-cipher", f"{suite}:@SECLEVEL=0", *options,
                                  extended_master_secret=extended)
        if result.server != (files / name).read_bytes():
            raise RuntimeError(f"{version} {suite}: the client received other bytes than the server has")
        case.add(result, version=version, suite=suite_name(suite))


def openssl_echo():
    """s_server -rev sends every line back reversed: data both ways, many records, small record sizes, renegotiation refused."""
    with Case("openssl_echo") as case:
        host.set_loopback_mtu(1500)
        key, cert = case.identity()
        lines = text(5000)
        with OpensslServer(case.work, 4433, key, cert, ["-rev"]), \
             OpensslServer(case.work, 4434, key, cert, ["-rev", "-max_send_frag", "512"]), case.tcpdump(4433, 4434):
            for port, flag, version, suite, options in (
                    (4433, "-tls1", "TLS 1.0", "AES128-SHA", ()),
                    (4433, "-tls1_2", "TLS 1.2", "AES256-SHA256", ()),
                    (4434, "-tls1_2", "TLS 1.2", "AES128-GCM-SHA256", ("-max_send_frag", "600")),
                    (4434, "-tls1", "TLS 1.0", "CAMELLIA256-SHA", ("-max_send_frag", "512")),
                    (4433, "-tls1_2", "TLS 1.2", "ARIA256-GCM-SHA384", ("-maxfraglen", "1024"))):
                case.add(echo(case, port, lines, flag, "-cipher", f"{suite}:@SECLEVEL=0", *options),
                         version=version, suite=suite_name(suite))
        case.finish("-k", "server.key")


def echo(case, port, lines, *arguments):
    """Sends lines, takes the reversed ones, then says CLOSE, upon which s_server -rev ends the connection."""
    with clients.s_client_interactive(case.work, port, *arguments) as process:
        process.stdin.write(lines + b"CLOSE\n")
        process.stdin.flush()
        received = process.stdout.read()
    wanted = b"".join(line[::-1] + b"\n" for line in lines.split(b"\n")[:-1])
    if received != wanted:
        raise RuntimeError(f"s_server -rev {arguments}: {len(received)} bytes came back, {len(wanted)} were due")
    return Exchange(lines + b"CLOSE\n", received, programs="openssl s_client")


GNUTLS_OPTIONS = {"default": "", "no EtM": ":%NO_ETM", "no EMS": ":%NO_SESSION_HASH", "neither": ":%NO_ETM:%NO_SESSION_HASH"}


def gnutls_suites():
    """[(IANA name, cipher, MAC, lowest version)] of plain RSA key exchange, from the installed GnuTLS."""
    listing = host.run(["gnutls-cli", "--list"]).stdout.decode()
    rows = re.findall(r"^(TLS_RSA_(?!PSK)\S+)\s+(0x..), (0x..)\s+(TLS1\.\d)$", listing, re.M)
    return [(iana(name), *cipher_and_mac(name), lowest) for name, _, _, lowest in rows]


def iana(gnutls_name):
    """TLS_RSA_AES_128_CBC_SHA1 -> TLS_RSA_WITH_AES_128_CBC_SHA"""
    name = gnutls_name.replace("TLS_RSA_", "TLS_RSA_WITH_", 1).replace("ARCFOUR_128", "RC4_128")
    return re.sub(r"SHA1$", "SHA", name)


def cipher_and_mac(gnutls_name):
    """The priority string's names: ("AES-128-CBC", "SHA1")"""
    parts = gnutls_name.replace("TLS_RSA_", "", 1).replace("3DES_EDE", "3DES").split("_")
    if parts[-1] in ("CCM", "8"):
        return "-".join(parts), "AEAD"
    return "-".join(parts[:-1]), "AEAD" if parts[-2] == "GCM" else parts[-1]


def gnutls_matrix():
    with Case("gnutls_matrix") as case:
        host.set_loopback_mtu(16_000)
        key, cert = case.identity()
        page = case.work / "page.bin"
        page.write_bytes(text(36_000))
        priority = ("NORMAL:-VERS-ALL:+VERS-TLS1.2:+VERS-TLS1.1:+VERS-TLS1.0:-KX-ALL:+RSA:+ARCFOUR-128:+3DES-CBC:+NULL:+MD5:+SHA256"
                    ":+CAMELLIA-128-CBC:+CAMELLIA-256-CBC:+CAMELLIA-128-GCM:+CAMELLIA-256-GCM:+AES-128-CCM-8:+AES-256-CCM-8"
                    ":%VERIFY_ALLOW_BROKEN")
        small = case.work / "small.bin"
        small.write_bytes(b"One small page.\n")
        with GnutlsServer(case.work, 5556, key, cert, priority, ["--http", "--httpdata", str(page)]), \
             GnutlsServer(case.work, 5557, key, cert, priority, ["--http", "--httpdata", str(small), "--noticket"]), \
             case.tcpdump(5556, 5557):
            for version in ("TLS1.0", "TLS1.1", "TLS1.2"):
                for suite, cipher, mac, lowest in gnutls_suites():
                    if version >= lowest:
                        gnutls_fetch(case, version, suite, cipher, mac, page, small)
        case.finish("-k", "server.key")


def gnutls_fetch(case, version, suite, cipher, mac, page, small):
    priority = f"NONE:+VERS-{version}:+COMP-NULL:+RSA:+SIGN-ALL:+CTYPE-ALL:+{cipher}:+{mac}"
    for name, option in GNUTLS_OPTIONS.items():
        if "EtM" in name and not cipher.endswith("CBC") or name == "neither" and not cipher.endswith("CBC"):
            continue
        port, file = (5556, page) if name == "default" else (5557, small)
        result = clients.gnutls_cli(case.work, port, request("/"), priority + option)
        if not result.server.endswith(b"\r\n\r\n" + file.read_bytes()):
            raise RuntimeError(f"{version} {suite} {name}: {len(result.server)} bytes came")
        case.add(result, version=version.replace("TLS", "TLS "), suite=suite)


def gnutls_records():
    """Record size limits (RFC 8449 and RFC 6066), random padding of CBC records, heartbeat and ALPN in the hellos."""
    with Case("gnutls_records") as case:
        host.set_loopback_mtu(1500)
        key, cert = case.identity()
        page = case.work / "page.bin"
        page.write_bytes(text(12_000))
        base = "NORMAL:-VERS-ALL:+VERS-TLS1.2:+VERS-TLS1.1:+VERS-TLS1.0:-KX-ALL:+RSA"
        http = ["--http", "--httpdata", str(page)]
        with GnutlsServer(case.work, 5556, key, cert, base, [*http, "--heartbeat", "--alpn", "http/1.1"]), \
             GnutlsServer(case.work, 5557, key, cert, base, [*http, "--recordsize", "700"]), case.tcpdump(5556, 5557):
            for port, version, suite, priority, options in (
                    (5556, "TLS1.2", "TLS_RSA_WITH_AES_128_GCM_SHA256", "+AES-128-GCM:+AEAD", ("--recordsize", "512")),
                    (5556, "TLS1.2", "TLS_RSA_WITH_AES_256_CBC_SHA", "+AES-256-CBC:+SHA1", ("--recordsize", "1024")),
                    (5557, "TLS1.2", "TLS_RSA_WITH_AES_128_CCM", "+AES-128-CCM:+AEAD", ()),
                    (5556, "TLS1.0", "TLS_RSA_WITH_AES_128_CBC_SHA", "+AES-128-CBC:+SHA1:%NO_ETM", ()),
                    (5556, "TLS1.2", "TLS_RSA_WITH_AES_128_CBC_SHA", "+AES-128-CBC:+SHA1", ("--heartbeat", "--alpn", "http/1.1")),
                    (5556, "TLS1.1", "TLS_RSA_WITH_AES_256_CBC_SHA", "+AES-256-CBC:+SHA1:%COMPAT", ()),
                    (5556, "TLS1.2", "TLS_RSA_WITH_AES_256_GCM_SHA384", "+AES-256-GCM:+AEAD:%NO_EXTENSIONS", ())):
                result = clients.gnutls_cli(case.work, port, request("/"), f"NONE:+VERS-{version}:+COMP-NULL:+RSA:+SIGN-ALL:"
                                            f"+CTYPE-ALL:{priority}", *options)
                case.add(result, version=version.replace("TLS", "TLS "), suite=suite)
        case.finish("-k", "server.key")


KEY_SIZES = (512, 1024, 2048, 3072, 4096, 8192, 16384)


def rsa_key_sizes():
    """One server and one key for every size; 16384 bits is served by gnutls-serv, because OpenSSL's server refuses
    a ClientKeyExchange of more than 2048 bytes ("excessive message size")."""
    with Case("rsa_key_sizes") as case:
        host.set_loopback_mtu(1500)
        files = served_files(case)
        keys = []
        with case.tcpdump(*[4000 + number for number in range(len(KEY_SIZES))]):
            for number, bits in enumerate(KEY_SIZES):
                key, cert = case.identity(f"rsa{bits}", bits, subject=f"/CN=RSA {bits}", names=None,
                                          digest="sha1" if bits < 1024 else "sha256")
                keys += ["-k", key.name]
                fetch_with_key(case, 4000 + number, bits, key, cert, files)
        case.finish(*keys)


def fetch_with_key(case, port, bits, key, cert, files):
    if bits <= 8192:
        with OpensslServer(case.work, port, key, cert, ["-HTTP"], files=files):
            case.add(clients.s_client(case.work, port, request("/small.txt"), "-tls1_2", "-cipher", "AES128-SHA256:@SECLEVEL=0"),
                     version="TLS 1.2", suite="TLS_RSA_WITH_AES_128_CBC_SHA256")
        return
    with GnutlsServer(case.work, port, key, cert, "NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+RSA",
                      ["--http", "--httpdata", str(files / "small.txt")]):
        case.add(clients.gnutls_cli(case.work, port, request("/"), "NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+RSA:-CIPHER-ALL"
                                    ":+AES-128-GCM"),
                 version="TLS 1.2", suite="TLS_RSA_WITH_AES_128_GCM_SHA256")


CASES = {function.__name__: function for function in (
    openssl_matrix, openssl_echo, gnutls_matrix, gnutls_records, rsa_key_sizes)}
