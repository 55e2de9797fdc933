"""Asterisk's configuration, written anew at every start from what is asked of it. Nobody edits these files.

Only what is named is loaded. `bridge_native_rtp` is not: with it a phone that is moved between bridges just after it was
answered may hear nothing. `res_pjsip_refer` is where it does no harm (`programs.hears_transfer_keys`).
"""

import hashlib
import hmac
import math
import struct
import wave
from pathlib import Path

from liandong.telephony.asterisk import encryption
from liandong.telephony.asterisk.call_records import EVENTS, FIELDS, FILE, FOLDER
from liandong.telephony.asterisk.dialplan import extensions
from liandong.telephony.asterisk.legs import PAGE
from liandong.telephony.asterisk.plan import Plan

MODULES = """
res_timing_timerfd res_pjproject res_sorcery_config res_sorcery_memory res_sorcery_astdb
res_pjsip res_pjsip_session res_pjsip_sdp_rtp res_pjsip_endpoint_identifier_ip res_pjsip_endpoint_identifier_user
res_pjsip_authenticator_digest res_pjsip_outbound_authenticator_digest res_pjsip_registrar res_pjsip_caller_id
res_pjsip_header_funcs res_pjsip_rfc3326 res_pjsip_nat res_pjsip_pubsub res_pjsip_dtmf_info res_pjsip_dlg_options
res_pjsip_path res_pjsip_outbound_registration res_pjsip_transport_websocket chan_pjsip res_rtp_asterisk res_srtp res_crypto
res_http_websocket res_websocket_client res_ari res_ari_model res_ari_channels res_ari_bridges res_ari_events
res_ari_applications res_ari_asterisk res_ari_endpoints res_ari_recordings res_ari_playbacks
res_stasis res_stasis_answer res_stasis_playback res_stasis_recording res_stasis_snoop app_stasis
chan_bridge_media
bridge_simple bridge_softmix bridge_holding res_musiconhold
codec_ulaw codec_alaw codec_resample codec_g722 format_wav format_pcm format_sln
pbx_config app_dial app_stack app_verbose app_echo func_groupcount func_channel func_callerid func_strings func_logic
func_hangupcause
res_cdrel_custom cel_custom
""".split()


TRANSFER_KEY = ("res_pjsip_refer",)


def modules(plan: Plan) -> tuple[str, ...]:
    return (*MODULES, *(TRANSFER_KEY if plan.transfer_key else ()))


def secret_of(key: str, name: str) -> str:
    """The secret of a phone, which follows from the exchange's own: the same at every start."""
    return hmac.new(key.encode(), name.encode(), hashlib.sha256).hexdigest()[:32]


def write(plan: Plan) -> Path:
    """Write every file; returns the one that Asterisk is started with. Existing recordings stay."""
    etc = plan.folder / "etc"
    for name in ("etc", "lib", "lib/keys", "spool", "spool/recording", "log", f"log/{FOLDER}", "run", "music"):
        (plan.folder / name).mkdir(parents=True, exist_ok=True, mode=0o700)
    _music(plan.folder / "music" / "waiting.wav")
    for name, text in files(plan).items():
        (etc / name).write_text(text)
        (etc / name).chmod(0o600)
    return etc / "asterisk.conf"


def files(plan: Plan) -> dict[str, str]:
    at = plan.folder
    empty = "codecs cli cli_aliases manager udptl acl ccss dsp websocket_client features stasis".split()
    return (
        {f"{name}.conf": "" for name in empty}
        | {
            "asterisk.conf": f"""[directories]
astetcdir => {at}/etc
astmoddir => {plan.modules}
astvarlibdir => {at}/lib
astdbdir => {at}/lib
astkeydir => {at}/lib
astdatadir => {plan.data}
astagidir => {at}/lib
astspooldir => {at}/spool
astrundir => {at}/run
astlogdir => {at}/log
astcachedir => {at}/lib
[options]
systemname = liandong
hideconnect = yes
nocolor = yes
""",
            "modules.conf": "[modules]\nautoload=no\n" + "".join(f"load={name}.so\n" for name in modules(plan)),
            "logger.conf": "[general]\ndateformat=%F %T.%3q\n[logfiles]\nconsole => notice,warning,error\n",
            "http.conf": f"[general]\nenabled=yes\nenable_status=yes\nbindaddr=127.0.0.1\nbindport={plan.http}\n"
            "sessionlimit=1000\n",  # each page that is open is one
            "ari.conf": "[general]\nenabled=yes\nwebsocket_write_timeout=1000\n"
            f"[liandong]\ntype=user\nread_only=no\npassword={plan.password}\n",
            "rtp.conf": f"[general]\nrtpstart={plan.rtp[0]}\nrtpend={plan.rtp[1]}\nstrictrtp=yes\n",
            "musiconhold.conf": f"[default]\nmode=files\ndirectory={at}/music\n",
            "cdr.conf": "[general]\nenable=no\n",  # it would keep the number of everybody who called
            "cel.conf": f"[general]\nenable=yes\nevents={','.join(EVENTS)}\n[manager]\nenabled=no\n",
            "cel_custom.conf": f"[mappings]\n{FILE} => {','.join(f'${{CSV_QUOTE({field})}}' for field in FIELDS)}\n",
            "indications.conf": "[general]\ncountry=cn\n[cn]\ndescription=China\nringcadence=1000,4000\ndial=450\n"
            "busy=450/350,0/350\nring=450/1000,0/4000\ncongestion=450/700,0/700\n",
            "pjproject.conf": "[startup]\ntype=startup\nlog_level=0\n",
            "pjsip.conf": _pjsip(plan),
            "extensions.conf": extensions(plan),
        }
        | encryption.files(plan)
    )


def _pjsip(plan: Plan) -> str:
    phones = "".join(
        f"[{p.extension}](phone)\nauth={p.extension}\naors={p.extension}\n"
        f"[{p.extension}](secret)\nusername={p.extension}\npassword={p.secret}\n[{p.extension}](place)\n"
        for p in plan.phones
    ) + "".join(_page(p.extension + PAGE, p.page) for p in plan.phones if p.page)
    return f"""[system]
type=system
[global]
type=global
user_agent=liandong
; a phone that is told nothing of its transfer key would not know that it still has its caller
norefersub=no
endpoint_identifier_order=ip,username
[udp]
type=transport
protocol=udp
bind={plan.host}:{plan.sip}
{encryption.transport(plan)}[page-line]
type=transport
protocol=ws
bind=127.0.0.1
[base](!)
type=endpoint
disallow=all
allow=alaw,ulaw
media_address={plan.host}
bind_rtp_to_media_address=yes
direct_media=no
[phone](!,base)
{encryption.of_phones(plan)}context=from-phone
; a phone whose machine has died says no goodbye: no sound for 8 s
rtp_timeout=8
[page](!)
type=endpoint
transport=page-line
context=from-phone
disallow=all
allow=alaw,ulaw
direct_media=no
; sound is encrypted (DTLS-SRTP) by a certificate made at every start
webrtc=yes
rtp_timeout=8
; only by way of our own process beside the pages, which knows who sits there
deny=0.0.0.0/0.0.0.0
permit=127.0.0.1/255.255.255.255
[secret](!)
type=auth
auth_type=userpass
[place](!)
type=aor
max_contacts=1
remove_existing=yes
; a phone that is gone is forgotten after this. It is not asked meanwhile whether it is there: one that has just
; registered would count as away until it has answered, and a call in that moment would fail
maximum_expiration=300
[carrier](base)
{encryption.of_trunk(plan)}context=from-carrier
; REFER from outside would move our people
allow_transfer=no
aors=carrier
send_pai=yes
trust_id_inbound=yes
[carrier]
type=aor
contact={encryption.trunk(plan)}
[carrier]
type=identify
endpoint=carrier
match={plan.trunk[0]}
{phones}"""


def _page(name: str, secret: str) -> str:
    return f"[{name}](page)\nauth={name}\naors={name}\n[{name}](secret)\nusername={name}\npassword={secret}\n[{name}](place)\n"


def _music(file: Path) -> None:
    """What a waiting caller hears: three soft notes and a pause, so that the line is known to be alive."""
    rate, notes = 8000, (392.0, 493.9, 587.3)
    samples: list[int] = []
    for hertz in notes:
        for i in range(rate * 2 // 3):
            swell = math.sin(math.pi * i / (rate * 2 // 3))
            samples.append(int(3500 * swell * math.sin(2 * math.pi * hertz * i / rate)))
    samples += [0] * rate
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(struct.pack(f"<{len(samples)}h", *samples))
