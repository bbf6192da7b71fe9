"""Real servers with a configuration and a root of their own in a working folder."""
import re
import shutil
import signal

from . import host

# Without this file the distribution's openssl.cnf forbids what was ordinary a few years ago.
OPENSSL_CONFIG = """openssl_conf = defaults
[defaults]
ssl_conf = ssl
providers = providers
[providers]
default = yes_please
legacy = yes_please
[yes_please]
activate = 1
[ssl]
system_default = permissive
[permissive]
MinProtocol = TLSv1
CipherString = ALL:COMPLEMENTOFALL:eNULL:@SECLEVEL=0
{options}
"""


def openssl_environment(work, extended_master_secret=True):
    path = work / ("openssl.cnf" if extended_master_secret else "openssl-no-ems.cnf")
    path.write_text(OPENSSL_CONFIG.format(options="" if extended_master_secret else "Options = -ExtendedMasterSecret"))
    return {"OPENSSL_CONF": str(path)}


class Server(host.Process):
    def __init__(self, port, *args, **options):
        super().__init__(*args, **options)
        self.port = port

    def wait_until_ready(self):
        def listening():
            self.fail_if_ended()
            return host.is_listening(self.port, self.process.pid)
        host.wait_for(listening, self.command[0])


class OpensslServer(Server):
    """openssl s_server; `files` is the folder that -HTTP or -WWW serves."""

    def __init__(self, work, port, key, cert, arguments=(), files=None, extended_master_secret=True, address="127.0.0.1",
                 permissive=True, prefix=(), stdin=None):
        where = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
        super().__init__(port, [*prefix, "openssl", "s_server", "-accept", where, "-key", str(key), "-cert", str(cert), *arguments],
                         work / f"s_server-{port}.log", cwd=files, stdin=stdin,
                         env=openssl_environment(work, extended_master_secret) if permissive else None)


class GnutlsServer(Server):
    def __init__(self, work, port, key, cert, priority, arguments=("--echo",), env=None):
        super().__init__(port, ["gnutls-serv", "--port", str(port), "--x509keyfile", str(key), "--x509certfile", str(cert),
                                "--priority", priority, *arguments], work / f"gnutls-serv-{port}.log", env=env)


class GnutlsRawKeyServer(Server):
    """gnutls-serv without any certificate; key: its options for a raw public key."""

    def __init__(self, work, port, key, priority, arguments):
        super().__init__(port, ["gnutls-serv", "--port", str(port), *key, "--priority", priority, *arguments],
                         work / f"gnutls-serv-{port}.log")


APACHE_MODULES = ["mpm_event", "authz_core", "mime", "dir", "alias", "setenvif", "headers", "cgid", "deflate", "dumpio",
                  "ssl", "auth_basic", "authn_core", "authn_file", "authz_user"]

APACHE_CONFIG = """ServerRoot "{root}"
PidFile "{root}/httpd.pid"
DefaultRuntimeDir "{root}"
ScriptSock "{root}/cgid.sock"
ServerName www.example.com
User www-data
Group www-data
{modules}
TypesConfig /etc/mime.types
{listen}
ErrorLog "{root}/error.log"
# mod_dumpio writes down what goes through the server's own end of each TLS connection: the second witness.
LogLevel warn dumpio:trace7
DumpIOInput On
DumpIOOutput On
DocumentRoot "{root}/htdocs"
DirectoryIndex index.html
<Directory "{root}/htdocs">
    Require all granted
</Directory>
ScriptAlias /cgi-bin/ "{root}/cgi-bin/"
<Directory "{root}/cgi-bin">
    Require all granted
</Directory>
Redirect 302 /old.html /index.html

SSLEngine on
SSLCertificateFile "{cert}"
SSLCertificateKeyFile "{key}"
SSLProtocol {protocol}
SSLCipherSuite {suites}
SSLSessionCache none
SSLSessionTickets off
{extra}
"""


class Apache(Server):
    """Apache httpd as a person sets it up who wants to be able to open the traffic with the RSA key alone."""

    def __init__(self, work, port, key, cert, protocol="all -SSLv3 -TLSv1.3", suites="kRSA", extra="", listen=None, fill=None,
                 env=None):
        root = work / f"apache-{port}"
        shutil.rmtree(root, ignore_errors=True)
        (root / "htdocs").mkdir(parents=True)
        (root / "cgi-bin").mkdir()
        fill(root / "htdocs", root / "cgi-bin")
        modules = "\n".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so" for name in APACHE_MODULES)
        (root / "httpd.conf").write_text(APACHE_CONFIG.format(
            root=root, modules=modules, listen=listen or f"Listen 127.0.0.1:{port}", key=key, cert=cert, protocol=protocol,
            suites=suites, extra=extra.format(root=root)))
        for folder in (work, root):
            folder.chmod(0o755)
        self.root = root
        super().__init__(port, ["apache2", "-d", str(root), "-f", str(root / "httpd.conf"), "-DFOREGROUND"],
                         work / f"apache-{port}.log", env=env)

    def counted(self, client_port):
        """(bytes from the client, bytes to the client) as mod_dumpio saw them inside TLS."""
        totals = {"in": 0, "out": 0}
        speculative = False
        for line in (self.root / "error.log").read_text(errors="replace").splitlines():
            if f":{client_port}] mod_dumpio" not in line:
                continue
            mode = re.search(r"dumpio_in \[(\w+)-", line)
            if mode:
                speculative = mode.group(1) == "speculative"
            bucket = re.search(r"dumpio_(in|out) \(data-\w+\): (\d+) bytes", line)
            if bucket and not (bucket.group(1) == "in" and speculative):
                totals[bucket.group(1)] += int(bucket.group(2))
        return totals["in"], totals["out"]


NGINX_CONFIG = """daemon off;
worker_processes 1;
user www-data;
pid {root}/nginx.pid;
error_log {root}/error.log info;
events {{ worker_connections 64; }}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    # What nginx says about each request, inside TLS: the second witness.
    log_format witness '$remote_port $request_length $bytes_sent $ssl_protocol $ssl_cipher $status';
    access_log {root}/access.log witness;
    client_body_temp_path {root}/body; proxy_temp_path {root}/proxy; fastcgi_temp_path {root}/fastcgi;
    uwsgi_temp_path {root}/uwsgi; scgi_temp_path {root}/scgi;
    client_max_body_size 8m;
    server {{
        listen {listen};
        server_name www.example.com;
        ssl_certificate {cert};
        ssl_certificate_key {key};
        ssl_protocols {protocols};
        ssl_ciphers {suites};
        {sessions}
        root {root}/htdocs;
        gzip on;
        gzip_types text/plain text/css application/json;
        gzip_min_length 100;
        location = /upload {{ proxy_pass http://127.0.0.1:{echo_port}/; proxy_http_version 1.1; }}
        location = /chunked {{ proxy_pass http://127.0.0.1:{echo_port}/chunked; proxy_http_version 1.1; proxy_buffering off; }}
        {extra}
    }}
    server {{
        # Answers an upload with its size; it stands behind TLS, so that nginx reads the body first.
        listen 127.0.0.1:{echo_port};
        access_log off;
        gzip on; gzip_min_length 1;
        location / {{ return 200 "received: $content_length bytes\\n"; }}
        location = /chunked {{ root {root}; try_files /page.txt =404; gzip on; gzip_types text/plain; gzip_proxied any; }}
    }}
}}
"""


class Nginx(Server):
    def __init__(self, work, port, key, cert, echo_port, suites="kRSA", extra="", fill=None,
                 sessions="ssl_session_cache off; ssl_session_tickets off;", protocols="TLSv1 TLSv1.1 TLSv1.2",
                 listen_as="ssl"):
        root = work / f"nginx-{port}"
        shutil.rmtree(root, ignore_errors=True)  # of a server that is started again with another configuration
        (root / "htdocs").mkdir(parents=True)
        fill(root / "htdocs", root)
        for folder in (work, root):
            folder.chmod(0o755)
        (root / "nginx.conf").write_text(NGINX_CONFIG.format(root=root, listen=f"127.0.0.1:{port} {listen_as}", cert=cert, key=key,
                                                             suites=suites, echo_port=echo_port, extra=extra, sessions=sessions,
                                                             protocols=protocols))
        self.root = root
        super().__init__(port, ["nginx", "-p", str(root), "-c", str(root / "nginx.conf")], work / f"nginx-{port}.log",
                         stop_signal=signal.SIGTERM)

    def counted(self, client_port):
        """(bytes from the client, bytes to the client) in the access log."""
        rows = [line.split() for line in (self.root / "access.log").read_text().splitlines()]
        rows = [row for row in rows if row[0] == str(client_port)]
        return sum(int(row[1]) for row in rows), sum(int(row[2]) for row in rows)


class Nghttpd(Server):
    """nghttpd, of nghttp2: HTTP/2 and nothing else. Without a key it speaks in clear."""

    def __init__(self, work, port, key=None, cert=None, arguments=(), files=None):
        tls = [str(key), str(cert)] if key else []
        super().__init__(port, ["nghttpd", "--address=127.0.0.1", f"--htdocs={files}", *([] if key else ["--no-tls"]), *arguments,
                                str(port), *tls], work / f"nghttpd-{port}.log")


def have(name):
    return shutil.which(name, path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin") is not None
