"""Keys and certificates, made with the openssl command."""
from . import host


def make_key(path, bits=2048):
    host.run(["openssl", "genrsa", "-out", str(path), str(bits)], timeout=3600)
    path.chmod(0o600)
    return path


def make_ec_key(path):
    host.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", str(path)])
    return path


def self_signed(key, path, subject="/CN=www.example.com", names="DNS:www.example.com,DNS:example.com,IP:127.0.0.1",
                digest="sha256"):
    command = ["openssl", "req", "-new", "-x509", "-key", str(key), "-out", str(path), "-subj", subject,
               "-days", "3650", f"-{digest}"]
    if names:
        command += ["-addext", f"subjectAltName={names}"]
    host.run(command)
    return path


def signed_by(ca_key, ca_cert, key, path, subject, extensions, work):
    """A certificate for `key`, issued by the given authority."""
    request = work / (path.name + ".csr")
    extension_file = work / (path.name + ".ext")
    extension_file.write_text(extensions)
    host.run(["openssl", "req", "-new", "-key", str(key), "-subj", subject, "-out", str(request)])
    host.run(["openssl", "x509", "-req", "-in", str(request), "-CA", str(ca_cert), "-CAkey", str(ca_key),
              "-CAcreateserial", "-days", "3650", "-sha256", "-extfile", str(extension_file), "-out", str(path)])
    return path
