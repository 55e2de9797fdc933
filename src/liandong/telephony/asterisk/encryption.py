"""What of Asterisk's configuration encrypts: SIP over TLS, and sound as SRTP with keys that are told over it (SDES, RFC 4568).

A phone or a trunk is encrypted altogether or not at all: what comes in plain where encryption is asked for is refused, not
taken as it is. Pages have their own way (DTLS-SRTP), with or without this.
"""

from liandong.telephony.asterisk.plan import Plan

CERTIFICATE, KEY, AUTHORITY = "phones.crt", "phones.key", "trunk-authority.crt"
ENCRYPTED = "transport=tls\nmedia_encryption=sdes\n"
PLAIN = "transport=udp\n"


def files(plan: Plan) -> dict[str, str]:
    """Certificate and key stand in Asterisk's own folder, whose user may read them there."""
    told = {CERTIFICATE: plan.tls.certificate, KEY: plan.tls.key} if plan.tls else {}
    return told | ({AUTHORITY: plan.authority} if plan.authority else {})


def transport(plan: Plan) -> str:
    """The encrypted way in and out; "" without one."""
    if not plan.tls:
        return ""
    etc = plan.folder / "etc"
    own = f"cert_file={etc}/{CERTIFICATE}\npriv_key_file={etc}/{KEY}\n"
    trusted = f"ca_list_file={etc}/{AUTHORITY}\nverify_server=yes\n" if plan.authority else ""
    return f"[tls]\ntype=transport\nprotocol=tls\nbind={plan.host}:{plan.tls.port}\nmethod=tlsv1_2\n{own}{trusted}"


def of_phones(plan: Plan) -> str:
    # the exchange calls a phone on the connection that the phone has made: nobody can make one to it
    return f"{ENCRYPTED}rewrite_contact=yes\n" if plan.tls else PLAIN


def of_trunk(plan: Plan) -> str:
    return ENCRYPTED if plan.authority else PLAIN


def trunk(plan: Plan) -> str:
    """Where calls go out to; a bare semicolon would begin a comment."""
    host, port = plan.trunk
    return f"sip:{host}:{port}\\;transport=tls" if plan.authority else f"sip:{host}:{port}"
