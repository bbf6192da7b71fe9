"""Pre-shared keys up to TLS 1.2 (RFC 4279, 5489, 5487, 7905), with OpenSSL and GnuTLS: opened with the PSK, for RSA_PSK also the
private key, and where an ephemeral exchange is added, or with SRP (RFC 5054), with a key log."""
import re
import secrets as random_bytes

from lab import clients, host
from lab.case import Case
from lab.exchange import suite_name
from lab.servers import GnutlsServer, OpensslServer, openssl_environment

from cases.matrix import OPENSSL_VERSIONS, is_cbc, request, served_files
from cases.secrets12 import GNUTLS_SERVER, dh_parameters, fetch_gnutls, gnutls_suites, identities, key_log, small_page

PORTS = (4433, 4434, 5556)


def openssl_suites(case, flag, exchanges):
    listing = host.run(["openssl", "ciphers", "-psk", "-srp", "-s", flag, "-v", "ALL:COMPLEMENTOFALL:eNULL:@SECLEVEL=0"],
                       env=dict(openssl_environment(case.work), PATH="/usr/bin:/bin")).stdout.decode()
    return [line.split()[0] for line in listing.splitlines() if re.search(rf" Kx=({'|'.join(exchanges)}) ", line)]


def password_file(case, *names):
    """{identity: hex}, and GnuTLS' file of them, made by psktool."""
    path = case.work / "psk.passwd"
    for name in names:
        host.run(["psktool", "--username", name, "--keysize", "32", "--passwd", str(path)])
    return dict(line.split(":") for line in path.read_text().splitlines()), path


def psk_pair(case, suites, port, version, identity, psk, *options):
    """One connection for each of OpenSSL's suites, every second one without extended master secret and encrypt-then-MAC."""
    for number, suite in enumerate(suites):
        old = number % 2 == 1
        result = clients.s_client(case.work, port, request("/small.txt"), OPENSSL_VERSIONS[version], "-cipher",
                                  f"{suite}:@SECLEVEL=0", "-psk", psk, "-psk_identity", identity, *options,
                                  *(("-no_etm",) if old and is_cbc(suite) else ()), extended_master_secret=not old,
                                  source=clients.next_address(case))
        if not result.server.endswith(b"\r\n\r\nOne small page.\n"):
            raise RuntimeError(f"{version} {suite}: {len(result.server)} bytes came")
        case.add(result, version=version, suite=suite_name(suite))


def servers(case, certificate, keys, file, exchanges, page):
    """s_server with an identity hint for each of two PSKs, and gnutls-serv with psktool's file."""
    dh, files = str(dh_parameters(case)), served_files(case)

    def s_server(port, identity):
        return OpensslServer(case.work, port, *certificate, ["-HTTP", "-psk_identity", identity, "-psk", keys[identity], "-psk_hint",
                                                             f"hint for {identity}", "-dhparam", dh], files=files)
    return s_server(4433, "ada"), s_server(4434, "Client_identity"), GnutlsServer(
        case.work, 5556, *certificate, GNUTLS_SERVER.format(":+".join(exchanges)),
        ["--http", "--httpdata", str(page), "--noticket", "--pskpasswd", str(file), "--pskhint", "whom of us?"])


def openssl_at_both(case, keys, exchanges, *options):
    for version, port, identity in (("TLS 1.0", 4433, "ada"), ("TLS 1.1", 4434, "Client_identity"), ("TLS 1.2", 4433, "ada")):
        suites = openssl_suites(case, OPENSSL_VERSIONS[version], exchanges)
        psk_pair(case, suites[:6] if version == "TLS 1.1" else suites, port, version, identity, keys[identity], *options)


def gnutls_with_gnutls(case, keys, exchanges, page):
    for version in ("TLS1.0", "TLS1.2"):
        for number, (suite, words) in enumerate(gnutls_suites(exchanges, version)):
            name = ("grace", "hedy")[number % 2]
            fetch_gnutls(case, 5556, version, suite, words + (":%NO_ETM:%NO_SESSION_HASH" if number % 2 else ""), page,
                         "--pskusername", name, "--pskkey", keys[name])


def psk():
    """PSK and RSA_PSK, all suites of both, four identities: opened with --psk-file and the server's key. One more identity is not in
    the file. tshark knows no RSA_PSK: for it there is witness.log."""
    with Case("psk") as case:
        host.set_loopback_mtu(16_000)
        certificate, page = case.identity(), small_page(case)
        keys, file = password_file(case, "ada", "Client_identity", "grace", "hedy", "nobody")
        exchanges = ["PSK", "RSA-PSK"]
        first, second, third = servers(case, certificate, keys, file, exchanges, page)
        witness = case.folder / "witness.log"
        with first, second, third, case.tcpdump(*PORTS), key_log(witness):
            openssl_at_both(case, keys, ["PSK", "RSAPSK"], "-keylogfile", str(witness))
            gnutls_with_gnutls(case, keys, exchanges, page)
            for suite, words in gnutls_suites(exchanges, "TLS1.2"):
                if suite.endswith("AES_128_GCM_SHA256"):
                    fetch_gnutls(case, 5556, "TLS1.2", suite, words, page, "--pskusername", "nobody", "--pskkey", keys["nobody"],
                                 expected="closed", reason="PSK not given")
        given = case.folder / "psk.txt"
        given.write_text("".join(f"{name}:{key}\n" for name, key in keys.items() if name != "nobody"))
        given.chmod(0o600)
        case.finish("-k", "server.key", "--psk-file", "psk.txt")


GNUTLS_LACKS = ("ARIA", "NULL")  # what s_client has and gnutls-serv has not, or not for these exchanges


def psk_keylog():
    """DHE_PSK and ECDHE_PSK: the PSK alone does not open them, the clients' key log does. s_client at s_server (all its suites) and at
    gnutls-serv; gnutls-cli 3.7.9 crashes with these exchanges."""
    with Case("psk_keylog") as case:
        host.set_loopback_mtu(16_000)
        certificate, page = identities(case)["rsa"], small_page(case)
        keys, file = password_file(case, "ada", "Client_identity", "grace")
        first, second, third = servers(case, certificate, keys, file, ["DHE-PSK", "ECDHE-PSK"], page)
        log, exchanges = ("-keylogfile", str(case.folder / "keys.log")), ["DHEPSK", "ECDHEPSK"]
        with first, second, third, case.tcpdump(*PORTS):
            openssl_at_both(case, keys, exchanges, *log)
            suites = [suite for suite in openssl_suites(case, "-tls1_2", exchanges) if not any(part in suite for part in GNUTLS_LACKS)]
            psk_pair(case, suites, 5556, "TLS 1.2", "grace", keys["grace"], *log)
        case.finish("-l", "keys.log")


def psk_not_enough():
    """The same with nothing but the PSK: an ephemeral exchange stands beside it; and a PSK that is not the right one."""
    with Case("psk_not_enough") as case:
        host.set_loopback_mtu(16_000)
        certificate, page = identities(case)["rsa"], small_page(case)
        keys, file = password_file(case, "ada", "Client_identity", "grace")
        first, second, third = servers(case, certificate, keys, file, ["DHE-PSK", "ECDHE-PSK", "PSK"], page)
        with first, second, third, case.tcpdump(*PORTS):
            for suite, identity, port, outcome in (
                    ("DHE-PSK-AES128-CBC-SHA256", "ada", 4433, "ephemeral key exchange"),
                    ("ECDHE-PSK-AES128-CBC-SHA256", "ada", 4433, "ephemeral key exchange"),
                    ("PSK-AES128-CBC-SHA256", "grace", 5556, "another PSK under this identity"),
                    ("PSK-AES128-GCM-SHA256", "Client_identity", 4434, None)):
                psk_pair(case, [suite], port, "TLS 1.2", identity, keys[identity])
                if outcome:
                    case.exchanges[-1].expected, case.exchanges[-1].reason = "closed", outcome
        given = case.folder / "psk.txt"
        given.write_text(f"ada:{keys['ada']}\ngrace:{random_bytes.token_hex(32)}\nClient_identity:{keys['Client_identity']}\n")
        given.chmod(0o600)
        case.finish("--psk-file", "psk.txt")


def srp_keylog():
    """SRP, with and without a certificate, of GnuTLS: opened by key log."""
    exchanges = ["SRP", "SRP-RSA", "SRP-DSS"]
    with Case("srp_keylog") as case:
        host.set_loopback_mtu(16_000)
        page, certificates = small_page(case), identities(case)
        file, groups = case.work / "srp.passwd", case.work / "srp.conf"
        host.run(["srptool", "--create-conf", str(groups)])
        host.run(["srptool", "--username", "ada", "--passwd", str(file), "--passwd-conf", str(groups)], input=b"engine\n")
        dsa_key, dsa_cert = certificates["dsa"]
        with GnutlsServer(case.work, 5556, *certificates["rsa"], GNUTLS_SERVER.format(":+".join(exchanges)), [
                "--http", "--httpdata", str(page), "--noticket", "--srppasswd", str(file), "--srppasswdconf", str(groups),
                "--x509keyfile", str(dsa_key), "--x509certfile", str(dsa_cert)]), \
             case.tcpdump(5556), key_log(case.folder / "keys.log"):
            for version in ("TLS1.0", "TLS1.2"):
                for suite, words in gnutls_suites(exchanges, version):
                    fetch_gnutls(case, 5556, version, suite, words, page, "--srpusername", "ada", "--srppasswd", "engine")
        case.finish("-l", "keys.log")


CASES = {function.__name__: function for function in (psk, psk_keylog, psk_not_enough, srp_keylog)}
