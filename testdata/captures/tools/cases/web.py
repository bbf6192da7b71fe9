"""Web servers as people run them, with the clients that people use."""
from content import noise, site, text
from lab import clients, host, pki
from lab.case import Case
from lab.servers import Apache, GnutlsServer, Nginx, OpensslServer

HOST = ["--resolve", "www.example.com:443:127.0.0.1"]
URL = "https://www.example.com"

CGI = """#!/bin/sh
printf 'Content-Type: text/plain\\r\\n\\r\\n'
echo "method $REQUEST_METHOD, query $QUERY_STRING"
for line in one two three; do echo "$line"; sleep 0.05; done
if [ "$REQUEST_METHOD" = POST ]; then cat; echo; fi
"""


def fill_apache(documents, scripts):
    site(documents)
    script = scripts / "report"
    script.write_text(CGI)
    script.chmod(0o755)


def fill_nginx(documents, root):
    site(documents)
    (root / "page.txt").write_bytes(text(6000))
    (documents / "big.bin").write_bytes(noise(60_000))


def must_equal(what, counted, exchange):
    """The server's own count against the client's bytes."""
    if counted != (len(exchange.client), len(exchange.server)):
        raise RuntimeError(f"{what} counted {counted}, the client {len(exchange.client), len(exchange.server)}")


def cross_check(case, server, pairs, first=0):
    for exchange, (client, target) in list(zip(case.exchanges, pairs))[first:]:
        if exchange.expected == "opened" and target[1] == server.port:
            must_equal(f"{server.command[0]}, connection of port {client[1]},", server.counted(client[1]), exchange)


def everyday_requests(case, url, curl_options):
    """What apache_rsa shows: one connection each, and one that is kept alive."""
    def get(*arguments):
        case.add(clients.curl(case.work, *curl_options, *arguments))
    get(f"{url}/")
    get(f"{url}/", f"{url}/style.css", "--output", "/dev/null", f"{url}/hello.txt", "--output", "/dev/null")
    get("--data", "name=Ada+Lovelace&topic=analytical%20engine", f"{url}/cgi-bin/report?form=1")
    get("--head", f"{url}/hello.txt")
    get(f"{url}/no-such-page")
    get("--location", f"{url}/old.html")
    get("--raw", f"{url}/cgi-bin/report?chunked=yes")
    get(f"{url}/logo.png")
    get("--user-agent", "a demonstration", "--header", "Cookie: session=0123456789abcdef", f"{url}/page.txt")


def apache_rsa():
    with Case("apache_rsa") as case:
        host.set_loopback_mtu(1500)
        key, cert = case.identity()
        with Apache(case.work, 443, key, cert, fill=fill_apache) as server:
            with case.tcpdump(443):
                everyday_requests(case, URL, HOST)
            cross_check(case, server, case.finish("-k", "server.key"))


def nginx_rsa():
    with Case("nginx_rsa") as case:
        host.set_loopback_mtu(1500)
        key, cert = case.identity()
        upload = case.work / "upload.bin"
        upload.write_bytes(noise(40_000, 3))
        note = case.work / "note.txt"
        note.write_bytes(text(9000))

        def get(*arguments):
            case.add(clients.curl(case.work, *HOST, *arguments))
        with Nginx(case.work, 443, key, cert, echo_port=8081, fill=fill_nginx) as server:
            with case.tcpdump(443):
                get(f"{URL}/")
                get("--header", "Accept-Encoding: gzip", f"{URL}/page.txt")  # gzip, and therefore chunked
                get("--raw", "--header", "Accept-Encoding: gzip", f"{URL}/data.json")
                get("--raw", f"{URL}/chunked")
                get("--range", "100-299", f"{URL}/page.txt")
                get("--range", "0-9,1000-1009", f"{URL}/page.txt")
                get("--header", "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT", f"{URL}/hello.txt")
                get("--form", f"file=@{upload};type=application/octet-stream", "--form", "comment=large",
                    "--header", "Expect: 100-continue", f"{URL}/upload")
                get("--data-binary", f"@{note}", "--header", "Content-Type: text/plain", f"{URL}/upload")
                get("--header", "Transfer-Encoding: chunked", "--data-binary", f"@{note}", f"{URL}/upload")
                get("--request", "DELETE", f"{URL}/hello.txt")
                get(f"{URL}/big.bin")
                pipelined = b"".join(f"GET {path} HTTP/1.1\r\nHost: www.example.com\r\n{last}\r\n".encode() for path, last in (
                    ("/hello.txt", ""), ("/missing", ""), ("/style.css", ""), ("/", "Connection: close\r\n")))
                case.add(clients.s_client(case.work, 443, pipelined, "-tls1_2", "-cipher", "AES256-SHA256",
                                          "-servername", "www.example.com"),
                         version="TLS 1.2", suite="TLS_RSA_WITH_AES_256_CBC_SHA256")
                case.add(clients.wget(case.work, "--ciphers=NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+RSA:-CIPHER-ALL:+AES-128-GCM",
                                      urls=["https://127.0.0.1/hello.txt", "https://127.0.0.1/page.txt"]),
                         version="TLS 1.2", suite="TLS_RSA_WITH_AES_128_GCM_SHA256")
            cross_check(case, server, case.finish("-k", "server.key"))


def cross():
    """Every client against a server of another family, on one capture with several server ports and keys."""
    with Case("cross") as case:
        host.set_loopback_mtu(1500)
        apache_key, apache_cert = case.identity("apache", subject="/CN=apache.example.com", names=None)
        gnutls_key, gnutls_cert = case.identity("gnutls", subject="/CN=gnutls.example.com", names=None)
        openssl_key, openssl_cert = case.identity("openssl", subject="/CN=openssl.example.com", names=None)
        files = case.work / "files"
        files.mkdir()
        site(files)
        page = case.work / "page.bin"
        page.write_bytes(noise(20_000, 9))
        priority = "NORMAL:-VERS-ALL:+VERS-TLS1.2:+VERS-TLS1.1:+VERS-TLS1.0:-KX-ALL:+RSA"
        close = b"Connection: close\r\n\r\n"
        with Apache(case.work, 443, apache_key, apache_cert, fill=fill_apache, extra="SSLProxyEngine off"), \
             GnutlsServer(case.work, 8443, gnutls_key, gnutls_cert, priority, ["--http", "--httpdata", str(page)]), \
             OpensslServer(case.work, 4433, openssl_key, openssl_cert, ["-WWW"], files=files), \
             case.tcpdump(443, 8443, 4433):
            case.add(clients.gnutls_cli(case.work, 443, b"GET /page.txt HTTP/1.1\r\nHost: apache.example.com\r\n" + close,
                                        "NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+RSA:-CIPHER-ALL:+AES-256-CCM-8:+AES-256-CCM"
                                        ":+AES-256-CBC:-MAC-ALL:+SHA256"),
                     version="TLS 1.2", suite="TLS_RSA_WITH_AES_256_CBC_SHA256")
            case.add(clients.s_client(case.work, 8443, b"GET /x HTTP/1.0\r\n\r\n", "-tls1_1", "-cipher", "AES256-SHA"),
                     version="TLS 1.1", suite="TLS_RSA_WITH_AES_256_CBC_SHA")
            case.add(clients.wget(case.work, "--ciphers=NORMAL:-VERS-ALL:+VERS-TLS1.0:-KX-ALL:+RSA:-CIPHER-ALL:+CAMELLIA-128-CBC",
                                  urls=["https://127.0.0.1:4433/page.txt"]),
                     version="TLS 1.0", suite="TLS_RSA_WITH_CAMELLIA_128_CBC_SHA")
            case.add(clients.gnutls_cli(case.work, 4433, b"GET /data.json HTTP/1.0\r\n\r\n",
                                        "NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+RSA:-CIPHER-ALL:+AES-128-CCM-8"),
                     version="TLS 1.2", suite="TLS_RSA_WITH_AES_128_CCM_8")
            case.add(clients.curl(case.work, "--ciphers", "CAMELLIA256-SHA256@SECLEVEL=0",
                                  "--tls-max", "1.2", "https://127.0.0.1:4433/logo.png"))
            case.add(clients.curl(case.work, "--ciphers", "AES128-SHA@SECLEVEL=0", "--tls-max", "1.2",
                                  "https://127.0.0.1:8443/anything"))
        case.finish("-k", "apache.key", "-k", "gnutls.key", "-k", "openssl.key")


def client_cert():
    """RSA key exchange with a client certificate: CertificateRequest, Certificate, CertificateVerify."""
    with Case("client_cert") as case:
        user_key = pki.make_key(case.work / "user.key")
        ca_key = pki.make_key(case.work / "ca.key")
        ca_cert = pki.self_signed(ca_key, case.work / "ca.crt", "/O=Example/CN=Example CA", names=None)
        user = pki.signed_by(ca_key, ca_cert, user_key, case.work / "user.crt", "/CN=Ada Lovelace/emailAddress=ada@example.com",
                             "extendedKeyUsage=clientAuth\n", case.work)
        key, cert = case.identity()
        with Apache(case.work, 443, key, cert, fill=fill_apache,
                    extra=f"SSLVerifyClient optional\nSSLCACertificateFile {ca_cert}\n") as server:
            with case.tcpdump(443):
                case.add(clients.curl(case.work, *HOST, "--cert", str(user), "--key", str(user_key), f"{URL}/"))
                case.add(clients.curl(case.work, *HOST, f"{URL}/hello.txt"))  # asked, but without one
            cross_check(case, server, case.finish("-k", "server.key"))


def renegotiation():
    """Apache asks for a certificate only below /private: a second handshake inside the first one's encryption."""
    with Case("renegotiation") as case:
        key, cert = case.identity()
        extra = """<Location /private>
    SSLVerifyClient optional_no_ca
    SSLVerifyDepth 1
</Location>
Alias /private "{root}/htdocs"
"""
        user_key = pki.make_key(case.work / "user.key")
        user = pki.self_signed(user_key, case.work / "user.crt", "/CN=Ada Lovelace", names=None)
        with Apache(case.work, 443, key, cert, fill=fill_apache, extra=extra) as server:
            with case.tcpdump(443):
                case.add(clients.curl(case.work, *HOST, "--cert", str(user), "--key", str(user_key), "--tls-max", "1.2",
                                      f"{URL}/", f"{URL}/private/hello.txt", "--output", "/dev/null",
                                      f"{URL}/style.css", "--output", "/dev/null"))
            cross_check(case, server, case.finish("-k", "server.key"))


def plain_mixed():
    """Port 80 without TLS beside port 443, in one capture: not everything in a capture is TLS."""
    with Case("plain_mixed") as case:
        key, cert = case.identity()
        extra = """Listen 127.0.0.1:80
<VirtualHost 127.0.0.1:80>
    SSLEngine off
    DocumentRoot "{root}/htdocs"
</VirtualHost>
<VirtualHost 127.0.0.1:443>
    SSLEngine on
    DocumentRoot "{root}/htdocs"
</VirtualHost>
"""
        with Apache(case.work, 443, key, cert, fill=fill_apache, extra=extra), case.tcpdump(80, 443):
            case.add(clients.curl(case.work, "http://127.0.0.1/hello.txt"), expected="closed", reason="not TLS")
            case.add(clients.curl(case.work, *HOST, f"{URL}/hello.txt"))
            case.add(clients.curl(case.work, "http://127.0.0.1/page.txt"), expected="closed", reason="not TLS")
            case.add(clients.curl(case.work, "http://127.0.0.1:443/hello.txt"), expected="closed", reason="not TLS")
        case.finish("-k", "server.key")


def ipv6_odd_port():
    """IPv6, and a port that nobody associates with TLS."""
    with Case("ipv6_odd_port") as case:
        key, cert = case.identity(names="IP:::1")
        files = case.work / "files"
        files.mkdir()
        site(files)
        with OpensslServer(case.work, 6667, key, cert, ["-WWW"], files=files, address="::1"), case.tcpdump(6667):
            case.add(clients.curl(case.work, "--tls-max", "1.2", "--ciphers", "AES256-GCM-SHA384", "https://[::1]:6667/index.html"))
            case.add(clients.s_client(case.work, 6667, b"GET /page.txt HTTP/1.0\r\n\r\n", "-tls1_2", "-cipher", "AES128-SHA256",
                                      address="::1"), version="TLS 1.2", suite="TLS_RSA_WITH_AES_128_CBC_SHA256")
        case.finish("-k", "server.key")


CASES = {function.__name__: function for function in (
    apache_rsa, nginx_rsa, cross, client_cert, renegotiation, plain_mixed, ipv6_odd_port)}
