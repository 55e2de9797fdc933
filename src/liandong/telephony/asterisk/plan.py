"""What one exchange is to be: its folder, where it is reached, its phones and lines."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Phone:
    """A phone that may register: its extension and its secret, and that of the phone in its page ("": none)."""

    extension: str
    secret: str
    page: str = ""


@dataclass(frozen=True)
class Tls:
    """How desk phones reach the exchange encrypted: the port beside the plain one, and certificate and key in PEM."""

    port: int
    certificate: str
    key: str


@dataclass(frozen=True)
class Plan:
    """What one exchange is to be. `host`: where phones and the trunk reach it; its REST interface at port `http` speaks
    without encryption and is for this machine alone. `lines`: which extensions ring for a dialled line when no switch
    runs. `trunk` is the other side of the line to the outside, host and port; only from there do calls come in. With `tls` desk
    phones speak encrypted and not otherwise; with `authority` (certificates in PEM) the trunk does, and is who it says. `most`: callers who
    are there at once; further ones are refused (SIP 503). `transfer_key`: a desk phone's own transfer key (REFER) is told to the switch;
    else it does nothing."""

    folder: Path
    modules: Path
    data: Path
    host: str
    http: int
    sip: int
    rtp: tuple[int, int]
    password: str
    phones: tuple[Phone, ...]
    lines: dict[str, tuple[str, ...]]
    trunk: tuple[str, int]
    tls: Tls | None = None
    authority: str = ""
    most: int = 100
    transfer_key: bool = False
