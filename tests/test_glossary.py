from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from lockdesk.doctrine import doctrine
from lockdesk.errors import ContentError
from lockdesk.glossary import Avoid, Glossary, Term, Theme, avoided_in, faults_of, read_glossary
from lockdesk.lint import prose_faults, word_faults
from lockdesk.text import Text


def term(en: str = "Acquirer", zh: str = "收单机构", **more: Any) -> Term:
    fields: dict[str, Any] = {"theme": "parties", "lessons": ("01-what-is-locked",), "source": "domain D4"}
    return Term(term=Text(en, zh), meaning=Text("It signs the merchant.", "与商户签约。"), **fields | more)


def glossary(*terms: Term, themes: tuple[str, ...] = ("parties",), avoid: tuple[Avoid, ...] = ()) -> Glossary:
    return Glossary(themes=tuple(Theme(id=name, name=name) for name in themes), terms=terms, avoid=avoid)


AVOID = glossary(
    term(),
    avoid=(
        Avoid(words=("破解", "收单行"), use="恢复服务", why="It names the breaking of a protection."),
        Avoid(words=("crack", "cracked"), use="restore", why="As above.", allowed=("cracked glass",)),
    ),
)


def faults(*terms: Term, themes: tuple[str, ...] = ("parties",)) -> str:
    return "\n".join(map(str, faults_of(glossary(*terms, themes=themes), doctrine(), "glossary.toml")))


def test_a_good_glossary_has_no_fault() -> None:
    assert faults(term(), term("Issuer", "发卡机构 / 发卡行", mark="issuer")) == ""


@pytest.mark.parametrize(
    ("terms", "themes", "said"),
    [
        ([term(), term("Clearing", "收单机构")], ["parties"], "term '收单机构': stands 2 times (zh)"),
        ([term(), term("x / acquirer", "甲 / 乙")], ["parties"], "term 'acquirer': stands 2 times (en)"),
        ([term(theme="no-such")], ["parties"], "theme: 'no-such' is none of parties"),
        ([term()], ["parties", "empty"], "theme 'empty': stands 1 times; wanted: once, with a term below it"),
        ([term()], ["parties", "parties"], "theme 'parties': stands 2 times"),
        ([term(lessons=())], ["parties"], "lessons: is empty"),
        ([term(mark="L99")], ["parties"], "mark: the doctrine has no 'L99'"),
        ([term("Acquirer", "收单银行")], ["parties"], "is '收单银行', but acquirer of the doctrine is '收单机构'"),
        ([term("Processor", "收单机构")], ["parties"], "is 'Processor', but acquirer of the doctrine is 'Acquirer'"),
        ([term("Location lock", "位置锁定", mark="L9")], ["parties"], "is '位置锁定', but L9 of the doctrine is '移机锁机'"),
        ([term("Password", "操作员密码", mark="L1")], ["parties"], "is 'Password', but L1 of the doctrine"),
    ],
)
def test_what_contradicts_itself_or_the_doctrine_is_a_fault(terms: list[Term], themes: list[str], said: str) -> None:
    assert said in faults(*terms, themes=tuple(themes))


def test_a_part_of_the_doctrines_name_is_the_same_name() -> None:
    assert faults(term("Arrears lock", "欠费锁机", mark="L8"), term("Refund password", "退货密码", mark="L2")) == ""


@pytest.mark.parametrize(
    ("missing", "where"),
    [('term.zh = "收单机构"', "term.zh"), ('meaning.en = "It signs."', "meaning.en"), ('source = "domain D4"', "source")],
)
def test_every_field_is_needed_in_both_languages(tmp_path: Path, missing: str, where: str) -> None:
    text = (
        '[[theme]]\nid = "parties"\nname = "各方"\n[[term]]\nterm.en = "Acquirer"\nterm.zh = "收单机构"\nmeaning.en = "It signs."\n'
        'meaning.zh = "签约。"\ntheme = "parties"\nlessons = ["01-what-is-locked"]\nsource = "domain D4"\n'
    )
    (tmp_path / "glossary.toml").write_text(text, "utf-8")
    assert read_glossary(tmp_path / "glossary.toml").terms[0].term.zh == "收单机构"

    (tmp_path / "glossary.toml").write_text(text.replace(missing, ""), "utf-8")

    with pytest.raises(ContentError, match=where):
        read_glossary(tmp_path / "glossary.toml")


def test_a_field_nobody_knows_is_refused(tmp_path: Path) -> None:
    (tmp_path / "glossary.toml").write_text("theme = []\nterm = []\nforbid = []\n", "utf-8")

    with pytest.raises(ContentError, match="forbid"):
        read_glossary(tmp_path / "glossary.toml")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("教您破解密码", ["破解"]),
        ("向收单行查询", ["收单行"]),
        ("他问：“能破解吗？”", []),
        ("“能\n破解吗？”她说", []),
        ("“喂？”她要破解。“对。”", ["破解"]),
        ("引号没有关上：“破解", ["破解"]),
        ("Crack the code", ["Crack"]),
        ("用 crack 软件", ["crack"]),
        ("He says “crack it”.", []),
        ("a cracked glass", []),
        ("a cracked glass and a cracked password", ["cracked"]),
        ("crackers for lunch", []),
        ("收单机构", []),
    ],
)
def test_a_word_that_the_course_does_not_use_is_found_unless_somebody_is_quoted(text: str, found: list[str]) -> None:
    assert [word for word, _ in avoided_in(text, AVOID)] == found


def test_a_fault_of_a_word_says_what_to_write_and_why() -> None:
    (fault,) = prose_faults("去破解", "notebooks/zh/x.ipynb, cell 'a'", AVOID)

    assert str(fault) == "notebooks/zh/x.ipynb, cell 'a': '破解' outside “ ”; wanted: 恢复服务. It names the breaking of a protection."


def test_words_are_looked_for_in_every_text_of_both_languages() -> None:
    class Holder(msgspec.Struct):
        key: str
        rows: list[Text]

    found = [str(fault) for fault in word_faults(Holder("x", [Text("Fine.", "破解"), Text("crack it", "好")]), "file", AVOID)]

    assert len(found) == 2
    assert all(fault.startswith("file 'x', rows: ") for fault in found)
