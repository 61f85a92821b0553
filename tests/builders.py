"""Small questions, question files and courses, and what hypothesis draws from. No test's own expectation stands here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import strategies as st

from lockdesk.answers import Entry
from lockdesk.cases import Case, draw, variant_for
from lockdesk.cases.model import Play
from lockdesk.cases.reading import read_case
from lockdesk.course import Course, store_outputs
from lockdesk.lessons import fingerprint
from lockdesk.proofs import play_listed
from lockdesk.questions import (
    Criterion,
    Item,
    Match,
    Mistake,
    Multi,
    Number,
    Option,
    Order,
    Question,
    Single,
    Step,
    Target,
    Written,
)
from lockdesk.replay.reading import read_task
from lockdesk.replay.task import Task
from lockdesk.text import Text

REPOSITORY = Path(__file__).parents[1]
NOON = datetime(2026, 11, 22, 12, 10, tzinfo=timezone(timedelta(hours=8)))
EDITION = "2026-11"


def both(words: str) -> Text:
    return Text(words, f"{words}（中文）")


# ---- questions as values. Reasons, samples and hints say what they are, so that a leak can be searched for.


def _head(given: Mapping[str, Any], **own: Any) -> dict[str, Any]:
    usual = {"objective": "callers", "points": 2, "source": "domain A1", "prompt": both("Who calls?"), "hint": both("the hint")}
    return usual | own | dict(given)


def _options(keys: Iterable[str], right: Iterable[str]) -> tuple[Option, ...]:
    return tuple(Option(key=key, text=both(f"choice {key}"), why=both(f"why {key}"), correct=key in right) for key in keys)


def single(right: str = "beta", keys: Iterable[str] = ("alpha", "beta", "gamma"), **given: Any) -> Single:
    return Single(**_head(given, id="who-calls", options=_options(keys, {right})))


def multi(right: Iterable[str] = ("beta", "gamma"), keys: Iterable[str] = ("alpha", "beta", "gamma", "delta"), **given: Any) -> Multi:
    return Multi(**_head(given, id="which-signs", points=3, options=_options(keys, set(right))))


def order(keys: Iterable[str] = ("one", "two", "three", "four"), **given: Any) -> Order:
    steps = tuple(Step(key=key, text=both(f"step {key}"), why=both(f"why {key}")) for key in keys)
    return Order(**_head(given, id="first-things", objective="locks", points=4, steps=steps))


def match(pairs: Mapping[str, str] | None = None, targets: Iterable[str] = ("shop", "bank", "maker", "nobody"), **given: Any) -> Match:
    pairs = pairs or {"pin": "shop", "place": "bank", "alarm": "maker", "risk": "bank"}
    items = tuple(Item(key=key, text=both(f"item {key}"), target=to, why=both(f"why {key}")) for key, to in pairs.items())
    parties = tuple(Target(key=key, text=both(f"party {key}")) for key in targets)
    return Match(**_head(given, id="who-decides-what", objective="locks", points=4, items=items, targets=parties))


def number(answer: float = 12, tolerance: float = 0, mistakes: Iterable[float] = (10, 8), **given: Any) -> Number:
    wrong = tuple(Mistake(value=value, why=both(f"why not {value}")) for value in mistakes)
    own = {"answer": answer, "tolerance": tolerance, "unit": both("calls"), "why": both("why so many"), "mistakes": wrong}
    return Number(**_head(given, id="how-many", objective="locks", **own))


def written(worth: Iterable[float] = (1, 2), **given: Any) -> Written:
    criteria = tuple(Criterion(key=f"point-{n}", text=both(f"criterion {n}"), points=points) for n, points in enumerate(worth, 1))
    own = {"points": sum(criterion.points for criterion in criteria), "criteria": criteria, "sample": both("the sample")}
    return Written(**_head(given, id="say-it", **own))


ONE_OF_EACH: dict[str, Question] = {
    "single": single(),
    "multi": multi(),
    "order": order(),
    "match": match(),
    "number": number(),
    "written": written(),
}


def parts(question: Question) -> list[Text]:
    """What a learner reads before answering: options, steps, items and targets; the points of a written answer are no part of it."""
    match question:
        case Single() | Multi():
            return [option.text for option in question.options]
        case Order():
            return [step.text for step in question.steps]
        case Match():
            return [item.text for item in question.items] + [target.text for target in question.targets]
        case _:
            return []


def model_answer(question: Question) -> Any:
    """What earns all points, by the file; a text for a written question."""
    match question:
        case Single():
            return next(option.key for option in question.options if option.correct)
        case Multi():
            return [option.key for option in question.options if option.correct]
        case Order():
            return [step.key for step in question.steps]
        case Match():
            return {item.key: item.target for item in question.items}
        case Number():
            return question.answer
        case Written():
            return question.sample.en


def wrong_answer(question: Question) -> Any:
    """A complete answer that earns nothing."""
    match question:
        case Single():
            return next(option.key for option in question.options if not option.correct)
        case Multi():
            return [option.key for option in question.options if not option.correct]
        case Order():
            return [step.key for step in question.steps[1:] + question.steps[:1]]
        case Match():
            return {item.key: next(target.key for target in question.targets if target.key != item.target) for item in question.items}
        case Number():
            return question.answer + question.tolerance + 1
        case Written():
            return "Something else."


def empty_answer(question: Question) -> Any:
    """What a learner who leaves the question alone would hand in."""
    match question:
        case Multi() | Order():
            return []
        case Match():
            return {}
        case Written():
            return ""
        case _:
            return None


def as_typed(question: Question, answer: Any) -> Any:
    """`answer` as the front end sends it: numbers arrive as text."""
    return repr(answer) if isinstance(question, Number) else answer


# ---- the answer log


def entry(question_id: str = "who-calls", answer: Any = "beta", attempt: int = 1, **given: Any) -> Entry:
    usual = {"v": 1, "at": "2026-11-22T04:10:00.000Z", "edition": EDITION, "variant": "", "lang": "en"}
    return Entry(**usual | {"q": question_id, "answer": answer, "attempt": attempt} | given)


# ---- question files

LESSON: dict[str, Any] = {
    "title": {"en": "A small lesson", "zh": "小小一课"},
    "promise": {"en": "Something is learnt.", "zh": "学到一点东西。"},
    "minutes": 5,
    "objective": [
        {"id": "callers", "text": {"en": "Know the caller", "zh": "认识来电人"}},
        {"id": "locks", "text": {"en": "Know the lock", "zh": "认识锁"}},
    ],
}


def table(question: Question) -> dict[str, Any]:
    """A question as its TOML table, free to be broken."""
    data: dict[str, Any] = msgspec.to_builtins(question)
    return {name: value for name, value in data.items() if value is not None}


def toml(data: Mapping[str, Any]) -> str:
    """A question file as the course writes them: names, [lesson] with its objectives, [[question]] tables."""
    data = dict(data)
    questions, lesson = data.pop("question", []), data.pop("lesson", None)
    blocks = [_lines(data)]
    if lesson is not None:
        blocks.append("[lesson]\n" + _lines({name: value for name, value in lesson.items() if name != "objective"}))
        blocks += [f"[[lesson.objective]]\n{_lines(one)}" for one in lesson.get("objective", [])]
    return "\n".join([*blocks, *(f"[[question]]\n{_lines(one)}" for one in questions)])


def _lines(data: Mapping[str, Any]) -> str:
    return "".join(f"{name} = {_value(value)}\n" for name, value in data.items())


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name} = {_value(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def question_file(folder: Path, *questions: Question | Mapping[str, Any], name: str = "01-small", **top: Any) -> Path:
    """Write a question file below `folder`; `top` replaces its edition or lesson."""
    tables = [one if isinstance(one, Mapping) else table(one) for one in questions]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.toml"
    path.write_text(toml({"edition": EDITION, "lesson": LESSON} | top | {"question": tables}), encoding="utf-8")
    return path


# ---- notebooks and a small course


def prose(cell_id: str, source: str, **metadata: Any) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": cell_id, "metadata": metadata, "source": source}


def code(cell_id: str, source: str) -> dict[str, Any]:
    hidden = {"jupyter": {"source_hidden": True}}
    return {"cell_type": "code", "id": cell_id, "metadata": hidden, "source": source, "outputs": [], "execution_count": None}


def asking(question_id: str) -> dict[str, Any]:
    return code(f"quiz-{question_id}", f'from lockdesk import quiz\nquiz("{question_id}")')


def notebook(name: str, *cells: dict[str, Any]) -> dict[str, Any]:
    return {"cells": list(cells), "metadata": {"lockdesk": {"lesson": name}}, "nbformat": 4, "nbformat_minor": 5}


def write_json(path: Path, data: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    return path


def small_course(folder: Path) -> Course:
    """A course without a fault: a front page and one lesson in both languages, with a question of each kind."""
    questions = list(ONE_OF_EACH.values())
    question_file(folder / "notebooks/questions", *questions)
    asked = [asking(question.id) for question in questions]
    english = ["# A small lesson", "Some words.\nAnd more."]
    chinese = ["# 小小一课", "几句话。"]
    ids = ["title", "some-words"]
    en = [prose(cell_id, source) for cell_id, source in zip(ids, english, strict=True)]
    zh = [prose(cell_id, source, lockdesk={"of": fingerprint(of)}) for cell_id, source, of in zip(ids, chinese, english, strict=True)]
    write_json(folder / "notebooks/en/01-small.ipynb", notebook("01-small", *en, *asked))
    write_json(folder / "notebooks/zh/01-small.ipynb", notebook("01-small", *zh, *asked))
    front = code("lessons", "from lockdesk import progress\nprogress()")
    write_json(folder / "notebooks/start.ipynb", notebook("start", prose("title", "# Start · 首页"), front))
    (folder / "docs").mkdir()
    (folder / "docs/domain.md").write_text("# Domain\n\n## A The article\n\n### A1 Claims\n", encoding="utf-8")
    course = Course(folder)
    list(store_outputs(course))
    return course


# ---- cases


def case_file(folder: Path, name: str = "small-call", **instead: str) -> Path:
    """Write the small case below `folder` under an id; `instead` replaces lines of its head, by their key."""
    text = (REPOSITORY / "tests/small_case.toml").read_text(encoding="utf-8")
    for key, value in ({"id": f'"{name}"'} | instead).items():
        text, count = re.subn(rf"^{key} = .*$", lambda _, line=f"{key} = {value}": line, text, count=1, flags=re.MULTILINE)
        assert count, key
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def task_file(folder: Path, name: str = "small-task") -> Path:
    """Write the small task below `folder` under an id."""
    text = (REPOSITORY / "tests/small_task.toml").read_text(encoding="utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.toml"
    path.write_text(text.replace('id = "small-task"', f'id = "{name}"', 1), encoding="utf-8")
    return path


def call_lines(case: Case, learner: str, play: Play | None = None, variant: str = "", **given: Any) -> list[Entry]:
    """What a learner's desk records of a play, the model solution if none is named: a line an act, the ticket last."""
    variant = variant or variant_for(case, learner)
    played = play_listed(draw(case, variant), play or case.solution)
    acts = [{name: value for name, value in msgspec.to_builtins(row.act).items() if value not in ("", None)} for row in played.rows]
    return [said(case, act, variant, number, **given) for number, act in enumerate(acts, 1)]


def task_lines(task: Task, learner: str, variant: str = "", done: bool = True, **given: Any) -> list[Entry]:
    """What a learner's terminal records of the task's solution, handed over in the end."""
    events = [*msgspec.to_builtins(list(task.solution)), *([{"done": 1}] if done else [])]
    return [said(task, event, variant or variant_for(task, learner), number, **given) for number, event in enumerate(events, 1)]


def said(exercise: Case | Task, answer: Any, variant: str, number: int = 1, **given: Any) -> Entry:
    """One line of the record about a call or task."""
    at = f"2026-11-22T05:{number // 60 % 60:02}:{number % 60:02}.{sum(map(ord, variant)):03}Z"
    return entry(exercise.id, answer, number, **{"edition": exercise.edition, "variant": variant, "at": at} | given)


# ---- an assignment, as its author writes it


def graded(question: Question | Case | Task) -> list[dict[str, Any]]:
    """The cells of one exercise of an assignment: one shows it, one is graded."""
    by_hand = isinstance(question, Written)
    verb = "case" if isinstance(question, Case) else "terminal" if isinstance(question, Task) else "quiz"
    marks = {"grade": not by_hand, "task": by_hand, "solution": False, "locked": True, "schema_version": 3}
    marks |= {"grade_id": question.id, "points": question.points, "cell_type": "markdown" if by_hand else "code"}
    show = code(f"{verb}-{question.id}", f'from lockdesk import {verb}\n\n{verb}("{question.id}")')
    if by_hand:
        return [show, prose(f"task-{question.id}", "Graded by a person.", nbgrader=marks)]
    grade = code(f"check-{question.id}", f'from lockdesk import check\n\ncheck("{question.id}")')
    return [show, grade | {"metadata": grade["metadata"] | {"nbgrader": marks}}]


def assignment_notebook(name: str, *questions: Question | Case | Task) -> dict[str, Any]:
    cells = [prose("title", "# An assignment · 作业"), *(cell for question in questions for cell in graded(question))]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}, "lockdesk": {"assignment": name}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def assignment(course: Path, *questions: Question, name: str = "small") -> Path:
    """Write source/<name>/ below `course`, with nbgrader's settings beside it; a question of each kind if none is given."""
    asked = questions or tuple(ONE_OF_EACH.values())
    folder = course / "source" / name
    question_file(folder, *asked, name="questions")
    write_json(folder / f"{name}.ipynb", assignment_notebook(name, *asked))
    (course / "nbgrader_config.py").write_bytes((REPOSITORY / "nbgrader_config.py").read_bytes())
    return folder


def played_assignment(course: Path, *questions: Question, name: str = "small") -> Path:
    """The same with the small call and the small task beside the questions; one single question if none is given."""
    folder = assignment(course, *(questions or (single(),)), name=name)
    case = read_case(case_file(folder / "cases"))
    task = read_task(task_file(folder / "tasks"))
    write_json(folder / f"{name}.ipynb", assignment_notebook(name, *(questions or (single(),)), case, task))
    return folder


# ---- what hypothesis draws from


def json_values(integers: st.SearchStrategy[int], floats: st.SearchStrategy[float]) -> st.SearchStrategy[Any]:
    return st.recursive(
        st.none() | st.booleans() | integers | floats | st.text(max_size=12),
        lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=6), inner, max_size=5),
        max_leaves=12,
    )


JSON = json_values(st.integers(-(2**70), 2**70), st.floats())
SOUND_JSON = json_values(st.integers(-(10**15), 10**15), st.floats(allow_nan=False, allow_infinity=False))
"""What an answer log may hold: every number within range."""


def _keys(count: int) -> list[str]:
    return [f"key-{n}" for n in range(count)]


@st.composite
def questions_of(draw: st.DrawFn, kind: str, largest: int = 6) -> Question:
    """A usable question of a kind, with at most `largest` parts."""
    points = draw(st.sampled_from([0.5, 1, 2, 3, 10]))
    match kind:
        case "single":
            keys = _keys(draw(st.integers(3, largest)))
            return single(draw(st.sampled_from(keys)), keys, points=points)
        case "multi":
            keys = _keys(draw(st.integers(4, largest)))
            count = draw(st.integers(2, len(keys) - 2))
            return multi(draw(st.permutations(keys))[:count], keys, points=points)
        case "order":
            return order(draw(st.permutations(_keys(draw(st.integers(4, largest))))), points=points)
        case "match":
            targets = [f"to-{n}" for n in range(draw(st.integers(2, 4)))]
            items = _keys(draw(st.integers(4, min(largest, 5))))
            return match({key: draw(st.sampled_from(targets)) for key in items}, targets, points=points)
        case "number":
            finite = st.floats(-1e9, 1e9)
            return number(draw(finite), draw(st.sampled_from([0, 0.5, 10])), (), points=points)
        case _:
            return written((points,))


def answers_to(question: Question) -> st.SearchStrategy[Any]:
    """Answers of the right shape, and close to it."""
    match question:
        case Single():
            return st.sampled_from([option.key for option in question.options])
        case Multi():
            return st.lists(st.sampled_from([option.key for option in question.options]), unique=True)
        case Order():
            return st.permutations([step.key for step in question.steps])
        case Match():
            targets = st.sampled_from([target.key for target in question.targets])
            return st.fixed_dictionaries({item.key: targets for item in question.items})
        case Number():
            return st.just(question.answer) | st.sampled_from([mistake.value for mistake in question.mistakes] or [0]) | st.floats()
        case Written():
            return st.text(max_size=20)


ANY_QUESTION = st.sampled_from(sorted(ONE_OF_EACH)).flatmap(questions_of)
