"""What a mirror port and a wrong clock make of a capture, re-made by script from the real capture tcp_base."""
import remake
from lab import pcapfile
from lab.case import Case

VLAN_TAG = bytes.fromhex("81000005")  # IEEE 802.1Q, VLAN 5
STEP_BACK = 7200  # seconds


def remade(name, change):
    def make():
        with Case(name) as case:
            origin = case.folder.parent / "tcp_base"
            remake.take_over(origin, case.folder)
            link, nanoseconds, packets = pcapfile.read(origin / "capture.pcap")
            pcapfile.write(case.folder / "capture.pcap", link, change(packets), nanoseconds=nanoseconds)
    return make


def doubled(packets):
    """Every packet twice, as when both directions of a switch's port are mirrored: the second copy with a VLAN tag."""
    result = []
    for packet in packets:
        result += [packet, remake.like(packet, packet.data[:12] + VLAN_TAG + packet.data[12:])]
    return result


def stepped_back(packets):
    """The clock is set in the middle of a connection: from there on it shows two hours less."""
    middle = len(packets) // 2
    for packet in packets[middle:]:
        packet.seconds -= STEP_BACK
    return packets


CASES = {"mirror_doubled": remade("mirror_doubled", doubled), "clock_back": remade("clock_back", stepped_back)}
