"""One case of testdata/captures while it is being made."""
import pathlib
import shutil
import tempfile

from . import capture, exchange, pcapfile, pki

ROOT = pathlib.Path(__file__).resolve().parents[2]  # the live tests put another folder here


class Case:
    """Owns the case's folder and a working folder; `finish` pairs what the programs exchanged with the connections."""

    def __init__(self, name):
        self.folder = ROOT / name
        self.work = pathlib.Path(tempfile.mkdtemp(prefix=f"tlspeel-{name}-"))
        self.exchanges, self.kept = [], {}
        self.server_ports = set()
        if self.folder.exists():
            for old in self.folder.iterdir():
                if old.name.endswith(".key") and old.stat().st_size > 6000:
                    self.kept[old.name] = old.read_bytes()  # a key of 8192 or 16384 bits takes long to make
                if old.is_dir():
                    shutil.rmtree(old)
                elif not old.name.startswith("expected"):
                    old.unlink()
        self.folder.mkdir(parents=True, exist_ok=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.work, ignore_errors=True)

    def key(self, name="server.key", bits=2048):
        path = self.folder / name
        if name in self.kept:
            path.write_bytes(self.kept[name])
            path.chmod(0o600)
            return path
        return pki.make_key(path, bits)

    def identity(self, name="server", bits=2048, **certificate):
        """A key that is kept in the case and a self-signed certificate that is not."""
        key = self.key(f"{name}.key", bits)
        return key, pki.self_signed(key, self.work / f"{name}.crt", **certificate)

    def tcpdump(self, *ports, name="capture.pcap", expression=None, **options):
        self.server_ports.update(ports)
        expression = expression or " or ".join(f"tcp port {port}" for port in ports)
        return capture.Tcpdump(self.folder / name, self.work, expression, **options)

    def add(self, exchanges, **fields):
        exchanges = exchanges if isinstance(exchanges, list) else [exchanges]
        for one in exchanges:
            for name, value in fields.items():
                setattr(one, name, value)
            self.exchanges.append(one)
        return exchanges

    def finish(self, *arguments, name="capture.pcap"):
        pairs = pcapfile.connections(self.folder / name, self.server_ports)
        if len(pairs) != len(self.exchanges):
            raise RuntimeError(f"{self.folder.name}: {len(pairs)} connections captured, {len(self.exchanges)} exchanged")
        self.write(arguments, [(one, *map(pcapfile.address, pair)) for one, pair in zip(self.exchanges, pairs)])
        return pairs

    def finish_files(self, *arguments, names):
        """As `finish`, for several files that are one capture; no connection goes on from one into the next."""
        pairs = [pair for name in names for pair in pcapfile.connections(self.folder / name, self.server_ports)]
        if len(pairs) != len(self.exchanges):
            raise RuntimeError(f"{self.folder.name}: {len(pairs)} connections captured, {len(self.exchanges)} exchanged")
        self.write(arguments, [(one, *map(pcapfile.address, pair)) for one, pair in zip(self.exchanges, pairs)])

    def write(self, arguments, rows):
        exchange.write(self.folder, rows)
        (self.folder / "args").write_text("".join(f"{argument}\n" for argument in arguments))
