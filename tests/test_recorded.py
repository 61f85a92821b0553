from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from builders import ONE_OF_EACH, assignment, entry, model_answer, single
from lockdesk import check
from lockdesk.answers import encode as line
from lockdesk.errors import ContentError, UnknownQuestion
from lockdesk.key import read_key
from lockdesk.place import here
from lockdesk.published import encode, publish
from lockdesk.recorded import NotRecorded, Recorded
from lockdesk.text import HTML_LANG, word

Start = Callable[..., Path]
EACH = list(ONE_OF_EACH.values())


@pytest.fixture
def fetched(kernel: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Start:
    """Starts a kernel in an assignment's folder, with what was recorded there; `under` is what nbgrader does meanwhile."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    source = assignment(tmp_path)

    def start(*lines: bytes, under: str = "", at: str = "work/small") -> Path:
        kernel()
        folder = tmp_path / at
        folder.mkdir(parents=True, exist_ok=True)
        if folder != source:
            (folder / "questions.json").write_bytes(encode(publish("small", read_key(source))))
        if lines:
            (folder / "answers.jsonl").write_bytes(b"".join(lines))
        if under:
            monkeypatch.setenv("NBGRADER_EXECUTION", under)
        monkeypatch.chdir(folder)
        return folder

    return start


def missing(question: Any, lang: Any = "en") -> str:
    return word("not-recorded-for", lang, prompt=question.prompt[lang])


# ---- in an open notebook


@pytest.mark.parametrize("question", EACH, ids=ONE_OF_EACH)
def test_an_open_notebook_says_what_is_recorded_and_never_a_score(fetched: Start, question: Any) -> None:
    fetched()
    before = check(question.id)
    fetched(line(entry(question.id, model_answer(question))))
    after = check(question.id)

    assert isinstance(before, Recorded)
    assert (repr(before), repr(after)) == (missing(question), word("is-recorded", "en"))


def test_it_speaks_the_language_last_answered_in(fetched: Start) -> None:
    fetched(line(entry("who-calls", "beta")), line(entry("how-many", 12, lang="zh")))

    said = check("who-calls")

    assert repr(said) == word("is-recorded", "zh")
    assert isinstance(said, Recorded)
    assert f'lang="{HTML_LANG["zh"]}"' in said._repr_html_()
    assert repr(check("say-it")) == missing(ONE_OF_EACH["written"], "zh")


@pytest.mark.parametrize(
    "lines",
    [
        [line(entry("who-calls", "beta")), line(entry("who-calls", None))],
        [line(entry("who-calls", "beta", edition="2025-01"))],
        [line(entry("who-calls", "zeta"))],
        [line(entry("how-many", 12))],
        [line(entry("who-calls", "beta"))[:50]],
    ],
    ids=["withdrawn", "another edition", "no answer", "another question", "torn"],
)
def test_what_does_not_count_is_not_recorded(fetched: Start, lines: list[bytes]) -> None:
    fetched(*lines)

    assert repr(check("who-calls")) == missing(single())


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("answers.jsonl", b"my notes\n"),
        ("answers.jsonl", b'{"v":2,"new":1}\n'),
        ("questions.json", b"{"),
        ("questions.json", b"[" * 100_000),
    ],
    ids=["notes", "a newer record", "no questions", "nested questions"],
)
def test_an_open_notebook_never_raises(fetched: Start, file: str, content: bytes) -> None:
    folder = fetched()
    (folder / file).write_bytes(content)

    said = check("who-calls")

    assert isinstance(said, Recorded)
    assert file in repr(said)
    assert isinstance(check("who-knows"), Recorded)


def test_a_check_outside_any_assignment_never_raises(fetched: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fetched()
    here.cache_clear()
    monkeypatch.chdir(tmp_path)

    assert isinstance(check("who-calls"), Recorded)


def test_what_it_says_is_escaped() -> None:
    assert "<b>" not in Recorded("<b>", "en")._repr_html_()


# ---- under Validate


def test_validate_fails_in_one_sentence_until_an_answer_is_recorded(fetched: Start) -> None:
    fetched(under="validate")
    with pytest.raises(NotRecorded) as caught:
        check("who-calls")
    fetched(line(entry("who-calls", "gamma")), under="validate")

    assert caught.value._render_traceback_() == [missing(single())]
    assert check("who-calls") is None


def test_validate_reads_the_record_beside_the_notebook(fetched: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is what will be submitted."""
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk/answers.jsonl").write_bytes(line(entry("who-calls", "beta")))
    monkeypatch.setenv("LOCKDESK_ANSWERS_DIR", str(tmp_path / "desk"))
    fetched(under="validate")

    with pytest.raises(NotRecorded):
        check("who-calls")


def test_validate_says_that_a_record_cannot_be_read(fetched: Start) -> None:
    fetched(b"my notes\n", under="validate")

    with pytest.raises(NotRecorded, match=r"answers\.jsonl"):
        check("who-calls")


# ---- under nbgrader's own execution


AUTOGRADED = "autograded/luo/small"


@pytest.mark.parametrize(("answer", "points"), [("beta", 2.0), ("alpha", 0.0), (None, 0.0), (["beta"], 0.0)])
def test_autograding_gives_the_points_by_the_key(fetched: Start, answer: Any, points: float) -> None:
    fetched(line(entry("who-calls", answer)), under="autograde", at=AUTOGRADED)

    assert check("who-calls") == points
    assert isinstance(check("who-calls"), float)


def test_autograding_without_a_record_gives_nothing(fetched: Start) -> None:
    fetched(under="autograde", at=AUTOGRADED)

    assert check("who-calls") == 0


def test_autograding_without_a_key_is_an_error(fetched: Start, tmp_path: Path) -> None:
    fetched(line(entry("who-calls", "beta")), under="autograde", at=AUTOGRADED)
    (tmp_path / "source/small/questions.toml").unlink()

    with pytest.raises(ContentError):
        check("who-calls")


def test_autograding_an_unknown_question_is_an_error(fetched: Start) -> None:
    fetched(under="autograde", at=AUTOGRADED)

    with pytest.raises(UnknownQuestion):
        check("who-knows")


@pytest.mark.parametrize("under", ["", "validate", "other"])
def test_a_score_is_never_shown_to_a_learner(fetched: Start, under: str) -> None:
    fetched(line(entry("who-calls", "beta")), under=under)

    assert not isinstance(check("who-calls"), float | int)
