"""Verifier 核对: 在自己的电脑上重新数一遍。 Counts a vote again, at home, with Python alone.

    python3 表1.zip            在导出的文件里直接运行 inside of the export
    python3 verify.py ledger.jsonl
    python3 verify.py ledger.jsonl --receipt 17 ABCD-EFGH-JKLM

只用 Python 自带的库，不联网，不改任何文件。 Standard library only, no network, nothing is written.
"""

import hashlib
import json
import sys
import zipfile
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

OWN = ("chat", "web")
CHOICES = ("yes", "no", "abstain")
WORDS = {"yes": "赞成 yes", "no": "反对 no", "abstain": "弃权 abstain"}


class Broken(Exception):
    """The ledger was changed, or is not whole."""


def area(text: str) -> int:
    """Hundredths of a square metre."""
    whole, rest = text.split(".")
    if len(rest) != 2:
        raise Broken(f"area {text}")
    return int(whole) * 100 + int(rest)


def written(row: object) -> str:
    """The one way in which a row is written."""
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read(lines: Iterable[str]) -> tuple[list[dict[str, Any]], list[str]]:
    """All rows and their hashes; each hash has to follow from the one before it."""
    rows, heads, head = [], [], "0" * 64
    for number, line in enumerate(lines, 1):
        try:
            found = json.loads(line)
            row = found["row"]
            head = hashlib.sha256(f"{head}\n{written(row)}".encode()).hexdigest()
            is_right = found["hash"] == head and written(found) == line
        except (ValueError, KeyError, TypeError):
            is_right = False
        if not is_right:
            raise Broken(f"第 {number} 行被改过 line {number} was changed")
        rows.append(row)
        heads.append(head)
    return rows, heads


def roll_of(rows: list[dict[str, Any]]) -> dict[int, int]:
    """Number on the roll → area; the roll has to be the one whose fingerprint was published."""
    head = rows[0]
    voters = rows[1 : head["heads"] + 1]
    text = "\n".join(written(row) for row in voters)
    numbers = [row.get("voter") for row in voters if row["kind"] == "voter"]
    areas = {row["voter"]: area(row["area"]) for row in voters}
    if (
        head["kind"] != "open"
        or hashlib.sha256(text.encode()).hexdigest() != head["roll"]
        or numbers != list(range(1, head["heads"] + 1))
        or sum(areas.values()) != area(head["area"])
    ):
        raise Broken("名册和指纹对不上 the roll does not fit its fingerprint")
    return areas


def matters_of(rows: list[dict[str, Any]]) -> int:
    """How many matters are voted on; each has a choice of its own on every ballot."""
    return len(rows[0]["matters"]) if "matters" in rows[0] else 1


def named(rows: list[dict[str, Any]], areas: dict[int, int]) -> dict[int, list[str]]:
    """Number on the roll → choices: the last ballot counts; a paper never overrules an own one."""
    last: dict[int, tuple[str, str]] = {}
    for row in rows:
        if row["kind"] != "ballot":
            continue
        way, before = row["way"], last.get(row["voter"], ("", ""))[1]
        overrules = way in OWN or before in ("", "proxy") or way == before == "paper"
        said = row["choice"].split(",")
        is_said = set(said) <= set(CHOICES) and len(said) == matters_of(rows)
        if row["voter"] not in areas or not is_said or not overrules:
            raise Broken(f"这一票不该计入 this ballot must not count: {written(row)}")
        last[row["voter"]] = (row["choice"], way)
    return {voter: choice.split(",") for voter, (choice, _) in last.items()}


Sums = dict[str, tuple[int, int]]
"""Choice → heads and area."""


def said_sums(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the last row says of each matter."""
    sums = rows[-1]["sums"]
    return list(sums) if "matters" in rows[0] else [sums]


def sums_of(rows: list[dict[str, Any]], areas: dict[int, int]) -> list[Sums]:
    """The sums of each matter."""
    numbers = range(matters_of(rows))
    if rows[0]["secret"]:
        return [secret_sums(rows, areas, n) for n in numbers]
    ballots = named(rows, areas)
    found = []
    for n in numbers:
        of = {c: [v for v, chosen in ballots.items() if chosen[n] == c] for c in CHOICES}
        found.append({c: (len(of[c]), sum(areas[v] for v in of[c])) for c in CHOICES})
    return found


def secret_sums(rows: list[dict[str, Any]], areas: dict[int, int], n: int) -> Sums:
    """The sums of one matter in a secret vote; its ballots lie apart from those of others."""
    present = [row["voter"] for row in rows if row["kind"] == "took_part"]
    papers = [row for row in rows if row["kind"] == "secret" and row.get("matter", 1) == n + 1]
    receipts = [row["receipt"] for row in papers]
    of_all = sum(row["kind"] == "secret" for row in rows)
    said = said_sums(rows)[n]
    sums = {c: (sum(row["choice"] == c for row in papers), area(said[c]["area"])) for c in CHOICES}
    if (
        len(set(present)) != len(present)
        or len(set(receipts)) != len(receipts)
        or len(present) != len(papers)
        or of_all != len(present) * matters_of(rows)
        or sum(part for _, part in sums.values()) != sum(areas[v] for v in present)
    ):
        raise Broken("不记名票和参加名单对不上 ballots do not fit those who took part")
    return sums


def reached(share: str, part: int, whole: int) -> bool:
    """Whether ``part`` of ``whole`` is enough: ``>1/2`` or ``>=2/3``, exactly."""
    if not whole:
        return False
    found, needed = Fraction(part, whole), Fraction(share.lstrip(">="))
    return found >= needed if share.startswith(">=") else found > needed


def judged(head: dict[str, Any], areas: dict[int, int], sums: Sums) -> bool:
    """Whether it passes; tells each share on its way."""
    rule, passes = head["rule"], True
    everybody = (len(areas), sum(areas.values()))
    for i, what in enumerate(("人数 heads", "面积 area")[: 2 if rule["by_area"] else 1]):
        yes, all_here = sums["yes"][i], sum(both[i] for both in sums.values())
        whole = everybody[i] if rule["basis"] == "all" else all_here
        asked = [("同意 approval", rule["approval"], yes, whole)]
        if rule["participation"]:
            asked.append(("参与 turnout", rule["participation"], all_here, everybody[i]))
        for name, share, part, of in asked:
            is_met = reached(share, part, of)
            passes = passes and is_met
            shown = f"{100_000 * part // of / 1000:.3f}%" if of else "0%"
            print(f"  {name} {what}: {part}/{of} = {shown}, {share}: {'✓' if is_met else '✗'}")
    return passes


def verified(lines: Iterable[str]) -> list[dict[str, Any]]:
    """Check everything and tell it.

    Raises:
        Broken: Something does not fit.
    """
    rows, heads = read(lines)
    if not rows or rows[0].get("kind") != "open" or len(rows) <= rows[0]["heads"]:
        raise Broken("没有开头 the opening is missing")
    head, areas = rows[0], roll_of(rows)
    print(f"{head['motion']} {head['title']}（{head['community']}）")
    print(f"名册指纹 roll: {head['roll']}")
    print(f"开始时的链头 head at the opening: {heads[head['heads']]}")
    print(f"最后的链头 last head: {heads[-1]}")
    close = rows[-1]
    if close["kind"] != "close":
        print("表决还没有结束 the vote has not ended")
        return rows
    if close["unopened"]:
        print("票太少，没有开票 too few secret ballots: unopened")
        return rows
    for n, sums in enumerate(sums_of(rows, areas)):
        if "matters" in head:
            print(f"第 {n + 1} 项 matter {n + 1}: {head['matters'][n]['title']}")
        said = close["passes"][n] if "matters" in head else close["passes"]
        check(head, areas, sums, said_sums(rows)[n], passes=said)
    if not head["binding"]:
        print("这是意见征询，不是有约束力的决定 advisory, not binding")
    return rows


def check(
    head: dict[str, Any], areas: dict[int, int], sums: Sums, said: dict[str, Any], *, passes: bool
) -> None:
    """Compare one matter's sums and verdict with what the last row says."""
    for choice, (heads, part) in sums.items():
        print(f"  {WORDS[choice]}: {heads}, {part // 100}.{part % 100:02d} m²")
        if (said[choice]["heads"], area(said[choice]["area"])) != (heads, part):
            raise Broken("合计不对 the sums are wrong")
    if judged(head, areas, sums) != passes:
        raise Broken("结论不对 the verdict is wrong")
    print("结论：通过 passes" if passes else "结论：没有通过 does not pass")


def receipt_found(rows: list[dict[str, Any]], voter: str, code: str) -> str:
    """The choices behind a secret receipt; empty where the ballot is not in the count."""
    plain = "".join(c for c in code.upper() if c.isalnum())
    text = f"{rows[0]['motion']} {rows[0]['roll']} {int(voter)} {plain}"
    several = "matters" in rows[0]
    numbers = [f" {n + 1}" for n in range(matters_of(rows))] if several else [""]
    names = [hashlib.sha256(f"{text}{number}".encode()).hexdigest() for number in numbers]
    said = {row["receipt"]: WORDS[row["choice"]] for row in rows if row["kind"] == "secret"}
    return ", ".join(said.get(name, "") for name in names) if set(names) <= set(said) else ""


def check_names(rows: list[dict[str, Any]], lines: Iterable[str]) -> None:
    """Compare the names that lie beside the rows with the seals in these; there may be none."""
    seals = {row["voter"]: row["who"] for row in rows if row["kind"] == "voter" and "who" in row}
    fits = 0
    for line in lines:
        said = json.loads(line)
        voter = said.pop("voter")
        if hashlib.sha256(written(said).encode()).hexdigest() != seals.get(voter):
            raise Broken(f"第 {voter} 位的门牌和名字对不上 the name of {voter} does not fit")
        fits += 1
    if seals:
        print(
            f"门牌和名字对得上 names that fit: {fits}/{len(seals)}（到期会去掉 taken out in time）"
        )


def beside(ledger: str | None, here: Path) -> tuple[str, str]:
    """The ledger and the names beside it, from a file, out of this zip, or from its folder."""
    if ledger is None and zipfile.is_zipfile(here):
        with zipfile.ZipFile(here) as file:
            parts = [n if n in file.namelist() else "" for n in ("ledger.jsonl", "names.jsonl")]
            text, names = (file.read(n).decode() if n else "" for n in parts)
            return text, names
    path = Path(ledger) if ledger else here.parent / "ledger.jsonl"
    names_path = path.parent / "names.jsonl"
    return path.read_text("utf-8"), names_path.read_text("utf-8") if names_path.exists() else ""


def main() -> int:
    """Run; 0 where everything fits."""
    words = sys.argv[1:]
    asks = words.index("--receipt") if "--receipt" in words else len(words)
    text, names = beside(words[0] if words[:asks] else None, Path(sys.argv[0]))
    try:
        rows = verified(text.removesuffix("\n").split("\n"))
        check_names(rows, names.splitlines())
    except (Broken, KeyError, IndexError, TypeError, ValueError) as broken:
        print(f"✗ 对不上 does not fit: {broken}")
        return 1
    if asks + 2 < len(words):
        found = receipt_found(rows, words[asks + 1], words[asks + 2])
        print(f"您的票 your ballot: {found or '没有找到 not found'}")
        return 0 if found else 1
    print("✓ 每一行都对得上 every row fits")
    print("请把链头和公布栏、群里公布的比一比。 Compare the heads with those that were published.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
