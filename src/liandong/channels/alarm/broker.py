"""Reports over MQTT: QoS 1 in a session that the broker keeps, each acknowledged only when it is durable. What came while nobody
of ours listened is brought afterwards; what comes twice is one."""

import paho.mqtt.client as mqtt
from django.conf import settings as node
from django.db import DataError

from liandong.channels import arriving
from liandong.channels.alarm.saying import came, read
from liandong.channels.contract import Away
from liandong.channels.line import Line
from liandong.rules import wording
from liandong.rules.say import Unable

KEEPALIVE = 30


def listen(channel, line: Line) -> None:
    """Until the line stops. Raises Away when the broker is, or refuses us."""
    settings = channel.settings
    secure, host, port = where(settings["broker"])
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=called(channel.city), clean_session=False,
                         manual_ack=True)  # fmt: skip
    if settings["user"]:
        client.username_pw_set(settings["user"], settings["password"])
    if secure:
        client.tls_set()
    told: dict[str, str] = {}

    def connected(_client, _data, _flags, reason, _properties) -> None:
        if reason.is_failure:
            told["refused"] = str(reason)
            return
        client.subscribe(settings["topic"], qos=1)

    def subscribed(_client, _data, _mid, reasons, _properties) -> None:
        """Only now does the broker keep what comes for us."""
        if any(reason.is_failure for reason in reasons):
            told["refused"] = "the broker refuses the topic"
            client.disconnect()
            return
        line.stands(True)

    def message(_client, _data, one: mqtt.MQTTMessage) -> None:
        """Acknowledged when it is durable, taken or refused. Any other fault ends the connection: the broker brings the report
        again, and one that stayed unacknowledged would take a place of the few that may be on their way."""
        heed(channel, line, one.topic, one.payload)
        client.ack(one.mid, one.qos)

    client.on_connect, client.on_subscribe, client.on_message = connected, subscribed, message
    try:
        client.connect(host, port, keepalive=KEEPALIVE)
        while not line.stopping.is_set():
            if (code := client.loop(timeout=0.3)) != mqtt.MQTT_ERR_SUCCESS:
                raise Away(told.get("refused") or mqtt.error_string(code))
            line.tick()
    except OSError as error:
        raise Away(str(error)) from error
    finally:
        client.disconnect()


def heed(channel, line: Line, topic: str, payload: bytes) -> None:
    """One report. The last part of the topic is the device, which the broker lets nobody else write to; what says another
    name, or none that is listed, is refused and shown."""
    name, at = wording.keepable(topic.rpartition("/")[2]), line.now()
    try:
        said = read(payload)
    except ValueError as error:
        arriving.refuse(
            line.name, channel.city, f"unreadable {error}", at=at, line=name, id=f"unreadable {name} {at:%Y%m%d%H%M}"
        )
        return
    device = channel.listed().get(name)
    if device is None or said.device != name:
        reason = "unknown" if device is None else "another"
        arriving.refuse(line.name, channel.city, reason, at=at, line=name, id=f"{reason} {name} {at:%Y%m%d%H}")
        return
    try:
        line.arrive(came(line.name, said, device))
    except (Unable, DataError) as why:
        reason = why.say.code if isinstance(why, Unable) else "unreadable"
        arriving.refuse(line.name, channel.city, reason, at=at, line=name, id=f"{reason} {name} {at:%Y%m%d%H%M}")


def called(city: str) -> str:
    """Our name at the broker, which ends the connection of whoever has the same: that of this node, of two in one city."""
    return f"liandong-{city}-{node.NODE}" if node.NODE else f"liandong-{city}"


def where(broker: str) -> tuple[bool, str, int]:
    """Whether over TLS, host, port: of mqtts://host:8883, mqtt://host or host:port."""
    secure = broker.startswith("mqtts://")
    host, _, port = broker.removeprefix("mqtts://").removeprefix("mqtt://").partition(":")
    return secure, host, int(port or (8883 if secure else 1883))
