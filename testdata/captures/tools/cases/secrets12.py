"""Ephemeral key exchange up to TLS 1.2, opened with nothing but a key log: every suite of the installed OpenSSL and GnuTLS, curl
and wget at web servers, NSS."""
import contextlib
import os
import re

from lab import clients, host, pki
from lab.case import Case
from lab.exchange import suite_name
from lab.servers import Apache, GnutlsServer, Nginx, OpensslServer, openssl_environment

from cases.matrix import OPENSSL_VERSIONS, is_cbc, request, served_files
from cases.web import HOST, URL, cross_check, fill_apache, fill_nginx

# Read at every use: what curl, wget and GnuTLS see in their environment, and write their secrets to.
LOG_VARIABLE = "SSLKEYLOGFILE"


@contextlib.contextmanager
def key_log(path):
    """The programs started inside write a key log; servers are started outside, so that only one side does."""
    os.environ[LOG_VARIABLE] = str(path)
    try:
        yield path
    finally:
        del os.environ[LOG_VARIABLE]


def dh_parameters(case, group="ffdhe2048"):
    path = case.work / f"{group}.pem"
    host.run(["openssl", "genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", f"group:{group}", "-out", str(path)])
    return path


def identities(case):
    """{"rsa": (key, certificate), "dsa": ..., "ec": ...}: none of these keys opens anything, so none is kept."""
    keys = {"rsa": pki.make_key(case.work / "rsa.key"), "ec": pki.make_ec_key(case.work / "ec.key"), "dsa": case.work / "dsa.key"}
    host.run(["openssl", "dsaparam", "-genkey", "-noout", "-out", str(keys["dsa"]), "2048"])
    return {kind: (key, pki.self_signed(key, case.work / f"{kind}.crt", names=None)) for kind, key in keys.items()}


def ephemeral_suites(case, flag):
    """OpenSSL's names of the suites with (EC)DHE, authenticated or not, that it would offer in this version."""
    listing = host.run(["openssl", "ciphers", "-s", flag, "-v", "ALL:COMPLEMENTOFALL:eNULL:@SECLEVEL=0"],
                       env=dict(openssl_environment(case.work), PATH="/usr/bin:/bin")).stdout.decode()
    return [line.split()[0] for line in listing.splitlines() if re.search(" Kx=(EC)?DH ", line)]


CURVES = ("P-256", "P-384", "P-521", "X25519", "X448")


def keylog_openssl():
    """s_server and s_client -keylogfile: all (EC)DHE suites, from TLS 1.0 to 1.2, anonymous ones too; then five curves."""
    with Case("keylog_openssl") as case:
        host.set_loopback_mtu(16_000)
        certificates, files = identities(case), served_files(case)
        common = ["-HTTP", "-groups", ":".join(CURVES), "-dhparam", str(dh_parameters(case))]
        other = [*common, "-dkey", str(certificates["dsa"][0]), "-dcert", str(certificates["dsa"][1])]
        with case.tcpdump(4433, 4434, 4435, 4436, 4437, 4438):
            for port, (version, flag) in zip((4433, 4435, 4437), OPENSSL_VERSIONS.items()):
                with OpensslServer(case.work, port, *certificates["rsa"], other, files=files), \
                     OpensslServer(case.work, port + 1, *certificates["ec"], common, files=files):
                    for suite in ephemeral_suites(case, flag):
                        without = ("-no_etm",) if is_cbc(suite) else ()
                        fetch_logged(case, port, version, flag, suite)
                        fetch_logged(case, port, version, flag, suite, *without, extended=False)
                    for curve in CURVES:
                        fetch_logged(case, port, version, flag, "ECDHE-RSA-AES128-SHA", "-groups", curve)
                        fetch_logged(case, port, version, flag, "ECDHE-ECDSA-AES256-SHA", "-groups", with_p256(curve))
        case.finish("-l", "keys.log")


def with_p256(curve):
    """A client whose list lacks the curve of an ECDSA certificate does not take the certificate."""
    return curve if curve == "P-256" else f"{curve}:P-256"


def fetch_logged(case, port, version, flag, suite, *options, extended=True):
    port += "ECDSA" in suite
    result = clients.s_client(case.work, port, request("/small.txt"), flag, "-cipher", f"{suite}:@SECLEVEL=0", *options,
                              "-keylogfile", str(case.folder / "keys.log"), extended_master_secret=extended,
                              source=clients.next_address(case))
    if result.server != (case.work / "files" / "small.txt").read_bytes():
        raise RuntimeError(f"{version} {suite}: the client received other bytes than the server has")
    case.add(result, version=version, suite=suite_name(suite))


# GnuTLS' names of key exchanges: in its list of suites, in the IANA's names, in priority strings.
GNUTLS_EXCHANGES = [
    ("DHE_RSA", "DHE_RSA", "DHE-RSA"), ("DHE_DSS", "DHE_DSS", "DHE-DSS"), ("ECDHE_RSA", "ECDHE_RSA", "ECDHE-RSA"),
    ("ECDHE_ECDSA", "ECDHE_ECDSA", "ECDHE-ECDSA"), ("DH_ANON", "DH_anon", "ANON-DH"), ("ECDH_ANON", "ECDH_anon", "ANON-ECDH"),
    ("PSK", "PSK", "PSK"), ("RSA_PSK", "RSA_PSK", "RSA-PSK"), ("DHE_PSK", "DHE_PSK", "DHE-PSK"),
    ("ECDHE_PSK", "ECDHE_PSK", "ECDHE-PSK"), ("SRP_SHA", "SRP_SHA", "SRP"), ("SRP_SHA_RSA", "SRP_SHA_RSA", "SRP-RSA"),
    ("SRP_SHA_DSS", "SRP_SHA_DSS", "SRP-DSS")]
GNUTLS_CIPHERS = (":+ARCFOUR-128:+3DES-CBC:+NULL:+MD5:+SHA1:+SHA256:+SHA384:+CAMELLIA-128-CBC:+CAMELLIA-256-CBC:+CAMELLIA-128-GCM"
                  ":+CAMELLIA-256-GCM:+AES-128-CCM-8:+AES-256-CCM-8:+SIGN-ALL:+SIGN-DSA-SHA1:+SIGN-DSA-SHA256:+GROUP-ALL"
                  ":%VERIFY_ALLOW_BROKEN")
GNUTLS_SERVER = "NORMAL:-VERS-ALL:+VERS-TLS1.2:+VERS-TLS1.1:+VERS-TLS1.0:-KX-ALL:+{}" + GNUTLS_CIPHERS
GNUTLS_CLIENT = "NONE:+VERS-{}:+COMP-NULL:+SIGN-ALL:+SIGN-DSA-SHA1:+SIGN-DSA-SHA256:+CTYPE-ALL:+GROUP-ALL:+{}:%VERIFY_ALLOW_BROKEN"


def gnutls_listing():
    """[(number of a suite, IANA name, GnuTLS' name of the key exchange, cipher and MAC for a priority string, lowest version)]"""
    found = []
    listing = host.run(["gnutls-cli", "--list"]).stdout.decode()
    for name, high, low, lowest in re.findall(r"^TLS_(\S+)\s+0x(..), 0x(..)\s+(TLS1\.[012])$", listing, re.M):
        fitting = [row for row in GNUTLS_EXCHANGES if name.startswith(row[0] + "_")]
        if fitting:
            ours, iana, words = max(fitting, key=lambda row: len(row[0]))
            rest = name[len(ours) + 1:]
            found.append((int(high + low, 16), iana_name(iana, rest), words, cipher_and_mac(rest), lowest))
    return found


def gnutls_suites(exchanges, version):
    """[(IANA name, priority words)] of the suites of the installed GnuTLS with these key exchanges (as in priority strings)."""
    return [(name, f"{words}:+{cipher}") for _, name, words, cipher, lowest in gnutls_listing() if words in exchanges and version >= lowest]


def iana_name(exchange, rest):
    rest = re.sub("SHA1$", "SHA", rest.replace("ARCFOUR", "RC4")) + ("_SHA256" if rest.endswith("POLY1305") else "")
    return f"TLS_PSK_DHE_WITH_{rest}" if exchange == "DHE_PSK" and rest.endswith("CCM_8") else f"TLS_{exchange}_WITH_{rest}"


def cipher_and_mac(rest):
    """AES_128_CBC_SHA1 -> AES-128-CBC:+SHA1"""
    parts = rest.replace("3DES_EDE", "3DES").split("_")
    if parts[-1] in ("CCM", "8", "POLY1305"):
        return "-".join(parts) + ":+AEAD"
    return "-".join(parts[:-1]) + (":+AEAD" if parts[-2] == "GCM" else f":+{parts[-1]}")


def fetch_gnutls(case, port, version, suite, words, page, *arguments, **outcome):
    result = clients.gnutls_cli(case.work, port, request("/"), GNUTLS_CLIENT.format(version, words), *arguments)
    if not result.server.endswith(b"\r\n\r\n" + page.read_bytes()):
        raise RuntimeError(f"{version} {suite} {words}: {len(result.server)} bytes came")
    case.add(result, version=version.replace("TLS", "TLS "), suite=suite, **outcome)


def small_page(case):
    page = case.work / "small.bin"
    page.write_bytes(b"One small page.\n")
    return page


def keylog_gnutls():
    """gnutls-serv and gnutls-cli with SSLKEYLOGFILE: all (EC)DHE suites, anonymous ones too; with extended master secret and
    encrypt-then-MAC, and without both."""
    exchanges = ["DHE-RSA", "DHE-DSS", "ECDHE-RSA", "ECDHE-ECDSA", "ANON-DH", "ANON-ECDH"]
    with Case("keylog_gnutls") as case:
        host.set_loopback_mtu(16_000)
        page, certificates = small_page(case), identities(case)
        more = [word for kind in ("ec", "dsa") for option, path in zip(("--x509keyfile", "--x509certfile"), certificates[kind])
                for word in (option, str(path))]
        with GnutlsServer(case.work, 5556, *certificates["rsa"], GNUTLS_SERVER.format(":+".join(exchanges)),
                          ["--http", "--httpdata", str(page), "--noticket", *more]), \
             case.tcpdump(5556), key_log(case.folder / "keys.log"):
            for version in ("TLS1.0", "TLS1.1", "TLS1.2"):
                for suite, words in gnutls_suites(exchanges, version):
                    if version != "TLS1.1":
                        fetch_gnutls(case, 5556, version, suite, words, page)
                    fetch_gnutls(case, 5556, version, suite, f"{words}:%NO_ETM:%NO_SESSION_HASH", page)
        case.finish("-l", "keys.log")


def keylog_curl_wget():
    """curl and wget at Apache httpd and nginx, as people use key logs: curl's and wget's, given as two files. To the second the case
    adds what such files collect: comments, CRLF, lines twice, lines of other days and of no kind, and a last line cut short."""
    with Case("keylog_curl_wget") as case:
        host.set_loopback_mtu(1500)
        rsa, _, ec = (identities(case)[kind] for kind in ("rsa", "dsa", "ec"))
        dh = dh_parameters(case)
        suites = "ECDHE:DHE:!aNULL:!eNULL:@SECLEVEL=0"
        with Apache(case.work, 443, *rsa, fill=fill_apache, suites=suites) as apache, \
             Nginx(case.work, 8443, *ec, echo_port=8081, fill=fill_nginx, suites=suites, extra=f"ssl_dhparam {dh};") as nginx:
            with case.tcpdump(443, 8443):
                curl_and_wget(case)
            pairs = case.finish("-l", "curl.log", "-l", "wget.log")
            cross_check(case, apache, pairs)
            cross_check(case, nginx, pairs)
        path = case.folder / "wget.log"
        path.write_bytes(untidy(path.read_bytes().decode()))


def curl_and_wget(case):
    with key_log(case.folder / "curl.log"):
        for arguments in ((f"{URL}/",), ("--ciphers", "DHE-RSA-AES256-GCM-SHA384", f"{URL}/page.txt"),
                          ("--ciphers", "ECDHE-RSA-CHACHA20-POLY1305", f"{URL}/hello.txt", f"{URL}/logo.png", "--output", "/dev/null"),
                          ("--curves", "X448", "--data", "name=Ada", f"{URL}/cgi-bin/report?form=1"),
                          ("--ciphers", "DHE-RSA-AES128-SHA@SECLEVEL=0", "--tls-max", "1.2", f"{URL}/style.css")):
            case.add(clients.curl(case.work, *HOST, "--tls-max", "1.2", *arguments))
        for arguments in ((), ("--curves", "P-521:P-256"), ("--ciphers", "ECDHE-ECDSA-AES256-SHA384")):
            case.add(clients.curl(case.work, "--tls-max", "1.2", *arguments, "https://127.0.0.1:8443/data.json"))
    with key_log(case.folder / "wget.log"):
        for port, exchange, cipher, suite in (
                (443, "ECDHE-RSA", "AES-256-GCM", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
                (443, "DHE-RSA", "AES-128-CCM", "TLS_DHE_RSA_WITH_AES_128_CCM"),
                (8443, "ECDHE-ECDSA", "CHACHA20-POLY1305", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"),
                (8443, "ECDHE-ECDSA", "AES-128-GCM", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")):
            ciphers = f"--ciphers=NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+{exchange}:-CIPHER-ALL:+{cipher}"
            urls = [f"https://127.0.0.1:{port}/{name}" for name in ("hello.txt", "style.css")]
            case.add(clients.wget(case.work, ciphers, urls=urls), version="TLS 1.2", suite=suite)


def untidy(log):
    lines = [line for line in log.splitlines() if line]
    strange = ["", "# a comment", "CLIENT_RANDOM " + "00" * 32 + " " + "11" * 48, "CLIENT_RANDOM abc", "no line of any kind",
               "A_LABEL_OF_TOMORROW " + "22" * 32 + " " + "33" * 32]
    return "\r\n".join([strange[1], *strange, *lines, *lines[:2], lines[0].upper(), lines[-1][:80]]).encode()


CASES = {function.__name__: function for function in (keylog_openssl, keylog_gnutls, keylog_curl_wget)}
