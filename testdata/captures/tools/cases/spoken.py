"""What is no HTTP inside of TLS: Redis and MQTT. The clients speak TLS 1.3 to lab/relay.py, which knows every byte of both directions. The
servers' own TLS 1.2 is met by openssl s_client, and by clients in clear whom socat wraps; what these exchanged was captured before socat."""
import contextlib
import subprocess

from content import noise, text
from lab import capture, clients, host, pcapfile
from lab.case import Case
from lab.exchange import Exchange
from lab.relay import TlsRelay
from lab.servers import Server

from cases.tls13 import log_of, secret_log

# With TLS: of a relay, and the servers' own. In clear: the servers, and socat in front of their TLS.
REDIS, MQTT, OWN_REDIS, OWN_MQTT = 6379, 8883, 6380, 8884
REDIS_IN_CLEAR, MQTT_IN_CLEAR, WRAPPED_REDIS, WRAPPED_MQTT = 6390, 1883, 6391, 1884
RSA = {"version": "TLS 1.2", "suite": "TLS_RSA_WITH_AES_128_GCM_SHA256"}

MOSQUITTO = """user root
allow_anonymous true
persistence false
log_dest stderr
log_type all
listener {clear} 127.0.0.1
listener {tls} 127.0.0.1
keyfile {key}
certfile {cert}
tls_version tlsv1.2
ciphers AES128-GCM-SHA256
"""

# Every type of RESP2; what is stored is text and then is not. An error that a command has, and one that no command is.
COMMANDS = rb"""PING
SET greeting "hello from behind"
GET greeting
GET nothing
INCR counter
INCRBY counter 41
RPUSH list one two three
LRANGE list 0 -1
INCR greeting
NOSUCHCOMMAND
SET blob "\x00\xff\x01\r\n"
GET blob
"""
# Map, set, double and null are of RESP3, which `-3` begins with HELLO 3.
COMMANDS_3 = b"""HSET hash field value
HGETALL hash
SADD set member
SMEMBERS set
ZADD sorted 1.5 member
ZSCORE sorted member
GET nothing
"""


def redis_server(case, key, cert):
    """Without COMMAND, whose description of every command redis-cli asks for: 170 kB, in another order each time."""
    return Server(OWN_REDIS, ["redis-server", "--bind", "127.0.0.1", "--port", str(REDIS_IN_CLEAR), "--tls-port", str(OWN_REDIS), "--save", "",
                              "--dir", str(case.work), "--rename-command", "COMMAND", "", "--tls-key-file", str(key), "--tls-cert-file", str(cert), "--tls-ca-cert-file", str(cert),
                              "--tls-auth-clients", "no", "--tls-protocols", "TLSv1.2 TLSv1.3", "--tls-ciphers", "AES128-GCM-SHA256"],
                  case.work / "redis.log")


def mosquitto(case, key, cert):
    config = case.work / "mosquitto.conf"
    config.write_text(MOSQUITTO.format(clear=MQTT_IN_CLEAR, tls=OWN_MQTT, key=key, cert=cert))
    return Server(OWN_MQTT, ["mosquitto", "-c", str(config)], case.work / "mosquitto.log")


def socat(case, port, target):
    return Server(port, ["socat", f"TCP-LISTEN:{port},bind=127.0.0.1,reuseaddr,fork",
                         f"OPENSSL:127.0.0.1:{target},verify=0,openssl-max-proto-version=TLS1.2"], case.work / f"socat-{port}.log")


class Visit:
    """The clients. `order` is of their connections: port, program."""

    def __init__(self, case, cert, broker):
        self.case, self.cert, self.broker, self.order, self.by_s_client = case, cert, broker, [], []

    def note(self, port, program):
        self.order.append((port, program))
        return f"{program}-{len(self.order)}"

    # ---- Redis

    def redis_cli(self, port, *arguments):
        tls = ["--tls", "--cacert", str(self.cert)] if port == REDIS else []
        return ["redis-cli", "-p", str(port), *tls, *arguments]

    def redis(self, *arguments, port=REDIS, lines=b"", hears=b""):
        self.note(port, "redis-cli")
        printed = host.run(self.redis_cli(port, *arguments), input=lines, timeout=30).stdout
        if hears not in printed:
            raise RuntimeError(f"redis-cli did not print {hears}: {printed}")

    @contextlib.contextmanager
    def subscriber(self, *arguments):
        """Ends by a signal, without a word."""
        log = self.case.work / f"{self.note(REDIS, 'redis-cli')}.log"
        with host.Process(self.redis_cli(REDIS, *arguments), log) as process:
            host.wait_for(lambda: "subscribe" in process.log(), "redis-cli to subscribe")
            yield process

    def s_client(self, *lines):
        """Inline commands: a person at a terminal."""
        self.note(OWN_REDIS, "openssl s_client")
        exchange = clients.s_client(self.case.work, OWN_REDIS, b"".join(line + b"\r\n" for line in lines), "-tls1_3", *log_of(self.case),
                                    permissive=False)
        exchange.version, exchange.suite = "TLS 1.3", "TLS_AES_256_GCM_SHA384"
        self.by_s_client.append(exchange)

    # ---- MQTT

    def mosquitto_client(self, program, port, version, *arguments):
        tls = ["--cafile", str(self.cert), "--insecure"] if port == MQTT else []
        name = self.note(port, program).replace("mosquitto_", "")
        return name, [program, "-h", "127.0.0.1", "-p", str(port), "-i", name, "-V", version, *tls, *arguments]

    def publish(self, version, topic, *arguments, port=MQTT, lines=None):
        _, command = self.mosquitto_client("mosquitto_pub", port, version, "-t", topic, *arguments)
        host.run(command, input=lines, timeout=30)

    @contextlib.contextmanager
    def reader(self, version, *arguments, port=MQTT, killed=False):
        """Begins when it has subscribed, and ends when it has received what -C says, or by being killed."""
        name, command = self.mosquitto_client("mosquitto_sub", port, version, *arguments)
        with open(self.case.work / f"{name}.out", "wb") as out, subprocess.Popen(command, stdout=out) as process:
            try:
                host.wait_for(lambda: f"Sending SUBACK to {name}" in self.broker.log(), "mosquitto_sub to subscribe")
                yield
                if not killed and process.wait(20):
                    raise RuntimeError(f"mosquitto_sub ended with {process.returncode}")
            finally:
                process.kill()

    # ---- what was exchanged

    def add_exchanges(self, relays, clear):
        left = {port: list(relay.exchanges.values()) for port, relay in relays.items()} | {OWN_REDIS: self.by_s_client}
        for number, (_, server) in enumerate(pcapfile.connections(clear, {WRAPPED_REDIS, WRAPPED_MQTT})):
            left.setdefault(server[1], []).append(Exchange(*pcapfile.streams(clear, number), **RSA))
        for port, program in self.order:
            self.case.add(left[port].pop(0), programs=program)


def in_resp(*words):
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)


def commands(visit):
    visit.redis(lines=COMMANDS, hears=b"hello from behind")
    visit.redis("-3", lines=COMMANDS_3, hears=b"value")
    with visit.subscriber("-2", "SUBSCRIBE", "news") as first, visit.subscriber("-3", "SUBSCRIBE", "news") as second:
        visit.redis("PUBLISH", "news", "It works in a channel.", hears=b"2")
        host.wait_for(lambda: all("in a channel" in each.log() for each in (first, second)), "the message in the channel")
    many = [in_resp(b"SET", b"key:%d" % number, b"value %d" % number) for number in range(20)]
    visit.redis("--pipe", lines=b"".join(many), hears=b"replies: 20")
    visit.s_client(b"PING", b"GET greeting", b"QUIT")
    visit.s_client(b"SET inline yes", b"GET inline", b"INCR counter", b"QUIT")
    visit.s_client(b"GET greeting", b"QUIT")
    visit.redis("LRANGE", "list", "0", "-1", port=WRAPPED_REDIS, hears=b"three")


def messages(visit):
    blob = visit.case.work / "blob"
    blob.write_bytes(noise(600, 11))
    with visit.reader("mqttv5", "-q", "2", "-t", "lab/#", "-C", "7"):
        visit.publish("mqttv31", "lab/first", "-m", "hello by MQTT 3.1, kept", "-r")
        visit.publish("mqttv311", "lab/second", "-q", "1", "-l", "-u", "ada", "-P", "secret", lines=b"one\ntwo\nthree\n")
        visit.publish("mqttv5", "lab/third", "-q", "2", "-f", str(blob), "-D", "publish", "user-property", "name", "noise", "-D", "publish",
                      "content-type", "application/octet-stream", "--tls-alpn", "mqtt")
        with visit.reader("mqttv311", "-t", "other", "--will-topic", "lab/will", "--will-payload", "killed", "--will-qos", "1", killed=True):
            pass
        visit.publish("mqttv311", "lab/text", "-m", text(600).decode())
    with visit.reader("mqttv31", "-t", "lab/first", "-C", "1"):
        pass
    with visit.reader("mqttv311", "-t", "lab/+", "-q", "1", "-C", "2", port=WRAPPED_MQTT):
        visit.publish("mqttv5", "lab/own", "-q", "1", "-m", "through the broker's own TLS", port=WRAPPED_MQTT)


def spoken():
    with Case("spoken") as case:
        host.set_loopback_mtu(1500)
        identity, log, clear = case.identity(), secret_log(case), case.work / "clear.pcap"
        with redis_server(case, *identity), mosquitto(case, *identity) as broker, TlsRelay(REDIS, REDIS_IN_CLEAR, *identity, log) as redis_relay, \
             TlsRelay(MQTT, MQTT_IN_CLEAR, *identity, log, alpn="mqtt") as mqtt_relay, socat(case, WRAPPED_REDIS, OWN_REDIS), \
             socat(case, WRAPPED_MQTT, OWN_MQTT), case.tcpdump(REDIS, MQTT, OWN_REDIS, OWN_MQTT), \
             capture.Tcpdump(clear, case.work, f"tcp port {WRAPPED_REDIS} or tcp port {WRAPPED_MQTT}"):
            visit = Visit(case, identity[1], broker)
            commands(visit)
            messages(visit)
        visit.add_exchanges({REDIS: redis_relay, MQTT: mqtt_relay}, clear)
        case.finish("-k", "server.key", "-l", "keys.log")


CASES = {function.__name__: function for function in (spoken,)}
