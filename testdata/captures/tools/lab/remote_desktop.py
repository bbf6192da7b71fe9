"""RDP: xrdp, and FreeRDP's client on a screen of Xvfb that nobody sees."""
import re

from . import host, pcapfile
from .exchange import Exchange
from .servers import Server

XRDP = """[Globals]
ini_version=1
fork=false
port=tcp://127.0.0.1:{port}
security_layer=tls
certificate={cert}
key_file={key}
ssl_protocols=TLSv1.2
tls_ciphers={ciphers}
allow_channels=true
max_bpp=16
ls_top_window_bg_color=009cb5
ls_width=350
ls_height=430
ls_bg_color=dedede
[Logging]
LogFile={root}/xrdp.log
LogLevel=INFO
EnableSyslog=false
[Channels]
rdpdr=true
rdpsnd=true
drdynvc=true
cliprdr=true
[Xorg]
name=Xorg
lib=libxup.so
username=ask
password=ask
ip=127.0.0.1
port=-1
code=20
"""


class Xrdp(Server):
    """Shows where one logs in; no desktop is behind it. RSA key exchange: neither end writes a key log."""

    def __init__(self, work, port, key, cert, ciphers):
        root = work / "xrdp"
        root.mkdir()
        config = root / "xrdp.ini"
        config.write_text(XRDP.format(root=root, port=port, key=key, cert=cert, ciphers=ciphers))
        super().__init__(port, ["xrdp", "--nodaemon", "--config", str(config)], work / "xrdp.log")


class Xvfb(host.Process):
    """A screen; `display` is its number, the first that is free."""

    def __init__(self, work):
        super().__init__(["Xvfb", "-displayfd", "1", "-screen", "0", "640x480x24", "-nolisten", "tcp"], work / "xvfb.log")

    @property
    def display(self):
        found = re.search(r"^(\d+)\n", self.log(), re.M)
        return found and found.group(1)

    def wait_until_ready(self):
        def ready():
            self.fail_if_ended()
            return self.display
        host.wait_for(ready, "Xvfb")


class XFreeRdp(host.Process):
    """Writes what it sends and receives to a capture file of its own: the packets are invented, their payload is the plaintext."""

    def __init__(self, work, screen, port):
        folder = work / "xfreerdp"
        self.packets = folder / "wlog"
        self.packets.mkdir(parents=True)
        super().__init__(["xfreerdp", f"/v:127.0.0.1:{port}", "/sec:tls", "/cert:ignore", "/u:ada", "/size:320x200", "/bpp:16",
                          "/log-level:TRACE"], work / "xfreerdp.log",
                         env={"DISPLAY": f":{screen.display}", "HOME": str(folder), "TMPDIR": str(folder), "WLOG_APPENDER": "CONSOLE"})

    def written(self):
        return next(self.packets.glob("*.pcap"), None)

    def wait_for_picture(self):
        """Until nothing comes any more."""
        sizes = []

        def quiet():
            self.fail_if_ended()
            written = self.written()
            sizes.append(written.stat().st_size if written else 0)
            return sizes[-1] > 30_000 and sizes[-50:] == [sizes[-1]] * 50  # a second
        host.wait_for(quiet, "the picture of a login")

    def exchange(self):
        """Without the connection request and the answer to it, which come before TLS."""
        link, _, packets = pcapfile.read(self.written())
        parts = [pcapfile.segment(packet.data, link) for packet in packets]
        client = parts[0].source
        sides = [[part.frame[part.payload:] for part in parts if (part.source == client) == sent] for sent in (True, False)]
        return Exchange(*(b"".join(side[1:]) for side in sides), programs="xfreerdp, xrdp")
