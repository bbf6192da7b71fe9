"""TLS 1.3 of OpenSSL, opened with the client's key log: every suite and group, HelloRetryRequest, resumption, early data."""
from content import text
from lab import clients, host, pki
from lab.case import Case
from lab.dialogue import Dialogue, TalkingServer
from lab.servers import OpensslServer

from cases.matrix import request, served_files

SUITES = ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_CCM_SHA256",
          "TLS_AES_128_CCM_8_SHA256"]
GROUPS = ["X25519", "P-256", "P-384", "P-521", "X448", "ffdhe2048", "ffdhe3072", "ffdhe4096", "ffdhe6144", "ffdhe8192"]
ALL = ("-tls1_3", "-ciphersuites", ":".join(SUITES), "-groups", ":".join(GROUPS))
AES_128, AES_256, CHACHA = ({"version": "TLS 1.3", "suite": name} for name in SUITES[:3])


def agreed(suite):
    return {"version": "TLS 1.3", "suite": suite}


def secret_log(case, name="keys.log"):
    return case.folder / name


def log_of(case, name="keys.log"):
    """s_client's arguments that write the key log of the case."""
    return "-keylogfile", str(secret_log(case, name))


def finish_with_log(case, *arguments, name="keys.log"):
    return case.finish("-l", name, *arguments)


def other_key(case, algorithm, *options):
    """A certificate of another kind than RSA."""
    key = case.work / "other.key"
    host.run(["openssl", "genpkey", "-algorithm", algorithm, *options, "-out", str(key)])
    certificate = case.work / "other.crt"
    host.run(["openssl", "req", "-new", "-x509", "-key", str(key), "-out", str(certificate), "-subj", "/CN=www.example.com",
              "-days", "3650"])
    return key, certificate


def work_identity(case, name="server"):
    """A key that nobody needs afterwards."""
    key = pki.make_key(case.work / f"{name}.key")
    return key, pki.self_signed(key, case.work / f"{name}.crt")


def must_be_file(exchange, path):
    if exchange.server != path.read_bytes():
        raise RuntimeError(f"the client received other bytes than {path.name} has")
    return exchange


def tls13_openssl():
    """s_server and s_client: every suite of RFC 8446, every group of RFC 7748, SEC 1 and RFC 7919, three kinds of certificates."""
    with Case("tls13_openssl") as case:
        host.set_loopback_mtu(1500)
        files = served_files(case)
        servers = [OpensslServer(case.work, port, *identity, [*ALL, "-HTTP"], files=files) for port, identity in (
            (4433, work_identity(case)), (4434, other_key(case, "EC", "-pkeyopt", "ec_paramgen_curve:P-384")))]
        ed25519 = OpensslServer(case.work, 4435, *other_key(case, "ED25519"), [*ALL, "-HTTP"], files=files)

        def fetch(port, suite, group, name):
            got = clients.s_client(case.work, port, request(f"/{name}"), "-tls1_3", "-ciphersuites", suite, "-groups", group,
                                   *log_of(case))
            case.add(must_be_file(got, files / name), **agreed(suite))
        with servers[0], servers[1], ed25519, case.tcpdump(4433, 4434, 4435):
            for suite in SUITES:
                fetch(4433, suite, "X25519", "large.txt")
            for group in GROUPS[1:]:
                fetch(4433, SUITES[0], group, "small.txt")
            fetch(4434, SUITES[1], "P-384", "large.bin")
            fetch(4435, SUITES[2], "X448", "small.txt")
        finish_with_log(case)


def tls13_retry():
    """HelloRetryRequest: for another group, with the group of a finite field, for a cookie, for both; with a PSK; and with early
    data, which it refuses."""
    with Case("tls13_retry") as case:
        host.set_loopback_mtu(1500)
        files, identity = served_files(case), work_identity(case)
        session = str(case.work / "session.pem")

        def fetch(port, groups, *arguments, suite=SUITES[0]):
            got = clients.s_client(case.work, port, request("/small.txt"), "-tls1_3", "-ciphersuites", suite, "-groups", groups,
                                   *log_of(case), *arguments)
            case.add(must_be_file(got, files / "small.txt"), **agreed(suite))
        with OpensslServer(case.work, 4433, *identity, ["-HTTP", "-groups", "P-256:ffdhe2048"], files=files), \
             OpensslServer(case.work, 4434, *identity, ["-HTTP", "-stateless"], files=files), \
             OpensslServer(case.work, 4435, *identity, ["-HTTP", "-stateless", "-groups", "P-384"], files=files), \
             TalkingServer(case.work, 4436, *identity, ["-early_data", "-groups", "P-256"]) as talking, \
             case.tcpdump(4433, 4434, 4435, 4436):
            fetch(4433, "X25519:P-256")
            fetch(4433, "X25519:ffdhe2048", suite=SUITES[1])
            fetch(4434, "X25519", suite=SUITES[2])
            fetch(4435, "X25519:P-384", suite=SUITES[1])
            for option in ("-sess_out", "-sess_in"):
                fetch(4433, "X25519:P-256", option, session, suite=SUITES[1])
            early_data(case, talking, [(b"", "-sess_out"), (b"refused by HelloRetryRequest\n" * 40, "-sess_in")], taken=False,
                       options=("-groups", "X25519:P-256"))
        finish_with_log(case)


def early_data(case, server, steps, taken, options=(), suite=SUITES[1], **outcome):
    """One connection for each step: (early data, -sess_out or -sess_in). The server prints early data that it takes."""
    session, first = str(case.work / f"early-{server.port}.pem"), case.work / "early.bin"
    for data, option in steps:
        first.write_bytes(data)
        early = ("-early_data", str(first)) if data else ()
        with Dialogue(case.work, server, "-tls1_3", "-ciphersuites", suite, *log_of(case), *options, *early, option, session) as talk:
            if data and taken:
                server.heard(data)
                talk.early(data)
            talk.ask(b"what the client says after the handshake\n" * 3)
            talk.answer(b"and what the server says\n" * 30)
            talk.ask(b"good-bye\n")
        case.add(talk.exchange(), **agreed(suite), **outcome)
        if data and not taken and data in server.log_path.read_bytes():
            raise RuntimeError("early data that should have been refused was taken")


def tls13_early():
    """Early data that s_server takes, one record and several, and early data that it refuses: because it does not want any, and
    because its ticket was used before (anti-replay)."""
    with Case("tls13_early") as case:
        host.set_loopback_mtu(1500)
        identity = work_identity(case)
        with case.tcpdump(4433, 4434, 4435):
            with TalkingServer(case.work, 4433, *identity, [*ALL, "-early_data", "-no_anti_replay", "-max_early_data", "65536",
                                                                  "-recv_max_early_data", "65536"]) as server:
                for suite in SUITES:
                    early_data(case, server, [(b"", "-sess_out"), (b"early bird\n", "-sess_in")], taken=True, suite=suite)
                early_data(case, server, [(text(40_000), "-sess_in")], taken=True, suite=SUITES[4])
            with TalkingServer(case.work, 4434, *identity, ["-early_data"]) as server:
                early_data(case, server, [(b"", "-sess_out"), (text(3000), "-sess_in")], taken=True)
                early_data(case, server, [(text(2000), "-sess_in")], taken=False)  # the same ticket once more
            with TalkingServer(case.work, 4435, *identity, ["-early_data", "-no_anti_replay"]) as server:
                early_data(case, server, [(b"", "-sess_out")], taken=True)
            # Started again without early data and with other ticket keys: both the session and the data are refused.
            with TalkingServer(case.work, 4435, *identity, ["-tls1_3"]) as server:
                early_data(case, server, [(text(2000), "-sess_in")], taken=False)
        finish_with_log(case)


def tls13_resumed():
    """A session used again: with (EC)DHE, by two tickets of one handshake; and without it, where client and server share no group."""
    with Case("tls13_resumed") as case:
        resumptions(case, opened={}, opened_again={})
        finish_with_log(case)


def resumptions(case, opened, opened_again):
    """What the log of the first connections opens of the resumed ones is for the caller to say."""
    host.set_loopback_mtu(1500)
    files, identity = served_files(case), work_identity(case)
    session, log = str(case.work / "session.pem"), log_of(case)
    with OpensslServer(case.work, 4433, *identity, ["-HTTP", "-allow_no_dhe_kex", "-groups", "X25519", *ALL[:3]], files=files), \
         case.tcpdump(4433):
        def fetch(suite, *arguments, path="small.txt", log=log, **outcome):
            got = clients.s_client(case.work, 4433, request(f"/{path}"), "-tls1_3", "-ciphersuites", suite, "-allow_no_dhe_kex",
                                   *log, *arguments)
            case.add(must_be_file(got, files / path), **agreed(suite), **outcome)
        again = log if not opened_again else ()
        for suite in SUITES[:3]:
            fetch(suite, "-sess_out", session, **opened)
            fetch(suite, "-sess_in", session, path="large.txt", log=again, **opened_again)
            fetch(suite, "-sess_out", session)
            fetch(suite, "-sess_in", session, "-groups", "P-256", log=again, **opened_again)  # psk_ke


CASES = {function.__name__: function for function in (tls13_openssl, tls13_retry, tls13_early, tls13_resumed)}
