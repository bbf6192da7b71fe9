"""Raw public keys in the place of certificates (RFC 7250), of the server and of the client."""
from lab import clients, host, pki
from lab.case import Case
from lab.servers import GnutlsRawKeyServer

from cases.matrix import request
from cases.secrets12 import key_log

# Without X.509 of either side: what is offered beside it is not taken.
PRIORITY = "NORMAL:-VERS-ALL:+VERS-{}:-CTYPE-ALL:+CTYPE-RAWPK:{}"
PAGE = b"One small page.\n"


def public_of(key):
    path = key.with_suffix(".pub")
    host.run(["openssl", "pkey", "-in", str(key), "-pubout", "-out", str(path)])
    return path


def pair_of(key):
    """As the options of both programs."""
    return ["--rawpkkeyfile", str(key), "--rawpkfile", str(public_of(key))]


def kept_outside(case, key):
    """The key and, beside it and not in the case, its public half."""
    copy = case.work / key.name
    copy.write_bytes(key.read_bytes())
    return copy


def pkcs8_key(path, *algorithm):
    host.run(["openssl", "genpkey", "-out", str(path), "-algorithm", *algorithm])
    return path


def raw_public_keys():
    """gnutls-serv and gnutls-cli: an RSA key that opens by itself, then keys that only sign; the client has none, or one of its own."""
    with Case("raw_public_keys") as case:
        host.set_loopback_mtu(1500)
        page = case.work / "page.bin"
        page.write_bytes(PAGE)
        rsa = pair_of(kept_outside(case, case.key()))
        ec = pair_of(pkcs8_key(case.work / "ec.key", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"))
        ed25519 = pair_of(pkcs8_key(case.work / "ed25519.key", "ED25519"))
        of_client = pair_of(pki.make_key(case.work / "client.key"))
        http = ["--http", "--httpdata", str(page)]
        priorities = ":".join((PRIORITY.format("TLS1.2", "+RSA"), "+VERS-TLS1.3"))
        with GnutlsRawKeyServer(case.work, 5556, rsa, priorities, [*http, "--disable-client-cert"]), \
             GnutlsRawKeyServer(case.work, 5557, rsa, priorities, [*http, "--require-client-cert"]), \
             GnutlsRawKeyServer(case.work, 5558, ec, priorities, [*http, "--require-client-cert"]), \
             GnutlsRawKeyServer(case.work, 5559, ed25519, priorities, [*http, "--require-client-cert"]), \
             case.tcpdump(5556, 5557, 5558, 5559):
            fetch(case, 5556, "TLS1.2", "RSA", "TLS_RSA_WITH_AES_128_GCM_SHA256")
            fetch(case, 5557, "TLS1.2", "RSA", "TLS_RSA_WITH_AES_128_GCM_SHA256", *ec)
            with key_log(case.folder / "keys.log"):
                fetch(case, 5558, "TLS1.2", "ECDHE-ECDSA", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", *of_client)
                fetch(case, 5556, "TLS1.3", "ECDHE-RSA", "TLS_AES_128_GCM_SHA256")
                fetch(case, 5559, "TLS1.3", "ECDHE-ECDSA", "TLS_AES_128_GCM_SHA256", *of_client)
        case.finish("-k", "server.key", "-l", "keys.log")


def fetch(case, port, version, exchange, suite, *options):
    priority = PRIORITY.format(version, f"-KX-ALL:+{exchange}:-CIPHER-ALL:+AES-128-GCM")
    got = clients.gnutls_cli(case.work, port, request("/"), priority, *options)
    if not got.server.endswith(b"\r\n\r\n" + PAGE):
        raise RuntimeError(f"{version} {exchange}: {len(got.server)} bytes came")
    case.add(got, version=version.replace("TLS", "TLS "), suite=suite)


CASES = {function.__name__: function for function in (raw_public_keys,)}
