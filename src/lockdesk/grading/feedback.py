"""The page a learner gets back: points, what was recorded, what followed, what to revise. Pure; every word of anybody's is escaped.

It holds no script and asks for nothing from elsewhere, and of a key only what its author lets learners read after grading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from importlib.resources import files
from typing import Final

import msgspec

from ..cases import Case
from ..questions import Lesson, Order, Written
from ..replay.account import Account, Point
from ..replay.task import Task
from ..text import HTML_LANG, LANGS, Lang, Text
from .assess import Outcome
from .present import account_in, answer_words, digits, points_words, reasons_of, state_words, title_of
from .retell import sum_words
from .words import say

REVISE_BELOW: Final = 0.75
"""An objective of which a smaller share of the points was earned is one to revise."""
_BY_CRITERION: Final = re.compile(r"\s*(\d{1,2})\s*[:：]\s*(\d+(?:\.\d+)?)(?:\s+(.*))?")

STYLE: Final = files(__package__).joinpath("feedback.css").read_text(encoding="utf-8")


class Given(msgspec.Struct, frozen=True):
    """The points one exercise has in the gradebook; None: nobody has read it yet. `by_hand`: a person gave them. `comment`: theirs."""

    points: float | None
    by_hand: bool = False
    comment: str = ""


def feedback_page(
    lesson: Lesson, outcomes: Sequence[tuple[Outcome, Given]], lang: Lang | None, titles: dict[str, Text], penalty: float = 0
) -> str:
    """The page, in the learner's language; in both where nobody knows which.

    `titles`: of the lessons that objectives name; `penalty`: points taken off for being late.
    """
    langs: Sequence[Lang] = [lang] if lang else LANGS
    body = "\n".join(
        f'<main lang="{HTML_LANG[one]}">\n' + "\n".join(_body(lesson, outcomes, one, titles, penalty)) + "\n</main>"
        if len(langs) == 1
        else f'<section lang="{HTML_LANG[one]}">\n' + "\n".join(_body(lesson, outcomes, one, titles, penalty)) + "\n</section>"
        for one in langs
    )
    if len(langs) > 1:
        body = f"<main>\n{body}\n</main>"
    title = " · ".join(escape(lesson.title[one]) for one in langs)
    return (
        f'<!DOCTYPE html>\n<html lang="{HTML_LANG[langs[0]]}">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _body(lesson: Lesson, outcomes: Sequence[tuple[Outcome, Given]], lang: Lang, titles: dict[str, Text], penalty: float) -> Iterator[str]:
    yield f"<h1>{escape(lesson.title[lang])}</h1>"
    yield from _total(outcomes, lang, penalty)
    yield f"<h2>{_say('by-objective', lang)}</h2>"
    yield from _objectives(lesson, outcomes, lang)
    yield f"<h2>{_say('revise', lang)}</h2>"
    yield from _revise(lesson, outcomes, lang, titles)
    yield f"<h2>{_say('one-by-one', lang)}</h2>"
    for number, (outcome, given) in enumerate(outcomes, 1):
        yield from _exercise(number, outcome, given, lang)


def _total(outcomes: Sequence[tuple[Outcome, Given]], lang: Lang, penalty: float) -> Iterator[str]:
    earned = max(0.0, _earned(outcomes) - penalty)
    possible = sum(outcome.score.possible for outcome, _ in outcomes)
    yield f'<p class="total">{_say("points-of", lang, earned=digits(earned), possible=digits(possible))}</p>'
    if penalty:
        yield f"<p>{_say('penalty', lang, points=digits(penalty))}</p>"
    if any(given.points is None for _, given in outcomes):
        yield f"<p>{_say('not-all-read', lang)}</p>"


def _earned(outcomes: Iterable[tuple[Outcome, Given]]) -> float:
    return sum(given.points or 0.0 for _, given in outcomes)


def _objectives(lesson: Lesson, outcomes: Sequence[tuple[Outcome, Given]], lang: Lang) -> Iterator[str]:
    yield f"{_heads(lang, 'objective', 'points')}<tbody>"
    for objective in lesson.objectives:
        mine = [one for one in outcomes if one[0].question.objective == objective.id]
        yield f'<tr><th scope="row">{escape(objective.text[lang])}</th><td class="n">{_of(mine, lang)}</td></tr>'
    yield "</tbody>\n</table>"


def _of(outcomes: Sequence[tuple[Outcome, Given]], lang: Lang) -> str:
    if outcomes and all(given.points is None for _, given in outcomes):
        return _say("unread", lang)
    return _say("of", lang, earned=digits(_earned(outcomes)), possible=digits(sum(outcome.score.possible for outcome, _ in outcomes)))


def to_revise(lesson: Lesson, outcomes: Sequence[tuple[Outcome, Given]]) -> list[str]:
    """The ids of the objectives to revise: too small a share of what has been read was earned."""
    found = []
    for objective in lesson.objectives:
        read = [one for one in outcomes if one[0].question.objective == objective.id and one[1].points is not None]
        possible = sum(outcome.score.possible for outcome, _ in read)
        if read and _earned(read) < REVISE_BELOW * possible:
            found.append(objective.id)
    return found


def _revise(lesson: Lesson, outcomes: Sequence[tuple[Outcome, Given]], lang: Lang, titles: dict[str, Text]) -> Iterator[str]:
    wanted = to_revise(lesson, outcomes)
    if not wanted:
        yield f"<p>{_say('nothing-to-revise', lang)}</p>"
        return
    yield "<ul>"
    for objective in (one for one in lesson.objectives if one.id in wanted):
        title = titles.get(objective.revise)
        where = _say("in-lesson", lang, number=objective.revise.split("-")[0], title=title[lang]) if title else ""
        yield f"<li>{escape(objective.text[lang])}{where}</li>"
    yield "</ul>"


def _exercise(number: int, outcome: Outcome, given: Given, lang: Lang) -> Iterator[str]:
    points = _say("unread", lang) if given.points is None else _of([(outcome, given)], lang)
    yield "<section>"
    yield f"<h3>{number}. {escape(title_of(outcome.question)[lang])}</h3>"
    yield f"<p><strong>{_say('points', lang)}{_colon(lang)}{points}</strong></p>"
    if given.by_hand and not isinstance(outcome.question, Written):
        yield f"<p>{_say('changed-by-hand', lang)}</p>"
    if (words := state_words(outcome, lang)) is not None:
        yield f"<p>{escape(words)}</p>"
    if isinstance(outcome.question, Case | Task):
        yield from _played(outcome, account_in(outcome), lang)
    elif outcome.state == "answered":
        yield from _answered(outcome, lang)
    if isinstance(outcome.question, Written):
        yield from _by_criterion(outcome.question, given.comment, lang)
    elif given.comment:
        yield from _comment(given.comment, lang)
    yield "</section>"


def _answered(outcome: Outcome, lang: Lang) -> Iterator[str]:
    lines = answer_words(outcome, lang)
    yield f"<p>{_say('answer', lang)}{_colon(lang).strip()}</p>"
    if isinstance(outcome.question, Written):
        text = "\n".join(lines)
        yield f'<p class="own">{_plain(text)}</p>'
    else:
        tag = '<ul class="parts">' if isinstance(outcome.question, Order) else "<ul>"  # its lines are numbered
        yield tag + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"
    yield from (f"<p>{escape(reason[lang])}</p>" for reason in reasons_of(outcome))


def _played(outcome: Outcome, account: Account, lang: Lang) -> Iterator[str]:
    if account.refused:
        yield f"<p>{escape(account.refused[lang])}</p>"
        return
    if not account.moments:
        return
    yield f"<h4>{_say('timeline', lang)}</h4>"
    yield "<ol>"
    for moment in account.moments:
        rest = [f'<br><span class="soft">→ {_plain(text[lang])}</span>' for text in moment.followed]
        rest += [f'<br><span class="missed">{_plain(text[lang])}</span>' for text in moment.meant]
        yield f"<li>{_say(moment.unit, lang, at=moment.at)} · {_plain(moment.act[lang])}{''.join(rest)}</li>"
    yield "</ol>"
    yield f"<h4>{_say('checks', lang)}</h4>"
    yield f"{_heads(lang, 'check', 'mark', 'points')}<tbody>"
    yield from (_point(point, lang) for point in account.points)
    yield "</tbody>\n</table>"
    yield f"<p>{escape(sum_words(account, outcome.score.earned, lang))}</p>"


def _point(point: Point, lang: Lang) -> str:
    parts = "".join(f"<li>{'✓' if is_there else '✗'} {_plain(text[lang])}</li>" for text, is_there in point.parts)
    why = f"<br>{_plain(point.why[lang])}" if point.why and point.mark != "met" else ""
    css = "met" if point.mark == "met" else "missed"
    listed = f'<ul class="parts">{parts}</ul>' if parts else ""
    return (
        f'<tr><th scope="row">{_plain(point.name[lang])}</th>'
        f'<td><span class="{css}">{_say(f"mark-{point.mark}", lang)}</span>{why}{listed}</td>'
        f'<td class="n">{escape(points_words(point, lang))}</td></tr>'
    )


def _by_criterion(question: Written, comment: str, lang: Lang) -> Iterator[str]:
    """What the grader said, by criterion where their comment is written so: `1: 3 well said`, a line each."""
    rows, rest = by_criterion(comment, len(question.criteria))
    if rows:
        yield f"{_heads(lang, 'criterion-head', 'comment', 'points')}<tbody>"
        for number, points, words in rows:
            criterion = question.criteria[number - 1]
            name = escape(criterion.text[lang]) if criterion.after_grading else _say("criterion-number", lang, number=number)
            worth = _say("of", lang, earned=digits(points), possible=digits(criterion.points))
            yield f'<tr><th scope="row">{name}</th><td>{_plain(words)}</td><td class="n">{worth}</td></tr>'
        yield "</tbody>\n</table>"
    if rest:
        yield from _comment(rest, lang)


def by_criterion(comment: str, count: int) -> tuple[list[tuple[int, float, str]], str]:
    """A grader's comment as rows (number of the criterion, points, words) and what is left of it."""
    rows: list[tuple[int, float, str]] = []
    rest: list[str] = []
    for line in comment.splitlines():
        found = _BY_CRITERION.fullmatch(line)
        if found and 1 <= int(found[1]) <= count:
            rows.append((int(found[1]), float(found[2]), found[3] or ""))
        else:
            rest.append(line)
    return rows, "\n".join(rest).strip()


def _comment(comment: str, lang: Lang) -> Iterator[str]:
    yield f"<p>{_say('comment', lang)}{_colon(lang).strip()}</p>"
    yield f'<p class="own">{_plain(comment)}</p>'


def _heads(lang: Lang, *names: str) -> str:
    """The head of a table, its last column one of numbers."""
    cells = [f'<th scope="col">{_say(name, lang)}</th>' for name in names[:-1]]
    cells.append(f'<th scope="col" class="n">{_say(names[-1], lang)}</th>')
    return f"<table>\n<thead><tr>{''.join(cells)}</tr></thead>\n"


def _say(name: str, lang: Lang, **values: object) -> str:
    return escape(say(name, lang, **values))


def _colon(lang: Lang) -> str:
    return "：" if lang == "zh" else ": "


def _plain(words: str) -> str:
    """Words as HTML that means nothing but these words, without letters that a page may not hold."""
    kept = "".join(letter for letter in words if letter in "\n\t" or letter.isprintable() or letter in "\u3000\u00a0")
    return escape(kept.encode("utf-8", "replace").decode())
