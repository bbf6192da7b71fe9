"""Servers that speak in clear before TLS: mail, databases, chat, proxies; each with a configuration and a root of its own."""
import os
import pathlib
import pwd
import shutil
import signal

from . import host
from .servers import Server

POSTFIX_MAIN = """compatibility_level = 3.6
queue_directory = {root}/queue
data_directory = {root}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
myhostname = mail.example.com
mydestination = mail.example.com
inet_interfaces = loopback-only
alias_maps =
maillog_file = {root}/log/mail.log
maillog_file_prefixes = {root}/log
smtpd_tls_security_level = may
smtpd_tls_chain_files = {root}/identity.pem
smtpd_relay_restrictions = permit_mynetworks, reject
"""
POSTFIX_MASTER = """{port} inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
rewrite unix - - n - - trivial-rewrite
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
anvil unix - - n - 1 anvil
bounce unix - - n - 0 bounce
error unix - - n - - error
proxymap unix - - n - - proxymap
"""


class Postfix(Server):
    def __init__(self, work, port, key, cert):
        root = work / "postfix"
        for name in ("etc", "queue", "data", "log"):
            (root / name).mkdir(parents=True)
        for above in (work, root, root / "log"):
            above.chmod(0o755)
        shutil.chown(root / "data", "postfix")
        (root / "identity.pem").write_bytes(key.read_bytes() + cert.read_bytes())
        (root / "etc" / "main.cf").write_text(POSTFIX_MAIN.format(root=root))
        (root / "etc" / "master.cf").write_text(POSTFIX_MASTER.format(port=port))
        host.run(["postfix", "-c", str(root / "etc"), "check"])
        super().__init__(port, ["/usr/lib/postfix/sbin/master", "-c", str(root / "etc"), "-d"], work / "postfix.log",
                         env={"MAIL_CONFIG": str(root / "etc"), "MAIL_LOGTAG": "postfix"})


DOVECOT = """base_dir = {root}/run
state_dir = {root}/run
log_path = {root}/dovecot.log
protocols = imap pop3 lmtp sieve
ssl = required
ssl_cert = <{cert}
ssl_key = <{key}
disable_plaintext_auth = yes
mail_location = maildir:{root}/mail/%u
default_internal_user = dovecot
default_login_user = dovenull
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid=vmail_uid gid=vmail_gid home={root}/home/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = 143
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    address = 127.0.0.1
    port = 110
  }}
  inet_listener pop3s {{
    port = 0
  }}
}}
service managesieve-login {{
  chroot =
  inet_listener sieve {{
    address = 127.0.0.1
    port = 4190
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = 24
  }}
}}
"""


class Dovecot(Server):
    """IMAP at 143, POP3 at 110, LMTP at 24, ManageSieve at 4190; user and password: ada, secret."""

    def __init__(self, work, key, cert):
        root = work / "dovecot"
        for name in ("run", "mail", "home"):
            (root / name).mkdir(parents=True)
        work.chmod(0o755)
        nobody = pwd.getpwnam("mail")
        for name in ("mail", "home"):
            os.chown(root / name, nobody.pw_uid, nobody.pw_gid)
        text = DOVECOT.format(root=root, key=key, cert=cert)
        text = text.replace("vmail_uid", str(nobody.pw_uid)).replace("vmail_gid", str(nobody.pw_gid))
        text += f"first_valid_uid = {nobody.pw_uid}\n"
        config = root / "dovecot.conf"
        config.write_text(text)
        super().__init__(143, ["dovecot", "-F", "-c", str(config)], work / "dovecot.log")


class Postgres(Server):
    def __init__(self, work, port, key, cert):
        root = work / "postgres"
        program = max(pathlib.Path("/usr/lib/postgresql").iterdir()) / "bin"
        work.chmod(0o755)
        root.mkdir()
        for source, name in ((key, "server.key"), (cert, "server.crt")):
            (root / name).write_bytes(source.read_bytes())
            (root / name).chmod(0o600)
            shutil.chown(root / name, "postgres")
        shutil.chown(root, "postgres")
        data = root / "data"
        host.run(["runuser", "-u", "postgres", "--", str(program / "initdb"), "-D", str(data), "-A", "trust", "-U", "ada",
                  "--no-sync", "--no-locale", "-E", "UTF8"], cwd="/")
        (data / "postgresql.auto.conf").write_text(
            f"port = {port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\nssl = on\n"
            f"ssl_cert_file = '{root}/server.crt'\nssl_key_file = '{root}/server.key'\nfsync = off\n")
        super().__init__(port, ["runuser", "-u", "postgres", "--", str(program / "postgres"), "-D", str(data)],
                         work / "postgres.log", cwd="/")


class MariaDb(Server):
    def __init__(self, work, port, key, cert):
        root = work / "mariadb"
        root.mkdir()
        host.run(["mariadb-install-db", "--no-defaults", f"--datadir={root}/data", "--auth-root-authentication-method=normal",
                  "--user=root", "--skip-test-db"])
        super().__init__(port, ["mariadbd", "--no-defaults", "--user=root", f"--datadir={root}/data", f"--socket={root}/socket",
                                "--bind-address=127.0.0.1", f"--port={port}", f"--ssl-cert={cert}", f"--ssl-key={key}",
                                "--skip-grant-tables", "--skip-networking=0"], work / "mariadb.log")


class Vsftpd(Server):
    def __init__(self, work, port, key, cert):
        root, secure = work / "ftp", work / "empty"
        root.mkdir()
        secure.mkdir()
        (root / "hello.txt").write_bytes(b"It works over FTP, too.\n" * 40)
        work.chmod(0o755)
        config = work / "vsftpd.conf"
        config.write_text(
            f"listen=YES\nlisten_address=127.0.0.1\nlisten_port={port}\nbackground=NO\nanonymous_enable=YES\nno_anon_password=YES\n"
            f"anon_root={root}\nsecure_chroot_dir={secure}\nssl_enable=YES\nallow_anon_ssl=YES\nforce_anon_data_ssl=YES\n"
            f"rsa_cert_file={cert}\nrsa_private_key_file={key}\nrequire_ssl_reuse=NO\nssl_ciphers=HIGH\nseccomp_sandbox=NO\n"
            "pasv_min_port=40000\npasv_max_port=40100\nisolate_network=NO\nxferlog_enable=NO\n")
        super().__init__(port, ["vsftpd", str(config)], work / "vsftpd.log")


SLAPD = """pidfile {root}/slapd.pid
include /etc/ldap/schema/core.schema
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCertificateFile {cert}
TLSCertificateKeyFile {key}
database mdb
suffix "dc=example,dc=com"
rootdn "cn=admin,dc=example,dc=com"
rootpw secret
directory {root}/data
"""


class Slapd(Server):
    def __init__(self, work, port, key, cert):
        root = work / "ldap"
        (root / "data").mkdir(parents=True)
        config = root / "slapd.conf"
        config.write_text(SLAPD.format(root=root, key=key, cert=cert))
        super().__init__(port, ["slapd", "-f", str(config), "-h", f"ldap://127.0.0.1:{port}", "-d", "0"], work / "slapd.log")


class Prosody(Server):
    def __init__(self, work, port, key, cert):
        root = work / "prosody"
        root.mkdir()
        config = root / "prosody.cfg.lua"
        config.write_text(
            f'pidfile = "{root}/pid"; data_path = "{root}"; daemonize = false; run_as_root = true\n'
            'modules_enabled = { "roster", "saslauth", "tls" }\nmodules_disabled = { "s2s" }\n'
            f'c2s_ports = {{ {port} }}; c2s_interfaces = {{ "127.0.0.1" }}\nc2s_require_encryption = true\n'
            f'ssl = {{ key = "{key}"; certificate = "{cert}"; }}\nlog = {{ info = "*console"; }}\n'
            'authentication = "internal_hashed"\nVirtualHost "example.com"\n')
        super().__init__(port, ["prosody", "--config", str(config), "-F"], work / "prosody.log")


HAPROXY = """global
  maxconn 50
defaults
  mode tcp
  timeout connect 5s
  timeout client 20s
  timeout server 20s
listen one
  bind 127.0.0.1:8001
  server origin 127.0.0.1:443 send-proxy
listen two
  bind 127.0.0.1:8002
  server origin 127.0.0.1:443 send-proxy-v2
"""


class Haproxy(Server):
    """Passes TLS through to 127.0.0.1:443 behind a header: port 8001 of version 1, 8002 of version 2."""

    def __init__(self, work):
        config = work / "haproxy.cfg"
        config.write_text(HAPROXY)
        super().__init__(8002, ["haproxy", "-db", "-f", str(config)], work / "haproxy.log")


SQUID = """http_port 127.0.0.1:3128
https_port 127.0.0.1:3129 tls-cert={cert} tls-key={key}
pid_filename {root}/pid
access_log none
cache_log {root}/cache.log
cache deny all
netdb_filename none
http_access allow all
visible_hostname proxy.example.com
cache_effective_user proxy
shutdown_lifetime 1 seconds
forwarded_for delete
via off
pinger_enable off
"""


class Squid(Server):
    """A proxy for CONNECT: in clear at 3128, inside TLS at 3129."""

    def __init__(self, work, key, cert):
        root = work / "squid"
        root.mkdir()
        work.chmod(0o755)
        for source, name in ((key, "proxy.key"), (cert, "proxy.crt")):
            (root / name).write_bytes(source.read_bytes())
            shutil.chown(root / name, "proxy")
        shutil.chown(root, "proxy")
        config = root / "squid.conf"
        config.write_text(SQUID.format(root=root, key=root / "proxy.key", cert=root / "proxy.crt"))
        super().__init__(3129, ["squid", "-N", "-f", str(config)], work / "squid.log")


class Microsocks(Server):
    def __init__(self, work, port):
        super().__init__(port, ["microsocks", "-i", "127.0.0.1", "-p", str(port)], work / "microsocks.log")


class Sshd(Server):
    """Takes whoever has `user`, a key that is made here."""

    def __init__(self, work, port):
        root = work / "ssh"
        root.mkdir()
        for name in ("host", "user"):
            host.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(root / name)])
        pathlib.Path("/run/sshd").mkdir(exist_ok=True)  # where sshd shuts in what it does not trust
        config = root / "sshd_config"
        config.write_text(
            f"ListenAddress 127.0.0.1:{port}\nHostKey {root}/host\nAuthorizedKeysFile {root}/user.pub\nPidFile none\nUsePAM no\n"
            "PasswordAuthentication no\nPermitRootLogin prohibit-password\nStrictModes no\n")
        super().__init__(port, ["/usr/sbin/sshd", "-D", "-e", "-f", str(config)], work / "sshd.log")


class SshProxy(Server):
    """`ssh -D`, a proxy for SOCKS 4, 4a and 5, by way of an Sshd."""

    def __init__(self, work, port, sshd_port):
        root = work / "ssh"
        user = pwd.getpwuid(os.getuid()).pw_name
        super().__init__(port, ["ssh", "-F", "none", "-N", "-D", f"127.0.0.1:{port}", "-p", str(sshd_port), "-i", str(root / "user"),
                                "-o", "StrictHostKeyChecking=no", "-o", f"UserKnownHostsFile={root}/known", f"{user}@127.0.0.1"],
                         work / "ssh.log")


INSPIRCD = """<server name="irc.example.com" description="samples" network="Example">
<admin name="Ada" nick="ada" email="ada@example.com">
<bind address="127.0.0.1" port="{port}" type="clients">
<path configdir="{root}" datadir="{root}" logdir="{root}" moduledir="/usr/lib/inspircd/modules" runtimedir="{root}">
<connect name="all" allow="*" timeout="60" pingfreq="120" resolvehostnames="no" useident="no" localmax="10" globalmax="10">
<module name="ssl_gnutls">
<module name="starttls">
<module name="cap">
<sslprofile name="Clients" provider="gnutls" certfile="{cert}" keyfile="{key}">
"""


class Inspircd(Server):
    """`key_log`: where GnuTLS writes the secrets of all connections. It is killed, as it crashes when it is asked to end."""

    def __init__(self, work, port, key, cert, key_log):
        root = work / "irc"
        root.mkdir()
        config = root / "inspircd.conf"
        config.write_text(INSPIRCD.format(root=root, port=port, key=key, cert=cert))
        super().__init__(port, ["inspircd", "--config", str(config), "--nofork", "--nopid", "--nolog", "--runasroot"],
                         work / "inspircd.log", stop_signal=signal.SIGKILL, env={"SSLKEYLOGFILE": str(key_log)})
