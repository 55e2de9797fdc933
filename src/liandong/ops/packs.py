"""`liandong packs check|load|show`: for the official who keeps a city's lists."""

from pathlib import Path

from liandong.ops.at_hand import with_database
from liandong.packs import load, shipped


def run(act: str, folder: Path | None) -> int:
    """One folder, or all that come with the product. Raises PackInvalid with every bad row."""
    folders = [folder] if folder else list(shipped().values())
    if act == "check":
        from liandong.packs.check import main as check

        return max(check([str(path)]) for path in folders)
    for path in folders:
        if act == "show":
            show(path)
        else:
            publish(path)
    return 0


def show(path: Path) -> None:
    pack = load(path)
    print(f"{pack.city} {pack.id} {pack.version},{pack.effective_on} 起施行")
    for kind in pack.kinds:
        print(f"\n{kind.code} {kind.title}({kind.platform} 受理,{kind.source.clause})")
        for item in kind.items:
            print(f"  {item.code} {item.text}")


def publish(path: Path) -> None:
    load(path)  # said before any database is started
    with with_database():
        from liandong.ops.prepare import publish_pack

        release = publish_pack(path)
    print(f"清单 {release.pack} {release.version} 已发布,{release.effective_on} 起用于新收到的事项。")
