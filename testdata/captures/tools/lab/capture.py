"""tcpdump, started before the first packet and stopped after the last one has been written."""
import re
import signal
import time

from . import host


class Tcpdump(host.Process):
    """Captures into `path` while its `with` block runs; fails when the kernel dropped packets."""

    def __init__(self, path, work, expression="tcp", interface="lo", options=()):
        super().__init__(["tcpdump", "-i", interface, "-s", "0", "-n", "-B", "32768", "--immediate-mode",
                          "-U", "-Z", "root", *options, "-w", str(path), *expression.split()],
                         work / f"tcpdump-{path.name}.log", stop_signal=signal.SIGINT)

    def wait_until_ready(self):
        def listening():
            self.fail_if_ended()
            return "listening on" in self.log()
        host.wait_for(listening, "tcpdump")

    def stop(self):
        time.sleep(0.4)  # the last FIN and ACK are still under way when a client returns
        super().stop()
        dropped = re.search(r"(\d+) packets? dropped by kernel", self.log())
        if dropped and int(dropped.group(1)):
            raise RuntimeError(f"tcpdump lost {dropped.group(1)} packets")


def why_not_permitted(work):
    """None when this process may capture on loopback, else one sentence."""
    probe = Tcpdump(work / "probe.pcap", work)
    try:
        with probe:
            pass
    except (RuntimeError, FileNotFoundError) as error:
        return str(error).strip()
    return None
