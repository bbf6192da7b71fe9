"""Private keys in every kind of file, and NSS, whose programs in Debian write no key log."""
from lab import clients, host, pki
from lab.case import Case
from lab.exchange import Exchange, iana_names
from lab.servers import OpensslServer, Server

from cases.matrix import request, served_files

RSA_GCM = ("AES128-GCM-SHA256", "TLS_RSA_WITH_AES_128_GCM_SHA256")

# What openssl makes of a key, by the name of the file. The passwords stand in the password file, behind one that fits nothing.
FORMS = {
    "pkcs1.pem": ["rsa", "-traditional"],
    "pkcs1-encrypted.pem": ["rsa", "-traditional", "-aes256", "-passout", "pass:two words"],
    "pkcs1-des3.pem": ["rsa", "-traditional", "-des3", "-passout", "pass:three"],
    "pkcs1.der": ["rsa", "-traditional", "-outform", "DER"],
    "pkcs8.pem": ["pkcs8", "-topk8", "-nocrypt"],
    "pkcs8-encrypted.pem": ["pkcs8", "-topk8", "-v2", "aes-256-cbc", "-passout", "pass:two words"],
    "pkcs8-scrypt.pem": ["pkcs8", "-topk8", "-scrypt", "-passout", "pass:three"],
    "pkcs8.der": ["pkcs8", "-topk8", "-nocrypt", "-outform", "DER"],
    "pkcs8-encrypted.der": ["pkcs8", "-topk8", "-outform", "DER", "-passout", "pass:Gänsefüßchen"],
}
PASSWORDS = "not this one\ntwo words\nthree\nGänsefüßchen\n"


def keys_formats():
    """Twelve servers, each with its own key in another kind of file, most of them in one folder; a password file for those that are
    encrypted. The folder holds what is no key, too."""
    with Case("keys_formats") as case:
        host.set_loopback_mtu(1500)
        files, folder = served_files(case), case.folder / "keys"
        folder.mkdir()
        names = [*FORMS, "pkcs12.p12", "pkcs12-legacy.pfx", "chain.pem"]
        with case.tcpdump(*range(4433, 4433 + len(names))):
            for port, name in enumerate(names, 4433):
                # Two stand outside of the folder, and are given by their own names.
                path = (case.folder if name in ("pkcs1.pem", "pkcs12.p12") else folder) / name
                key = pki.make_key(case.work / f"{name}.plain")
                cert = pki.self_signed(key, case.work / f"{name}.crt", f"/CN={name}", names=None)
                write_key(path, key, cert)
                with OpensslServer(case.work, port, key, cert, ["-HTTP"], files=files):
                    case.add(clients.s_client(case.work, port, request("/small.txt"), "-tls1_2", "-cipher", RSA_GCM[0]),
                             version="TLS 1.2", suite=RSA_GCM[1], reason=name)
        (folder / "README").write_text("These are keys.\n")
        (folder / "certificate.crt").write_bytes(cert.read_bytes())
        (case.folder / "passwords").write_text(PASSWORDS)
        case.finish("-k", "keys", "-k", "pkcs1.pem", "-k", "pkcs12.p12", "--password-file", "passwords")


def write_key(path, key, cert):
    if path.name in FORMS:
        host.run(["openssl", *FORMS[path.name], "-in", str(key), "-out", str(path)])
    elif path.name == "chain.pem":
        path.write_bytes(b"Text before the key, as some programs write it.\n" + cert.read_bytes() + key.read_bytes() + cert.read_bytes())
    else:
        legacy = ["-legacy"] if "legacy" in path.name else []
        host.run(["openssl", "pkcs12", "-export", "-in", str(cert), "-inkey", str(key), "-name", "server", "-passout",
                  f"pass:{'three' if legacy else 'two words'}", *legacy, "-out", str(path)])
    path.chmod(0o600)


# NSS' number of a suite, its name, the versions in which it is tried.
NSS_RSA = [(":002F", "TLS_RSA_WITH_AES_128_CBC_SHA", ("tls1.0", "tls1.1", "tls1.2")),
           (":0035", "TLS_RSA_WITH_AES_256_CBC_SHA", ("tls1.0", "tls1.2")),
           (":000A", "TLS_RSA_WITH_3DES_EDE_CBC_SHA", ("tls1.0", "tls1.2")),
           (":0005", "TLS_RSA_WITH_RC4_128_SHA", ("tls1.0", "tls1.2")),
           (":0004", "TLS_RSA_WITH_RC4_128_MD5", ("tls1.0",)),
           (":0041", "TLS_RSA_WITH_CAMELLIA_128_CBC_SHA", ("tls1.0", "tls1.2")),
           (":0096", "TLS_RSA_WITH_SEED_CBC_SHA", ("tls1.0",)),
           (":0009", "TLS_RSA_WITH_DES_CBC_SHA", ("tls1.0",)),
           (":003B", "TLS_RSA_WITH_NULL_SHA256", ("tls1.2",)),
           (":003D", "TLS_RSA_WITH_AES_256_CBC_SHA256", ("tls1.2",)),
           (":009C", "TLS_RSA_WITH_AES_128_GCM_SHA256", ("tls1.2",)),
           (":009D", "TLS_RSA_WITH_AES_256_GCM_SHA384", ("tls1.2",))]
NSS_EPHEMERAL = [(":C014", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", "tls1.0"), (":C013", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "tls1.1"),
                 (":CCA8", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "tls1.2"),
                 (":C030", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "tls1.2"), (":009E", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", "tls1.2")]


class Selfserv(Server):
    """NSS' test server; answers each request with the request."""

    def __init__(self, case, port, key, cert):
        database, bundle = case.work / "nss", case.work / "nss.p12"
        database.mkdir()
        host.run(["openssl", "pkcs12", "-export", "-in", str(cert), "-inkey", str(key), "-name", "server", "-passout", "pass:x",
                  "-out", str(bundle)])
        host.run(["certutil", "-N", "-d", f"sql:{database}", "--empty-password"])
        host.run(["pk12util", "-i", str(bundle), "-d", f"sql:{database}", "-W", "x"])
        every = "".join(number for number, *_ in NSS_RSA + NSS_EPHEMERAL)
        super().__init__(port, ["selfserv", "-n", "server", "-p", str(port), "-d", f"sql:{database}", "-V", "tls1.0:tls1.2",
                                "-H", "1", "-G", "-c", every], case.work / "selfserv.log")


def tstclnt(case, port, version, number, sent, *options):
    """NSS' test client: sends the file, reads until the server closes."""
    path = case.work / "request"
    path.write_bytes(sent)
    done = host.run(["tstclnt", "-h", "127.0.0.1", "-p", str(port), "-D", "-o", "-O", "-V", f"{version}:{version}", "-c", number,
                     "-A", str(path), *options], check=False, timeout=20)
    return Exchange(sent, done.stdout, programs="tstclnt", version=version.replace("tls", "TLS "))


def nss():
    """NSS' tstclnt and selfserv with each other and with OpenSSL's: RSA key exchange opened with the key, (EC)DHE with the key log of
    the OpenSSL program at the other end."""
    with Case("nss") as case:
        host.set_loopback_mtu(16_000)
        key, cert = case.identity()
        files, log = served_files(case), ("-keylogfile", str(case.folder / "keys.log"))
        sent = request("/small.txt")
        with Selfserv(case, 9443, key, cert), \
             OpensslServer(case.work, 4433, key, cert, ["-HTTP", *log], files=files), case.tcpdump(9443, 4433):
            for number, suite, versions in NSS_RSA:
                for version in versions:
                    for options in ((), ("-G",)):
                        case.add(must_answer(tstclnt(case, 9443, version, number, sent, *options), suite), suite=suite)
            for number, suite, version in NSS_EPHEMERAL:
                case.add(must_answer(tstclnt(case, 4433, version, number, sent), suite), suite=suite)
                flag = "-" + version.replace("tls1.0", "tls1").replace(".", "_")
                case.add(must_answer(clients.s_client(case.work, 9443, sent, flag, "-cipher", f"{openssl_name(suite)}:@SECLEVEL=0",
                                                      *log), suite), suite=suite, version=version.replace("tls", "TLS "))
        case.finish("-k", "server.key", "-l", "keys.log")


def must_answer(exchange, suite):
    if not exchange.server.startswith(b"HTTP/1."):
        raise RuntimeError(f"{exchange.programs} {exchange.version} {suite}: {exchange.server!r}")
    return exchange


def openssl_name(suite):
    return next(ours for ours, iana in iana_names().items() if iana == suite)


CASES = {function.__name__: function for function in (keys_formats, nss)}
