"""What the settings ask of the exchange's encryption: the port of desk phones with its certificate, and whom the trunk is to be."""

import os
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from liandong.telephony.asterisk.plan import Tls

TLS, CERTIFICATE, KEY, AUTHORITY = (
    "LIANDONG_SIP_TLS",
    "LIANDONG_SIP_CERTIFICATE_FILE",
    "LIANDONG_SIP_KEY_FILE",
    "LIANDONG_TRUNK_AUTHORITY_FILE",
)


def asked() -> tuple[Tls | None, str]:
    """The way of desk phones and the trunk's authorities; None and "" where nothing is asked. Raises Refused with what is missing,
    cannot be read, or does not belong together."""
    from liandong.ops.pbx import ADDRESSES, address

    if not os.environ.get(TLS):
        if os.environ.get(AUTHORITY):
            raise _refused(
                f"设了 {AUTHORITY}，没设 {TLS}。", "外线加密的来电也从那个端口进来，请写上，如 10.1.2.3:5061。"
            )
        return None, ""
    (plain, other), (host, port) = address("LIANDONG_SIP", ADDRESSES["LIANDONG_SIP"]), address(TLS, "")
    if host != plain or port == other:
        raise _refused(f"{TLS} 和 LIANDONG_SIP 对不上。", "请写同一个地址、另一个端口，如 10.1.2.3:5061。")
    certificate, key = _certificates(CERTIFICATE), _read(KEY)
    try:
        ours = load_pem_private_key(key.encode(), None).public_key()
        same = ours == x509.load_pem_x509_certificate(certificate.encode()).public_key()
    except (ValueError, TypeError):
        raise _refused(f"{KEY} 里的私钥读不出来。", "请给一个没有口令的 PEM 私钥。") from None
    if not same:
        raise _refused(f"{KEY} 的私钥和 {CERTIFICATE} 的证书不是一对。", "请换成这张证书的私钥。")
    return Tls(port, certificate, key), _certificates(AUTHORITY) if os.environ.get(AUTHORITY) else ""


def _certificates(name: str) -> str:
    text = _read(name)
    try:
        x509.load_pem_x509_certificates(text.encode())
    except ValueError:
        raise _refused(f"{name} 里没有可用的证书。", "请给 PEM 格式的证书。") from None
    return text


def _read(name: str) -> str:
    path = os.environ.get(name, "")
    try:
        return Path(path).read_text("ascii") if path else _missing(name)
    except (OSError, UnicodeDecodeError):
        raise _refused(f"{name} 读不到。", f"请看 {path} 在不在、能不能读。") from None


def _missing(name: str) -> str:
    raise _refused(f"设了 {TLS}，没设 {name}。", "请写上证书或私钥文件的路径。")


def _refused(what: str, mend: str) -> Exception:
    from liandong.ops.doctor import Finding
    from liandong.ops.prepare import Refused

    return Refused([Finding(what, mend)])
