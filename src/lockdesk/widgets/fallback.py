"""What a notebook shows where nothing runs: the question in words, and what to press. And cells that cannot be shown."""

from __future__ import annotations

from html import escape

from ..text import HTML_LANG, Lang, word
from .exercise import View


def page_of(view: View, lang: Lang) -> str:
    """An untouched question as plain HTML; the same text every time, so that a saved lesson does not change."""
    lines = [f'<div lang="{HTML_LANG[lang]}">', f"<p><strong>{escape(view['prompt'])}</strong></p>"]
    if view["choices"]:
        lines.append("<ul>" + "".join(f"<li>{escape(choice['text'])}</li>" for choice in view["choices"]) + "</ul>")
    if view["targets"]:
        lines.append(f"<p>{' / '.join(escape(target['text']) for target in view['targets'])}</p>")
    lines += [f"<p><em>{escape(word('asleep', lang))}</em></p>", "</div>"]
    return "\n".join(lines)


def plain_of(view: View, lang: Lang) -> str:
    """The same in two lines of text, for front ends without HTML."""
    return f"{view['prompt']}\n({word('asleep', lang)})"


class Notice:
    """A cell that cannot show what it should: says why, and lets the cells after it run."""

    def __init__(self, lang: Lang, lines: list[str]) -> None:
        self._lang: Lang = lang
        self._lines = lines

    def __repr__(self) -> str:
        return "\n".join([word("broken-cell", self._lang), *self._lines])

    def _repr_html_(self) -> str:
        body = "".join(f"<p>{escape(line)}</p>" for line in self._lines)
        return (
            f'<div class="lockdesk-notice" lang="{HTML_LANG[self._lang]}" role="alert" '
            'style="border-left:4px solid #b3261e;padding:.1em 1em;max-width:46em">'
            f"<p><strong>{escape(word('broken-cell', self._lang))}</strong></p>{body}</div>"
        )
