"""What is wrong with this installation, and what to do about it: asked at every start and by `liandong doctor`."""

from pathlib import Path

import psycopg
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection

from liandong.ops.finding import Finding
from liandong.ops.postgres_binaries import OLDEST
from liandong.ops.spoken import voice
from liandong.ops.surroundings import surroundings

KEPT = ("fsync", "synchronous_commit", "full_page_writes")
QUIET = {
    "log_min_error_statement": ("panic", "fatal", "log"),
    "log_error_verbosity": ("terse",),
    "log_statement": ("none", "ddl"),
    "log_min_duration_statement": ("-1",),
    "log_min_duration_sample": ("-1",),
    "log_parameter_max_length_on_error": ("0",),
    "auto_explain.log_min_duration": ("-1",),
}
"""Settings under which a server writes down neither statements nor rows: both hold callers' numbers and words."""
PATIENT = 120
"""Seconds that a matter may stay locked by a machine that lost its power."""
SAFE_COMMITS = {"on", "remote_apply", "remote_write", "local"}  # of synchronous_commit: all flush on this machine

FILE_KEY = (
    "请运行 python3 -c 'import secrets; print(secrets.token_urlsafe(50))',存入只有本服务能读的文件,"
    "把文件名写入 LIANDONG_FILE_KEYS_FILE,并另存一份:丢了它,材料就打不开了。"
)


def all_findings() -> list[Finding]:
    """What keeps the product from starting, and what people should mend; asked at every start, before migrations too."""
    return [*setting_findings(), *file_findings(), *database_findings()]


def every_finding() -> list[Finding]:
    """The same, and what surrounds the node: for `liandong doctor`."""
    return [*all_findings(), *voice(), *surroundings()]


def reachable() -> bool:
    try:
        connection.ensure_connection()
    except (DatabaseError, psycopg.Error):
        return False
    return True


def setting_findings() -> list[Finding]:
    """Unsafe settings of production. Reads nothing but settings."""
    if not settings.PRODUCTION:
        return []
    found = []
    try:
        key = settings.SECRET_KEY
    except ImproperlyConfigured:
        key = ""
    how = "请运行 python3 -c 'import secrets; print(secrets.token_urlsafe(50))',把结果存入只有本服务能读的文件,"
    how += "并把文件名写入 LIANDONG_SECRET_KEY_FILE。"
    if not key:
        found.append(Finding("正式运行没有密钥 LIANDONG_SECRET_KEY。", how))
    elif len(key) < 40 or len(set(key)) < 12 or key.startswith("django-insecure-"):
        found.append(Finding("密钥 LIANDONG_SECRET_KEY 太弱(至少 40 个随机字符)。", how))
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        found.append(Finding("没有写明本系统的域名。", "请在 LIANDONG_HOSTS 中写明,多个用逗号隔开,不要用 *。"))
    if settings.METRICS_TOKEN and len(settings.METRICS_TOKEN) < 24:
        mend = "请运行 python3 -c 'import secrets; print(secrets.token_urlsafe(32))',把结果存入 LIANDONG_METRICS_TOKEN_FILE 指的文件。"
        found.append(Finding("监控的口令 LIANDONG_METRICS_TOKEN 太短(至少 24 个随机字符)。", mend))
    if settings.ARI_URL and not settings.LINES_CITY:
        found.append(Finding("设了电话交换机,没有写明是哪个州市的线路。", "请在 LIANDONG_LINES_CITY 中写明六位代码。"))
    if not settings.FILE_KEYS:
        found.append(Finding("正式运行没有材料的密钥 LIANDONG_FILE_KEYS。", FILE_KEY))
    elif any(len(secret) < 40 or len(set(secret)) < 12 for secret in settings.FILE_KEYS):
        found.append(Finding("材料的密钥 LIANDONG_FILE_KEYS 太弱(每个至少 40 个随机字符)。", FILE_KEY))
    return found


def file_findings() -> list[Finding]:
    """Whether files can be written and read again: the folder, its modes, a file sealed and opened for a trial."""
    if not settings.FILE_KEYS:
        return []  # said with the settings
    folder = Path(settings.FILES)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = default_storage.save("doctor/trial", ContentFile(b"trial"))
        with default_storage.open(name) as file:
            same = file.read() == b"trial"
        default_storage.delete(name)
    except OSError as error:
        return [
            Finding(f"材料的文件夹 {folder} 不能写:{error.strerror}。", "请改它的权限,或用 LIANDONG_FILES 指定别处。")
        ]
    if not same:
        return [Finding("材料存进去和读出来不一样。", "请检查磁盘,再运行 liandong doctor。")]
    if folder.stat().st_mode & 0o077:
        return [Finding(f"材料的文件夹 {folder} 别人也能看。", f"请运行 chmod 700 {folder}。", fatal=False)]
    return []


def lost_keys() -> list[Finding]:
    """Files sealed under a secret that is not given any more: nobody can open them until it is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('records_evidencefile') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return []
        cursor.execute("SELECT sealed_under, count(*) FROM records_evidencefile WHERE gone_at IS NULL GROUP BY 1")
        missing = [(key, many) for key, many in cursor.fetchall() if key not in default_storage.known]
    return [Finding(f"有 {many} 份材料的密钥(编号 {key})没有给出,打不开。", "请把旧密钥放回 LIANDONG_FILE_KEYS 的后面。", fatal=False)
            for key, many in missing]  # fmt: skip


_SECRETS = """
    SELECT convert_from(substring(sealed FROM 5 FOR 8), 'LATIN1'), count(*) FROM (
        SELECT sealed FROM records_webhook WHERE state <> 'ended'
        UNION ALL SELECT sealed FROM records_partnerkey WHERE until_at > now()
    ) kept GROUP BY 1
"""


def lost_secrets() -> list[Finding]:
    """Secrets shared with other systems and nodes that are sealed under a file key that is not given any more: nothing can
    be signed with them until it is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('records_webhook') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return []
        cursor.execute(_SECRETS)
        missing = [(key, many) for key, many in cursor.fetchall() if key not in default_storage.known]
    return [Finding(f"有 {many} 个推送或对方平台的密钥封在没有给出的密钥(编号 {key})下面,签不了名。",
                    "请把旧密钥放回 LIANDONG_FILE_KEYS 的后面。", fatal=False) for key, many in missing]  # fmt: skip


def database_findings() -> list[Finding]:
    """The server's version and durability, and demo sign-ins in production. A finding too when it cannot be reached."""
    try:
        with connection.cursor() as cursor:
            version = cursor.connection.info.server_version // 10000
            cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [[*KEPT, *QUIET]])
            kept = dict(cursor.fetchall())
            cursor.execute("SELECT to_regclass('records_person') IS NOT NULL")
            people = cursor.fetchone()[0]
    except (DatabaseError, psycopg.Error) as error:
        first = (str(error).strip() or "?").splitlines()[0]
        return [Finding(f"连不上数据库:{first}", "请检查 DATABASE_URL,或先运行 liandong up。")]
    found = []
    if version < OLDEST:
        found.append(Finding(f"数据库是 PostgreSQL {version},太旧。", f"请升级到 PostgreSQL {OLDEST} 或更新的版本。"))
    for name in KEPT:
        if kept[name] != "on" and not (name == "synchronous_commit" and kept[name] in SAFE_COMMITS):
            mend = f"请以管理员执行:ALTER SYSTEM RESET {name}; ALTER DATABASE … RESET {name}; SELECT pg_reload_conf();"
            found.append(Finding(f"数据库关闭了 {name},断电会丢失已确认的记录。", mend))
    if in_the_clear():
        mend = "请在 DATABASE_URL 末尾加 ?sslmode=verify-full,并给数据库装上证书。"
        found.append(Finding("到数据库的连接经过网络却没有加密,号码和话在路上能被看到。", mend, fatal=False))
    if (seconds := silence()) > PATIENT:
        mend = "请以管理员执行:ALTER SYSTEM SET tcp_keepalives_idle = 10; ALTER SYSTEM SET tcp_keepalives_interval = 5;"
        mend += " ALTER SYSTEM SET tcp_keepalives_count = 3; SELECT pg_reload_conf();"
        found.append(
            Finding(f"一台机器断电后,数据库要 {seconds} 秒才发觉,它正在办的事项这么久没人能动。", mend, fatal=False)
        )
    loud = [f"{name} = {good[0]}" for name, good in QUIET.items() if kept.get(name, good[0]) not in good]
    if loud:
        mend = f"请以管理员执行:{' '.join(f'ALTER SYSTEM SET {one};' for one in loud)} SELECT pg_reload_conf();"
        found.append(Finding("数据库的日志会写下语句,里面有来电人的号码和话。", mend, fatal=False))
    if settings.PRODUCTION and people and demo_people():
        found.append(
            Finding(
                "正式运行的数据库里有演示账号,密码是公开的。",
                "请换一个空的数据库,或用 LIANDONG_MODE=demo 运行演示。",
            )
        )
    return [*found, *lost_keys(), *lost_secrets()]


_CLEAR = """
    SELECT NOT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND inet_server_addr() IS NOT NULL
       AND NOT inet_server_addr() << '127.0.0.0/8' AND inet_server_addr() <> '::1'
"""


def in_the_clear() -> bool:
    """Whether our connection leaves this machine without encryption."""
    with connection.cursor() as cursor:
        cursor.execute(_CLEAR)
        row = cursor.fetchone()
    return bool(row and row[0])


_SILENCE = """
    SELECT current_setting('tcp_keepalives_idle')::int
         + current_setting('tcp_keepalives_interval')::int * current_setting('tcp_keepalives_count')::int
     WHERE inet_server_addr() IS NOT NULL AND inet_server_addr() <> inet_client_addr()
"""


def silence() -> int:
    """Seconds after which the database sees that a machine is gone, and lets go of what it held; 0 where it is this one."""
    with connection.cursor() as cursor:
        cursor.execute(_SILENCE)
        row = cursor.fetchone()
    return row[0] if row else 0


def demo_people() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM records_person WHERE is_demo AND is_active")
        return cursor.fetchone()[0]
