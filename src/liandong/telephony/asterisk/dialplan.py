"""The dialplan: where a call goes while a switch runs, and while none does."""

from liandong.telephony.asterisk.call_records import MISSED
from liandong.telephony.asterisk.legs import PAGE
from liandong.telephony.asterisk.plan import Plan

WAITS_FOR_SWITCH = 8
"""Half seconds a new call rings on while no switch holds the exchange; then phones of its line ring directly."""

LIFTED_WAITS = 20
"""Half seconds a phone that was lifted meanwhile waits for a switch, before it is let go."""


CONGESTED = 42
"""Cause of Q.850 that is told a caller's network as 503 (RFC 3398)."""


FIRST = ("110", "119", "120", "122")
"""Lines that are called in danger: a fifth of the places is theirs alone."""


def extensions(plan: Plan) -> str:
    """A call goes to the switch; one more than the exchange can carry is refused, for it would take the sound from those who talk, and
    the network can send it elsewhere or say that all lines are busy. While no switch runs it rings on; a switch that begins takes it
    up. After that the phones of its line ring by themselves, so that nobody who calls for help hears nothing."""
    others = max(1, plan.most * 4 // 5)
    paged = {p.extension for p in plan.phones if p.page}
    both = {name: [name, name + PAGE] if name in paged else [name] for rung in plan.lines.values() for name in rung}
    direct = "".join(
        f"exten => {line},1,Dial({'&'.join(f'PJSIP/{name}' for e in rung for name in both[e])},60,b(ours^s^1))\n same => n,Hangup()\n"
        for line, rung in plan.lines.items()
        if rung
    )
    return f"""[general]
static=yes
[from-carrier]
exten => _X.,1,Set(tries=0)
 same => n,Set(GROUP()=callers)
 same => n,Set(most=${{IF($[{" | ".join(f'"${{EXTEN}}"="{line}"' for line in FIRST)}]?{plan.most}:{others})}})
 same => n,GotoIf($[${{GROUP_COUNT(callers)}}>${{most}}]?full)
 same => n,Set(CHANNEL(userfield)={MISSED} ${{FILTER(0-9+,${{CALLERID(num)}})}})
 same => n,Ringing()
 same => n(again),Stasis(liandong,in)
 same => n,GotoIf($["${{STASISSTATUS}}"!="FAILED"]?over)
 same => n,Set(tries=$[${{tries}}+1])
 same => n,Wait(0.5)
 same => n,GotoIf($[${{tries}}<{WAITS_FOR_SWITCH}]?again)
 same => n,Goto(direct,${{EXTEN}},1)
 same => n(over),Hangup()
 same => n(full),Log(WARNING,${{most}} callers are there: one more for ${{EXTEN}} was refused)
 same => n,Hangup({CONGESTED})
[leg]
exten => s,1,Set(tries=0)
 same => n(again),Stasis(liandong,leg)
 same => n,GotoIf($["${{STASISSTATUS}}"!="FAILED"]?over)
 same => n,Set(tries=$[${{tries}}+1])
 same => n,Wait(0.5)
 same => n,GotoIf($[${{tries}}<{LIFTED_WAITS}]?again)
 same => n(over),Hangup()
[ours]
; a phone's own transfer key moves nobody, also while no switch hears of it: Asterisk would send the caller to where phones dial
exten => s,1,Set(PJSIP_TRANSFER_HANDLING()=ari-only)
 same => n,Return()
[direct]
{direct}exten => _X.,1,Congestion(5)
[from-phone]
exten => _X.,1,Congestion(3)
"""
