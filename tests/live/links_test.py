#!/usr/bin/env python3
"""The link types that this machine can give: cooked, raw IP, 802.1Q, 802.1ad."""
import harness
from cases import network

NAMES = ["link_cooked_v1", "link_cooked_v2", "nanoseconds", "link_raw_ip", "link_vlan", "link_qinq"]
NEED_NAMESPACE = NAMES[3:]


if __name__ == "__main__":
    names = NAMES
    if not harness.may_enter_namespace():
        print(f"left out, as network namespaces and tun devices are not permitted here: {', '.join(NEED_NAMESPACE)}", flush=True)
        names = [name for name in NAMES if name not in NEED_NAMESPACE]
    harness.run({name: network.CASES[name] for name in names})
