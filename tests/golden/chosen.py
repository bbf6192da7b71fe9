"""What --host, --method, --status, --url, --grep and --connection choose of a case, against what this file finds by the same criteria in the
JSON of the whole run. Nothing of tlspeel's is used for that: URLs are put together anew, Python's expressions stand for RE2's."""
import base64
import collections
import fnmatch
import json
import re

HTTP, WEB_SOCKET, OTHER = "http_message", "websocket_message", ("opaque_data", "clear_text")
# What names a connection of which something was chosen.
OPENING = {"connection_start", "keys_established", "handshake_end", "connection_end"}
WORDS = re.compile(rb"[A-Za-z]{6,}")


# ---- the choices that are tried -----------------------------------------------------------------------------------------------------

def choices(everything):
    """Options, each with one that stands for it here. Some are the same for every case, some are made of what stands in the case."""
    yield {"method": ["get"], "status": ["2xx"]}
    yield {"grep": r"(?i)quick\s+brown|^grpc-status: [1-9]|that is all"}
    yield {"url": r"(?i)\.(html|txt|css)$|/Chat|[?]", "status": ["100-399"]}
    exchanges = exchanges_of(everything)
    if exchanges:
        middle = exchanges[sorted(exchanges)[len(exchanges) // 2]]
        host, target = middle["host"], middle["request"].get("target", "")
        yield {"host": [host.upper(), "*.example.org"]}
        yield {"host": [f"*{without_port(host)[-5:]}"], "grep": word_of(everything)}
        yield {"url": re.escape(target[:40]), "connection": [middle["connection"]]}
    elif any(event["event"] in (*OTHER, WEB_SOCKET) for event in everything):
        yield {"grep": word_of(everything)}
    numbers = sorted({event["connection"] for event in everything if "connection" in event})
    if len(numbers) > 1:
        yield {"connection": numbers[len(numbers) // 2:]}


def options(choice):
    out = []
    for name, value in choice.items():
        if name == "connection":
            value = [f"{value[0]}-{value[-1]}"]
        out += [word for each in (value if isinstance(value, list) else [value]) for word in (f"--{name}", each)]
    return out


def word_of(everything):
    """One that stands in the last content that has any: of a body without its codings, where there is one."""
    found = [WORDS.findall(content_of(event)) for event in everything if event["event"] in (HTTP, WEB_SOCKET, *OTHER)]
    words = next((words for words in reversed(found) if words), [b"nothing"])
    return words[len(words) // 2].decode()


# ---- what they choose ---------------------------------------------------------------------------------------------------------------

def exchanges_of(everything):
    """By connection and number: all that is needed to decide."""
    servers = {event["connection"]: event["server"] for event in everything if event["event"] == "connection_start"}
    names = server_names(everything)
    found = collections.defaultdict(lambda: {"request": {}, "response": {}, "messages": []})
    for event in everything:
        if event["event"] not in (HTTP, WEB_SOCKET) or "exchange" not in event:
            continue
        each = found[event["connection"], event["exchange"]]
        each["messages"].append(event)
        if event["event"] == HTTP and not event.get("interim"):
            each[event["kind"]] = event
    for (connection, _), each in found.items():
        each["connection"] = connection
        each["host"], each["url"] = place_of(each["request"], names.get(connection, ""), servers[connection])
    return dict(found)


def server_names(everything):
    names = {}
    for event in everything:
        if event.get("server_name"):
            names.setdefault(event["connection"], event["server_name"])
    return names


def place_of(request, server_name, server):
    """Host and URL."""
    target = request.get("target", "")
    absolute = re.match(r"[^/?#]+://([^/?#]*)", target)
    if absolute:
        return absolute[1], target
    if request.get("method") == "CONNECT" and target and not target.startswith("/"):
        return target, target
    host = next((field["value"].strip(" \t") for field in request.get("fields", []) if field["name"].lower() == "host"), "")
    if not host:
        address = server["address"]
        host = server_name or (f"[{address}]" if ":" in address else address)
        host += "" if server["port"] == 443 else f":{server['port']}"
    return host, f"https://{host}{'' if target == '*' else target}"


def without_port(host):
    return re.sub(r"^(\[.*\]|[^:]*):[^:\]]*$", r"\1", host)


def takes(choice, each):
    """Whether an exchange is chosen."""
    request, response = each["request"], each["response"]
    of_request = {"method", "host", "url"} & set(choice)
    if of_request and not request or "status" in choice and not response:
        return False
    return number_fits(choice, each["connection"]) and \
        request.get("method", "").lower() in choice.get("method", [request.get("method", "").lower()]) and \
        any(int(low) <= response.get("status", 0) <= int(high) for low, high in map(bounds, choice.get("status", ["0-999"]))) and \
        host_fits(choice, each["host"]) and \
        ("url" not in choice or re.search(choice["url"], each["url"], re.M) is not None) and \
        ("grep" not in choice or any(finds(choice["grep"], message) for message in each["messages"]))


def bounds(status):
    return (f"{status[0]}00", f"{status[0]}99") if status.endswith("xx") else (status.split("-") * 2)[:2]


def number_fits(choice, number):
    return number in choice.get("connection", [number])


def host_fits(choice, host):
    return "host" not in choice or any(fnmatch.fnmatchcase(name.lower(), pattern.lower().replace("[", "[[]")) for pattern in choice["host"]
                                       for name in (host, without_port(host)))


def finds(expression, event):
    pattern = re.compile(expression.encode(), re.M)
    return any(pattern.search(line) for line in head_of(event)) or pattern.search(content_of(event)) is not None


def head_of(event):
    if event["event"] != HTTP:
        return []
    words = (event["method"], event["target"], event["version"]) if event["kind"] == "request" else \
        (event["version"], str(event["status"]), event["reason"])
    fields = [*event["fields"], *event.get("trailers", [])]
    return [" ".join(words).encode(), *(field["name"].encode() + b": " + value_of(field) for field in fields)]


def value_of(field):
    return bytes.fromhex(field["value_hex"]) if "value_hex" in field else field["value"].encode()


def content_of(event):
    """As it was sent, without its codings: the text is UTF-8 in JSON, whatever it was."""
    body = event.get("body", {}) if event["event"] == HTTP else event
    if "body_base64" in body:
        return base64.b64decode(body["body_base64"])
    return body.get("body_text", "").encode(body.get("converted_from", "utf-8"), errors="replace")


# ---- the comparison -----------------------------------------------------------------------------------------------------------------

def expected(everything, choice):
    """The events that are shown of what the connections carried, and the numbers of the connections that are named; None: all."""
    if set(choice) == {"connection"}:
        return [event for event in everything if number_fits(choice, event.get("connection", choice["connection"][0]))], None
    exchanges, names = exchanges_of(everything), server_names(everything)
    chosen = {key for key, each in exchanges.items() if takes(choice, each)}
    shown, web_sockets = [], {}
    for event in everything:
        if event["event"] == HTTP and (event["connection"], event["exchange"]) in chosen:
            shown.append(event)
        elif event["event"] == WEB_SOCKET and (event["connection"], event["exchange"]) in chosen:
            # Those before the one in which it is found are not kept, unless the exchange was chosen by its head.
            key = event["connection"], event["exchange"]
            heads = [each for each in exchanges[key]["messages"] if each["event"] == HTTP]
            web_sockets[key] = web_sockets.get(key) or "grep" not in choice or any(finds(choice["grep"], each) for each in (*heads, event))
            shown += [event] if web_sockets[key] else []
        elif event["event"] in OTHER and "grep" in choice and not {"method", "status", "url"} & set(choice):
            if number_fits(choice, event["connection"]) and host_fits(choice, names.get(event["connection"], "")) and finds(choice["grep"], event):
                shown.append(event)
    return shown, {event["connection"] for event in shown}


def faults_of(everything, choice, shown):
    """Sentences; shown: the events of the run with this choice."""
    wanted, connections = expected(everything, choice)
    if connections is None:
        return connection_faults(wanted, shown) + number_faults(everything, choice, shown)
    carried = [event for event in shown if event["event"] in (HTTP, WEB_SOCKET, *OTHER)]
    faults = [f"chosen, but not expected: {name(event)}" for event in carried if event not in wanted]
    faults += [f"expected, but not chosen: {name(event)}" for event in wanted if event not in carried]
    if not faults and len(carried) != len(wanted):
        faults.append(f"{len(carried)} events instead of {len(wanted)}")
    unwanted = {event["event"] for event in shown if "connection" in event and event not in carried} - OPENING
    named = {event["connection"] for event in shown if event["event"] == "connection_end"}
    faults += [f"also shown: {sorted(unwanted)}"] if unwanted else []
    faults += [f"connections {sorted(named)} are named, not {sorted(connections)}"] if named != connections else []
    count = len({(event["connection"], event["exchange"]) for event in wanted if event["event"] == HTTP})
    told = next((event.get("chosen", {}).get("exchanges") for event in shown if event["event"] == "run_summary"), None)
    return faults + ([] if told == count else [f"{told} requests are said to be chosen, {count} are"])


def connection_faults(wanted, shown):
    """Connections are shown as they are; only the count of outcomes at the end is of them alone."""
    def parts(events):
        return [{key: value for key, value in event.items() if key not in ("outcomes", "chosen_connections")} for event in events]
    outcomes = next(event["outcomes"] for event in shown if event["event"] == "run_summary")
    counted, ended = sum(each["connections"] for each in outcomes), sum(event["event"] == "connection_end" for event in wanted)
    return ([] if parts(shown) == parts(wanted) else [f"{len(shown)} events instead of {len(wanted)}, or others"]) + \
        ([] if counted == ended else [f"{counted} connections are counted, {ended} shown"])


def number_faults(everything, choice, shown):
    numbers = [event["connection"] for event in everything if event["event"] == "connection_start"]
    count = {"connections": sum(number_fits(choice, number) for number in numbers), "of_connections": len(numbers)}
    told = next(event.get("chosen_connections") for event in shown if event["event"] == "run_summary")
    return [] if told == count else [f"{told} is said of the numbers, {count} is so"]


def name(event):
    return json.dumps({key: event[key] for key in ("event", "connection", "exchange", "kind", "method", "target", "status") if key in event})
