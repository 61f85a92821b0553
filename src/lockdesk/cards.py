"""Two printed cards of one A4 page each, for the desk and for the merchant, as HTML that needs nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Final

import msgspec

from . import __version__
from .bank import read_toml, spoken
from .doctrine import Doctrine
from .lookup import Lookup, Step
from .text import HTML_LANG, LANGS, Lang, Text
from .typed import convert


class _Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    pass


class DeskCard(_Value, frozen=True, kw_only=True):
    """The headings of the desk's card, and what must never be done."""

    title: Text
    lead: Text
    steps: Text
    questions: Text
    levels: Text
    ladder: Text
    gates: Text
    never: Text
    foot: Text
    nevers: tuple[Text, ...]


class MerchantCard(_Value, frozen=True, kw_only=True):
    """All that the merchant's card says."""

    title: Text
    lead: Text
    before: Text
    ask: Text
    report: Text
    meanwhile: Text
    number: Text
    foot: Text
    lines: tuple[Text, ...]
    asks: tuple[Text, ...]
    reports: tuple[Text, ...]
    meanwhiles: tuple[Text, ...]


class Cards(_Value, frozen=True, kw_only=True):
    """Both cards."""

    desk: DeskCard
    merchant: MerchantCard


def read_cards(path: Path) -> Cards:
    """The words of the cards at `path`.

    Raises:
        ContentError: they cannot be read.
    """
    where = spoken(path)
    return convert(read_toml(path, where), Cards, where)


def card_files(cards: Cards, lookup: Lookup, doctrine: Doctrine) -> dict[str, str]:
    """Every card as a page, by its path below notebooks/."""
    pages = {}
    for lang in LANGS:
        pages[f"{lang}/card-desk.html"] = desk_card(cards.desk, lookup, doctrine, lang)
        pages[f"{lang}/card-merchant.html"] = merchant_card(cards.merchant, lang)
    return pages


def desk_card(card: DeskCard, lookup: Lookup, doctrine: Doctrine, lang: Lang) -> str:
    """Seven steps, the questions of triage, levels, ladder, gates, and what never to do."""
    left = [
        _section(card.steps[lang], "ol", [step.name[lang] for step in doctrine.spine]),
        _section(card.never[lang], "ul", [one[lang] for one in card.nevers], "never"),
    ]
    right = [_section(card.questions[lang], "ol", [f"{step.short[lang]} {_classes(step, lang)}" for step in lookup.steps])]
    levels = _marked(card.levels[lang], [(level.mark, level.name[lang], level.needed_for[lang]) for level in doctrine.levels])
    ladder = _marked(card.ladder[lang], [(option.mark, option.name[lang], option.authority[lang]) for option in doctrine.options])
    gates = _marked(card.gates[lang], [(gate.mark, gate.name[lang], gate.what[lang]) for gate in doctrine.gates])
    body = f'<div class="two"><div>{"".join(left)}</div><div>{"".join(right)}</div></div>{levels}<div class="two">{ladder}{gates}</div>'
    return _page(card.title[lang], card.lead[lang], body, card.foot[lang], lang)


def merchant_card(card: MerchantCard, lang: Lang) -> str:
    """What to have ready, what nobody asks for, what to report, and what to do meanwhile."""
    lines = "".join(f"<tr><th>{escape(line[lang])}</th><td></td></tr>" for line in card.lines)
    body = (
        f'<p class="number">{escape(card.number[lang])}</p>'
        f'<section><h2>{escape(card.before[lang])}</h2><table class="write">{lines}</table></section>'
        f'<div class="two"><div>{_section(card.ask[lang], "ul", [one[lang] for one in card.asks], "never")}'
        f"{_section(card.meanwhile[lang], 'ul', [one[lang] for one in card.meanwhiles])}</div>"
        f"<div>{_section(card.report[lang], 'ul', [one[lang] for one in card.reports])}</div></div>"
    )
    return _page(card.title[lang], card.lead[lang], body, card.foot[lang], lang, "merchant")


def _section(heading: str, kind: str, rows: Iterable[str], name: str = "") -> str:
    items = "".join(f"<li>{escape(row)}</li>" for row in rows)
    return f'<section class="{name}"><h2>{escape(heading)}</h2><{kind}>{items}</{kind}></section>'


def _marked(heading: str, rows: Iterable[tuple[str, str, str]]) -> str:
    lines = "".join(f"<tr><th>{escape(mark)}</th><td><b>{escape(name)}</b> {escape(what)}</td></tr>" for mark, name, what in rows)
    return f"<section><h2>{escape(heading)}</h2><table>{lines}</table></section>"


def _classes(step: Step, lang: Lang) -> str:
    """Where a yes leads: the classes, or R7."""
    marks = dict.fromkeys(row.lock or next(iter(row.options or ()), "") for row in step.rows)
    known = [mark for mark in marks if mark]
    return f"→ {('、' if lang == 'zh' else ', ').join(known)}" if known else {"en": "→ photo, level 2", "zh": "→ 拍照，转二线"}[lang]


def _page(title: str, lead: str, body: str, foot: str, lang: Lang, kind: str = "desk") -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="{HTML_LANG[lang]}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width">\n<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n'
        f'<body class="{kind}">\n<aside class="tip">{escape(_TIP[lang])}</aside>\n<main>\n'
        f"<header><h1>{escape(title)}</h1><p>{escape(lead)}</p></header>\n"
        f"{body}\n<footer>{escape(foot.format(version=__version__))}</footer>\n</main>\n</body>\n</html>\n"
    )


_TIP: Final = Text(
    "One A4 page. To print it: in the list of files on the left, right-click this file ▸ Open in New Browser Tab, then Ctrl+P.",
    "一页 A4。打印：在左侧文件列表中右击本文件 ▸ 在新浏览器标签页中打开（英文菜单：Open in New Browser Tab），再按 Ctrl+P。",
)
_STYLE: Final = """
@page { size: A4; margin: 9mm 11mm; }
* { box-sizing: border-box; }
html { background: #ddd; color: #111; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
body { margin: 0 auto; max-width: 190mm; font: 8.9pt/1.3 Arial, "Liberation Sans", "Noto Sans", sans-serif; }
:lang(zh) body { font-family: "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
main { background: #fff; padding: 6mm; }
.tip { font-size: 10pt; margin: 3mm 6mm; color: #333; }
header { border-bottom: 2pt solid #1b4d5c; margin-bottom: 1.5mm; }
h1 { font-size: 15pt; line-height: 1.2; margin: 0; color: #1b4d5c; }
header p { margin: 0.6mm 0 1.2mm; }
h2 { font-size: 9.6pt; margin: 1.8mm 0 0.6mm; color: #1b4d5c; break-after: avoid; }
ol, ul { margin: 0; padding-left: 5mm; }
li { margin: 0 0 0.35mm; }
.two { display: grid; grid-template-columns: 1fr 1fr; column-gap: 6mm; align-items: start; }
table { border-collapse: collapse; width: 100%; font: inherit; color: inherit; }
th, td { text-align: left; vertical-align: top; padding: 0.35mm 1.2mm; border-top: 0.4pt solid #999; font-weight: normal; }
th { white-space: nowrap; font-weight: bold; color: #1b4d5c; width: 9mm; }
.never { border: 1.2pt solid #9b1c1c; padding: 0 2mm 1mm; margin-top: 2mm; }
.never h2 { color: #9b1c1c; }
footer { border-top: 0.6pt solid #1b4d5c; margin-top: 2mm; padding-top: 0.8mm; font-size: 7.4pt; color: #333; }
:lang(zh).desk { font-size: 9.9pt; line-height: 1.4; }
:lang(zh).desk h2 { font-size: 11pt; }
.merchant { font-size: 11pt; line-height: 1.4; }
.merchant h2 { font-size: 12.5pt; margin-top: 3mm; }
.merchant h1 { font-size: 18pt; }
.merchant li { margin-bottom: 1mm; }
:lang(zh).merchant { font-size: 12.5pt; line-height: 1.5; }
.merchant footer { font-size: 8.5pt; }
.number { border: 1.2pt solid #1b4d5c; padding: 2.5mm 3mm; margin: 2mm 0; font-weight: bold; }
.write th { white-space: normal; width: 52%; font-weight: normal; color: #111; }
.write td { border-bottom: 0.8pt solid #111; height: 9.5mm; }
@media print { html { background: #fff; } .tip { display: none; } main { padding: 0; } body { max-width: none; } }
"""
