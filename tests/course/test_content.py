"""What is true of the real course, whatever it comes to hold."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from builders import NOON, REPOSITORY, as_typed, empty_answer, entry, model_answer
from lockdesk.answers import encode
from lockdesk.bank import QuestionFile, read_all
from lockdesk.course import Course, check
from lockdesk.doctrine import doctrine
from lockdesk.glossary import read_glossary
from lockdesk.lessons import is_lesson_code, lang_of, read_notebook, source_of, with_stored_outputs, write_notebook
from lockdesk.lint import sections_of
from lockdesk.lookup import read_lookup
from lockdesk.pages import built
from lockdesk.questions import MAX_WRITTEN, Match, Multi, Number, Order, Question, Single, Written, fits, parts_of
from lockdesk.scoring import expected_guess, score
from lockdesk.text import LANGS, WORDS, Lang, Text
from lockdesk.widgets.exercise import Exercise
from lockdesk.widgets.fallback import page_of, plain_of

COURSE = Course(REPOSITORY)
FILES: list[QuestionFile] = read_all(COURSE.questions)
QUESTIONS: dict[str, Question] = {name: question for file in FILES for name, question in file.questions.items()}
SCORED = {name: question for name, question in QUESTIONS.items() if not isinstance(question, Written)}
LESSONS = {path.relative_to(REPOSITORY).as_posix(): path for path in COURSE.lessons()}

each_question = pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
each_scored_question = pytest.mark.parametrize("question", SCORED.values(), ids=SCORED)
each_lesson = pytest.mark.parametrize("path", LESSONS.values(), ids=LESSONS)


def reasons_of(question: Question) -> list[Text]:
    match question:
        case Single() | Multi() | Order() | Match():
            return [part.why for part in parts_of(question)]
        case Number():
            return [question.why, *(mistake.why for mistake in question.mistakes)]
        case Written():
            return [question.sample, *(criterion.text for criterion in question.criteria)]


def texts_in(value: object) -> Iterator[Text]:
    if isinstance(value, Text):
        yield value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from texts_in(getattr(value, name))
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts_in(one)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from texts_in(one)


def words_of_the_course() -> dict[str, str]:
    """All that a learner may read, by the place it stands in."""
    found = {f"{file.path.name} {n} {lang}": text[lang] for file in FILES for n, text in enumerate(texts_in(file)) for lang in LANGS}
    found |= {f"doctrine {n} {lang}": text[lang] for n, text in enumerate(texts_in(doctrine())) for lang in LANGS}
    found |= {f"text.py {name} {lang}": WORDS[name][lang] for name in WORDS for lang in LANGS}
    for name, path in LESSONS.items():
        found |= {f"{name} {cell['id']}": source_of(cell) for cell in read_notebook(path)["cells"]}
    return found


# ---- all together


def test_the_course_has_no_fault() -> None:
    assert [str(fault) for fault in check(COURSE).faults] == []


def test_there_is_a_course_to_look_at() -> None:
    assert len(QUESTIONS) >= 12
    assert {path.parent.name for path in LESSONS.values()} == {"notebooks", "en", "zh"}


# ---- questions


@each_scored_question
def test_the_model_answer_earns_all_points(question: Question) -> None:
    assert score(question, model_answer(question)).earned == question.points


@each_scored_question
def test_the_model_answer_as_a_front_end_sends_it_is_right(question: Question) -> None:
    exercise = Exercise(question, "e", "en", None, lambda: NOON)

    exercise.handle("answer", as_typed(question, model_answer(question)))

    assert exercise.view()["verdict"] == "right"


@each_question
def test_an_empty_answer_earns_nothing(question: Question) -> None:
    assert score(question, empty_answer(question)).earned == 0


@each_question
def test_every_reason_stands_in_both_languages(question: Question) -> None:
    reasons = reasons_of(question)

    assert reasons
    assert [reason for reason in reasons if not (reason.en.strip() and reason.zh.strip())] == []


@each_question
def test_no_two_parts_of_a_question_have_the_same_reason_or_words(question: Question) -> None:
    for lang in LANGS:
        reasons = [reason[lang] for reason in reasons_of(question)]
        choices = [choice["text"] for choice in Exercise(question, "e", lang, None, lambda: NOON).view()["choices"]]

        assert len(set(reasons)) == len(reasons)
        assert len(set(choices)) == len(choices)


@each_question
def test_every_text_of_a_question_is_filled_in(question: Question) -> None:
    assert [text for text in texts_in(question) if not (text.en.strip() and text.zh.strip())] == []


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("question", [question for question in QUESTIONS.values() if isinstance(question, Written)], ids=lambda one: one.id)
def test_a_sample_is_short_enough_to_be_given_as_an_answer(question: Written, lang: Lang) -> None:
    sample = question.sample[lang]

    assert len(sample) <= MAX_WRITTEN
    assert fits(question, sample)
    assert encode(entry(question.id, sample, lang=lang))


@pytest.mark.parametrize("question", [question for question in QUESTIONS.values() if isinstance(question, Number)], ids=lambda one: one.id)
def test_every_mistake_of_a_number_is_met_with_its_reason(question: Number) -> None:
    for mistake in question.mistakes:
        exercise = Exercise(question, "e", "zh", None, lambda: NOON)

        exercise.handle("answer", repr(mistake.value))

        assert exercise.view()["note"] == mistake.why.zh


@pytest.mark.parametrize("place", [0, -1], ids=["the first", "the last"])
def test_choosing_always_the_same_place_earns_at_most_half(place: int) -> None:
    singles = [question for question in QUESTIONS.values() if isinstance(question, Single)]

    earned = sum(score(question, question.options[place].key).earned for question in singles)

    assert earned <= sum(question.points for question in singles) / 2


@pytest.mark.parametrize("question", [one for one in QUESTIONS.values() if isinstance(one, Order)], ids=lambda one: one.id)
def test_leaving_the_steps_as_they_are_shown_earns_next_to_nothing(question: Order) -> None:
    shown = [choice["key"] for choice in Exercise(question, "e", "en", None, lambda: NOON).view()["choices"]]

    assert score(question, shown).earned <= 0.25 * question.points


@each_question
def test_guessing_earns_no_more_than_it_may(question: Question) -> None:
    bound = {"Single": 1 / 3, "Multi": 0.25, "Order": 0.15, "Match": 0.15, "Number": 0, "Written": 0}[type(question).__name__]

    assert expected_guess(question) <= bound


# ---- lessons


@each_lesson
def test_every_code_cell_is_lesson_code(path: Path) -> None:
    cells = [cell for cell in read_notebook(path)["cells"] if cell["cell_type"] == "code"]

    assert [source_of(cell) for cell in cells if not is_lesson_code(source_of(cell))] == []


@each_lesson
def test_a_lesson_is_stored_as_it_is_rebuilt(path: Path, tmp_path: Path) -> None:
    file = COURSE.question_file(path.stem)
    front = COURSE.front() if path.parent == COURSE.notebooks else None
    rebuilt = with_stored_outputs(read_notebook(path), lang_of(path), file.questions if file else {}, front, COURSE.readable_tasks())

    write_notebook(tmp_path / "rebuilt.ipynb", rebuilt)

    assert (tmp_path / "rebuilt.ipynb").read_bytes() == path.read_bytes()


def stored_by_question(path: Path) -> dict[str, tuple[str, str]]:
    """What a lesson's cells store, as HTML and as text, by the question they ask."""
    found = {}
    for cell in read_notebook(path)["cells"]:
        if asked := re.search(r'quiz\("([^"]+)"\)', source_of(cell)):
            (output,) = cell["outputs"]
            found[asked[1]] = ("".join(output["data"]["text/html"]), "".join(output["data"]["text/plain"]))
    return found


@pytest.mark.parametrize("name", [name for name, path in LESSONS.items() if COURSE.question_file(path.stem)])
def test_what_a_lesson_stores_is_each_question_in_words(name: str) -> None:
    path = LESSONS[name]
    file = COURSE.question_file(path.stem)
    assert file is not None
    lang = lang_of(path)

    views = {name: Exercise(question, "e", lang, None, lambda: NOON).view() for name, question in file.questions.items()}

    assert stored_by_question(path) == {name: (page_of(view, lang), plain_of(view, lang)) for name, view in views.items()}


@each_lesson
def test_no_lesson_holds_a_reason_a_hint_or_a_sample_of_a_question(path: Path) -> None:
    outputs = [cell["outputs"] for cell in read_notebook(path)["cells"] if cell["cell_type"] == "code"]
    held = json.dumps(outputs, ensure_ascii=False)
    hidden = [text for question in QUESTIONS.values() for text in [*reasons_of(question), *([question.hint] if question.hint else [])]]

    assert [text for text in hidden if text.en in held or text.zh in held] == []


def test_no_answer_record_lies_among_the_questions() -> None:
    assert list(COURSE.questions.rglob("answers.jsonl*")) == []


# ---- the words of the course

GLOSSARY = read_glossary(COURSE.notebooks / "glossary.toml")


def rows_of_the_domain() -> list[tuple[str, str]]:
    """The pairs of terms in docs/domain.md G, with brackets as Chinese writes them."""
    part = (REPOSITORY / "docs/domain.md").read_text("utf-8").split("\n## G")[1].split("\n## H")[0]
    rows = [line.split("|")[1:3] for line in part.splitlines() if line.startswith("| ")][1:]
    return [(en.strip(), bare(zh)) for en, zh in rows]


def bare(term: str) -> str:
    """A Chinese term without the abbreviation in brackets, spaces or the separators of lists."""
    return re.sub(r"[（(].*?[)）]|\s|TMK|DUKPT|RKI", "", term)


def test_the_glossary_has_every_term_of_the_domain_and_no_other() -> None:
    have = sorted((term.term.en, bare(term.term.zh)) for term in GLOSSARY.terms)

    assert have == sorted(rows_of_the_domain())
    assert len(have) == 91


def test_every_lesson_that_exists_is_named_by_a_term() -> None:
    named = {stem for term in GLOSSARY.terms for stem in term.lessons}

    assert {file.path.stem for file in FILES} - named == set()


def test_a_source_of_a_term_is_a_section_of_the_domain() -> None:
    sections = sections_of(REPOSITORY / "docs/domain.md")

    assert [term.term.en for term in GLOSSARY.terms if term.source.removeprefix("domain ") not in sections] == []


def test_the_pages_are_what_their_data_give() -> None:
    pages = built(COURSE.notebooks)

    assert {path.relative_to(COURSE.notebooks).as_posix() for path in pages} == {
        f"{lang}/{name}" for lang in LANGS for name in ("glossary.ipynb", "lookup.ipynb", "card-desk.html", "card-merchant.html")
    }
    assert [path for path, text in pages.items() if path.read_text("utf-8") != text] == []


@pytest.mark.parametrize("lang", LANGS)
def test_the_glossary_page_holds_every_term_with_its_meaning_once(lang: Lang) -> None:
    page = "\n".join(source_of(cell) for cell in read_notebook(COURSE.notebooks / lang / "glossary.ipynb")["cells"])

    rows = [f"| {term.term[lang]} | {term.term['en' if lang == 'zh' else 'zh']} | {term.meaning[lang]}" for term in GLOSSARY.terms]

    assert [row for row in rows if page.count(row) != 1] == []


@pytest.mark.parametrize("lang", LANGS)
def test_the_look_up_page_names_every_class_and_who_decides(lang: Lang) -> None:
    page = "\n".join(source_of(cell) for cell in read_notebook(COURSE.notebooks / lang / "lookup.ipynb")["cells"])

    assert [lock.mark for lock in doctrine().classes if page.count(f"| {lock.mark} {lock.name[lang]}<br>") != 1] == []
    assert [lock.mark for lock in doctrine().classes if lock.authority[lang] not in page] == []


def test_triage_goes_in_the_order_of_the_domain() -> None:
    steps = read_lookup(COURSE.notebooks / "lookup.toml", doctrine()).steps

    assert [[row.lock for row in step.rows] for step in steps] == [
        ["L10", "L11", ""],
        [""],
        ["L14"],
        ["L7", "L8", "L15"],
        ["L9"],
        ["L12"],
        ["L5", "L6"],
        ["L1", "L2"],
        ["L3", "L4"],
        ["L13"],
        [""],
    ]


# ---- nothing that opens a terminal

SECRET = r"pass\s?(?:word|code)s?|\bPINs?\b|\bcodes?\b|\bdefaults?\b|密码|口令|解锁码|默认|出厂|授权码|验证码"
DIGITS = r"(?<![\d.,/〔-])\d{4,8}(?!\d|[.,/-]\d)"
YEAR = r"(?:19|20)\d\d"
NEAR = 32


def likely_codes(text: str) -> list[str]:
    """What reads like a code that somebody could type: four to eight digits, and no year, near a word for a code."""
    plain = unicodedata.normalize("NFKC", text)
    return [
        digits.group()
        for digits in re.finditer(DIGITS, plain)
        if not re.fullmatch(YEAR, digits.group())
        and re.search(SECRET, plain[max(0, digits.start() - NEAR) : digits.end() + NEAR], re.IGNORECASE)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The default password is 482913.",
        "密码是 4829。",
        "出厂口令：48291370",
        "输入４８２９即可，这是默认密码",
        "Type 0000, the manufacturer's code.",
        "Enter 7391 when it asks for the PIN",
        "passcode=73915",
    ],
)
def test_the_guard_sees_a_code(text: str) -> None:
    assert likely_codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "PCI DSS 8.3.3 asks for a new code.",
        "银发〔2021〕259 号：密码不得外传",
        "In 2022 default passwords were still in use.",
        "Operator 03 has forgotten the PIN; 01 and 02 sell on.",
        "The batch holds 1280 sales, all of them from this morning. Who knows the password?",
        "The journal of 1280 sales is full.",
    ],
)
def test_the_guard_lets_ordinary_numbers_pass(text: str) -> None:
    assert likely_codes(text) == []


def test_no_code_that_somebody_could_type_stands_in_the_course() -> None:
    words = words_of_the_course()

    assert len(words) > 200
    assert {place: likely_codes(text) for place, text in words.items() if likely_codes(text)} == {}


QUOTED = re.compile("“[^”]{0,200}”")
FORBIDDEN = re.compile("破解|强解|绕过|万能密码")
ALLOWED = [
    ("README.zh-CN.md", "破解手段，以后也不会有", "says that there is no such thing here"),
    ("notebooks/glossary.toml", 'words = ["破解", "强解", "强行解锁"]', "the list of words that are not used"),
    ("notebooks/glossary.toml", 'words = ["绕过"]', "the list of words that are not used"),
    ("notebooks/glossary.toml", 'words = ["万能密码", "万能码", "通用密码", "工程密码"]', "the list of words that are not used"),
    ("docs/domain.md", "rather than 取消/破解", "names the word that is not to be used"),
    ("docs/domain.md", "Avoid 破解、强解、绕过、万能密码 except as negative examples", "the rule itself names the words it forbids"),
]


def places_with_words() -> list[Path]:
    folders = ["notebooks", "src", "share", "labconfig", "docs"]
    files = [path for folder in folders for path in (REPOSITORY / folder).rglob("*") if path.is_file()]
    kinds = {".ipynb", ".toml", ".py", ".js", ".json", ".md", ".svg", ".css", ".html"}
    return [path for path in [*files, *REPOSITORY.glob("*.md")] if path.suffix in kinds and ".ipynb_checkpoints" not in path.parts]


def test_no_word_for_breaking_a_lock_open_stands_in_the_course_unless_somebody_is_quoted() -> None:
    found = []
    for path in places_with_words():
        name = path.relative_to(REPOSITORY).as_posix()
        text = path.read_text("utf-8")
        if path.suffix in (".ipynb", ".json"):
            text = json.dumps(json.loads(text), ensure_ascii=False)
        for place, allowed, _ in ALLOWED:
            text = text.replace(allowed, "") if place == name else text
        text = QUOTED.sub("", text)
        found += [f"{name}: {text[match.start() - 20 : match.end() + 20]}" for match in FORBIDDEN.finditer(text)]

    assert found == []


@pytest.mark.parametrize(("place", "allowed", "reason"), ALLOWED)
def test_an_allowance_that_is_no_longer_needed_is_taken_back(place: str, allowed: str, reason: str) -> None:
    assert FORBIDDEN.search(allowed)
    assert allowed in (REPOSITORY / place).read_text("utf-8")
    assert reason
