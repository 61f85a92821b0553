"""What the graded assignments prove: right answers earn all, nothing earns nothing, mistakes cost, habits and neighbours do not pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain, combinations, pairwise
from pathlib import Path
from statistics import mean
from typing import Any

import msgspec
import pytest

from builders import REPOSITORY, call_lines, entry, model_answer, task_lines
from lockdesk import guessing, strategies
from lockdesk.answers import Entry, Examined, encode
from lockdesk.cases import Act, Call, Case, Ticket, acts, draw, law, variant_for
from lockdesk.cases.model import Play
from lockdesk.cases.reading import read_cases
from lockdesk.grading.assess import Assessment, assess, assess_folder
from lockdesk.grading.batch import _alike
from lockdesk.grading.habits import Habit, doings
from lockdesk.grading.term import ORDER, assignments_of
from lockdesk.key import Exercise, Key, read_key
from lockdesk.lessons import read_notebook, source_of
from lockdesk.place import LOG
from lockdesk.proofs import SHARED, TOLERANCE, play_listed, score_listed, shared
from lockdesk.published import read_published
from lockdesk.questions import Match, Multi, Number, Order, Question, Single, Written, asked, is_answer
from lockdesk.replay import Played, money_of, play_steps, score_of
from lockdesk.replay.task import Task, begin, score_task
from lockdesk.scoring import score
from lockdesk.terminal import locks
from lockdesk.text import LANGS, Lang

KEYS = {name: read_key(REPOSITORY / "source" / name) for name in ORDER}
PRACTICE = read_cases(REPOSITORY / "notebooks/cases")
CASES = {case.id: case for key in KEYS.values() for case in key.cases.values()}
TASKS = {task.id: task for key in KEYS.values() for task in key.tasks.values()}
QUESTIONS = {question.id: question for key in KEYS.values() for question in key.questions.values()}
VARIANTS = tuple(f"v{number:02}" for number in range(64))
LEARNERS = tuple(f"{name}.{number}" for number in range(10) for name in ("wang.lei", "li.na", "zhao", "陈晨", "o'brien"))
A_CENT = 0.005 + 1e-6

each_assignment = pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
each_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)
each_task = pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)


def by_rule(key: Key) -> dict[str, Exercise]:
    """What no person has to read."""
    return {name: one for name, one in key.exercises.items() if not isinstance(one, Written)}


def points(exercises: Iterable[Exercise]) -> float:
    return sum(one.points for one in exercises)


def record(key: Key, learner: str, lang: Lang = "en", habit: Habit = "perfect") -> list[Entry]:
    """What a learner of this habit has recorded at the end, at times of their own."""
    answers = [(one, number, answer) for one in doings(key, learner, habit, lang) for number, answer in enumerate(one.answers, 1)]
    first = datetime(2026, 11, 22, 4, tzinfo=UTC) + timedelta(milliseconds=7 * sum(map(ord, learner)))
    return [
        entry(
            one.exercise.id,
            answer,
            number,
            edition=one.edition,
            variant=one.variant,
            lang=lang,
            at=f"{first + timedelta(seconds=line):%Y-%m-%dT%H:%M:%S}.{first.microsecond // 1000:03}Z",
        )
        for line, (one, number, answer) in enumerate(answers)
    ]


def graded(key: Key, lines: Iterable[Entry], learner: str) -> Assessment:
    return assess(key, Examined(tuple(lines)), learner)


def earned(done: Assessment, names: Iterable[str]) -> dict[str, float]:
    return {name: done.outcomes[name].score.earned for name in names}


def test_there_are_four_assignments() -> None:
    assert assignments_of(REPOSITORY) == list(KEYS)
    assert len(LEARNERS) == len(set(LEARNERS)) == 50


# ---- what an assignment is


@each_assignment
def test_an_assignment_is_a_hundred_points_of_questions_calls_and_texts(key: Key) -> None:
    texts = [question for question in key.questions.values() if isinstance(question, Written)]

    assert points(key.exercises.values()) == 100
    assert len(key.questions) - len(texts) >= 8
    assert len(key.cases) >= 4
    assert len(texts) in (1, 2)
    assert [question.id for question in texts if len(question.criteria) < 3] == []
    assert [question.id for question in texts for lang in LANGS if not is_answer(question, question.sample[lang])] == []


@pytest.mark.parametrize("name", KEYS)
def test_an_assignment_states_its_rules_before_its_first_exercise(name: str) -> None:
    key = KEYS[name]
    cells = read_notebook(REPOSITORY / "source" / name / f"{name}.ipynb")["cells"]
    first = next(number for number, cell in enumerate(cells) if cell["cell_type"] == "code")
    rules = "\n".join(source_of(cell) for cell in cells[:first] if str(cell["id"]).startswith("rules"))
    by_kind: dict[str, float] = {"calls": points(key.cases.values()), "terminal": points(key.tasks.values())}
    by_kind["texts"] = points(one for one in key.questions.values() if isinstance(one, Written))
    by_kind["questions"] = points(key.questions.values()) - by_kind["texts"]

    for worth in (100, *by_kind.values()):
        assert not worth or rules.count(f"{worth:g}") >= 2, f"{worth:g} points are not said in both languages"
    said = ("**one try**", "**只有一次机会**", "A critical breach", "严重违规", "wrong ticks cost", "多选题选错要扣分", "a person reads")
    assert [words for words in said if words not in rules] == []
    assert ("handed over last" in rules) == bool(key.tasks)


def test_the_four_use_every_lock_class_and_every_option() -> None:
    calls = [draw(case, "v00") for case in CASES.values()]
    classes = {law.class_of(call) for call in calls} | {mark for task in TASKS.values() for mark in locks(begin(task, "v00"))}

    assert classes >= {f"L{number}" for number in range(1, 16)}
    assert {law.best(call) for call in calls} >= {f"R{number}" for number in range(8)}
    assert {case.solution.option for case in CASES.values()} >= {f"R{number}" for number in range(8)}


# ---- no graded call is one of practice


def people_of(case: Case) -> set[str]:
    return {text for name in (case.caller.name, *(contact.name for contact in case.contacts)) for text in (name.en, name.zh)}


def sums_of(case: Case) -> set[object]:
    """What is drawn or written as a sum: bounds, and amounts of a batch or of stored sales."""
    sales = (one.total for device in case.devices for one in (device.batch, device.stored) if one and not isinstance(one.total, str))
    return {(vary.low, vary.high) for vary in case.vary} | set(sales)


def numbers_of(case: Case, variant: str) -> set[str]:
    call = draw(case, variant)
    return {call.values["mid"], *(state.serial for state in call.devices.values())}


@each_case
def test_a_graded_call_shares_no_title_person_sum_or_number_with_practice(case: Case) -> None:
    for other in PRACTICE.values():
        assert {case.title.en, case.title.zh}.isdisjoint({other.title.en, other.title.zh})
        assert people_of(case) & people_of(other) == set(), other.id
        assert sums_of(case) & sums_of(other) == set(), other.id
        assert not [variant for variant in ("v00", "v31", "v63") if numbers_of(case, variant) & numbers_of(other, variant)], other.id


@each_case
def test_a_graded_call_is_not_solved_as_one_of_practice_is(case: Case) -> None:
    alike = {other.id: shared(case.solution.steps, other.solution.steps) for other in PRACTICE.values()}

    assert {name: share for name, share in alike.items() if share > SHARED} == {}


def test_only_the_twins_open_as_a_call_of_practice_does() -> None:
    opens = {case.opens.en: case.id for case in PRACTICE.values()}

    assert {case.id: opens[case.opens.en] for case in CASES.values() if case.opens.en in opens} == {
        "stand-by-the-escalator": "booth-in-hall-seven"
    }


# ---- right answers earn everything


def assert_right_answers_earn_all(key: Key, learner: str, lang: Lang) -> None:
    done = graded(key, record(key, learner, lang), learner)

    assert earned(done, by_rule(key)) == {name: one.points for name, one in by_rule(key).items()}
    assert {outcome.state for outcome in done.outcomes.values()} == {"answered"}
    assert {outcome.score.verdict for outcome in done.outcomes.values()} == {"right", "by-hand"}
    assert (done.flags, done.lang) == ((), lang)


@pytest.mark.parametrize("lang", LANGS)
@each_assignment
def test_right_answers_earn_every_point_a_rule_can_give(key: Key, lang: Lang) -> None:
    for learner in LEARNERS[:3]:
        assert_right_answers_earn_all(key, learner, lang)


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
@each_assignment
def test_right_answers_earn_every_point_whoever_gives_them(key: Key, lang: Lang) -> None:
    assert {len({variant_for(case, learner) for learner in LEARNERS}) > 25 for case in key.cases.values()} == {True}
    for learner in LEARNERS:
        assert_right_answers_earn_all(key, learner, lang)


def hardness(case: Case, variant: str) -> Sequence[object]:
    """What a call asks of whoever has this variant: acts, minutes, the lines of its score, and what each listed play earns."""
    call = draw(case, variant)
    played = play_listed(call, case.solution)
    lines = tuple((line.id, round(line.possible, 6)) for line in score_of(played).lines)
    others = tuple(score_listed(call, one).percent for one in (*case.paths, *case.mistakes))
    return (len(played.rows), played.world.minute, law.class_of(call), law.best(call), lines, others)


@each_case
def test_a_call_is_equally_hard_for_everybody(case: Case) -> None:
    assert {hardness(case, variant) for variant in VARIANTS[::9]} == {hardness(case, "v00")}


@pytest.mark.slow
@each_case
def test_a_call_is_equally_hard_in_every_variant(case: Case) -> None:
    assert {hardness(case, variant) for variant in VARIANTS} == {hardness(case, "v00")}


@each_task
def test_a_task_is_equally_hard_in_every_variant(task: Task) -> None:
    solution = msgspec.to_builtins(list(task.solution))

    for number in range(len(solution) + 1):
        assert len({score_task(task, solution[:number], variant).share for variant in VARIANTS[::7]}) == 1


# ---- nothing earns nothing


@pytest.mark.parametrize("name", KEYS)
def test_the_untouched_release_earns_nothing(name: str) -> None:
    done = assess_folder(KEYS[name], REPOSITORY / "release" / name, "luo")

    assert set(earned(done, KEYS[name].exercises).values()) == {0}
    assert {outcome.state for outcome in done.outcomes.values()} == {"blank"}
    assert [flag.reason for flag in done.flags] == ["missing"]


@each_case
def test_a_call_that_is_closed_at_once_earns_nothing(case: Case) -> None:
    tickets = [case.solution, *case.paths, *case.mistakes]

    assert [one.id for one in tickets if score_listed(draw(case, "v07"), msgspec.structs.replace(one, steps=())).percent] == []


# ---- mistakes cost what they say


def listed_plays(key: Key) -> Iterator[tuple[Case, Play]]:
    for case in key.cases.values():
        yield from ((case, one) for one in (*case.paths, *case.mistakes))


@pytest.mark.parametrize("learner", ["luo", "wang.lei"])
@each_assignment
def test_each_listed_path_and_mistake_costs_what_it_says(key: Key, learner: str) -> None:
    whole = record(key, learner)
    for case, one in listed_plays(key):
        lines = [line for line in whole if line.q != case.id] + call_lines(case, learner, one)
        done = earned(graded(key, lines, learner), by_rule(key))

        assert done[case.id] == pytest.approx(case.points * one.score / 100, abs=case.points * TOLERANCE / 100 + A_CENT), one.id
        assert done[case.id] < case.points, one.id
        assert sum(done.values()) == pytest.approx(points(by_rule(key).values()) - case.points + done[case.id])
    assert {case.id for case, _ in listed_plays(key)} == key.cases.keys()


def slips(question: Question) -> Iterator[Any]:
    """The right answer with a single thing wrong in it."""
    right = model_answer(question)
    match question:
        case Single():
            yield from (option.key for option in question.options if not option.correct)
        case Multi():
            for option in question.options:
                yield [key for key in right if key != option.key] if option.correct else [*right, option.key]
        case Order():
            for place in range(len(right) - 1):
                yield [*right[:place], right[place + 1], right[place], *right[place + 2 :]]
        case Match():
            for item in question.items:
                yield from (right | {item.key: target.key} for target in question.targets if target.key != item.target)
        case Number():
            yield from (mistake.value for mistake in question.mistakes)
            yield from (question.answer + 1.001 * question.tolerance + 0.001, question.answer - 1.001 * question.tolerance - 0.001)


@pytest.mark.parametrize("question", [one for one in QUESTIONS.values() if not isinstance(one, Written)], ids=lambda one: one.id)
def test_a_single_thing_wrong_in_an_answer_costs(question: Question) -> None:
    wrong = list(slips(question))

    assert len(wrong) >= 2
    assert [answer for answer in wrong if score(question, answer).verdict == "unusable"] == []
    assert [answer for answer in wrong if score(question, answer).earned >= question.points] == []
    if isinstance(question, Single | Number):
        assert {score(question, answer).earned for answer in wrong} == {0}


@each_task
def test_each_check_of_a_task_costs_when_it_is_missed(task: Task) -> None:
    events = msgspec.to_builtins(list(task.solution))
    tries = [events[:number] for number in range(len(events))]
    tries += [[*events[:number], *events[number + 1 :]] for number in range(len(events))]
    missed = {name for one in tries for name, met in score_task(task, one, "v05").met.items() if not met}

    assert missed == {check.id for check in task.checks}
    assert [one for one in tries[:1] if score_task(task, one, "v05").share] == []
    for one in tries:
        found = score_task(task, one, "v05")
        assert found.share == pytest.approx(
            sum(check.points for check in task.checks if found.met[check.id]) / sum(check.points for check in task.checks)
        )


# ---- habits


def as_shown(question: Question) -> Question:
    """The question with its options in the order in which an assignment shows them."""
    if not isinstance(question, Single | Multi):
        return question
    order = [choice.key for choice in asked(question).choices]
    return msgspec.structs.replace(question, options=tuple(sorted(question.options, key=lambda option: order.index(option.key))))


def guessed(key: Key) -> dict[tuple[str, str], float]:
    """What each way of answering earns over an assignment's questions, in points: in the order shown or in the file's."""
    questions = [one for one in key.questions.values() if not isinstance(one, Written)]
    return {
        (name, lang): max(sum(score(one, answering(order(one), lang)).earned for one in questions) for order in (as_shown, lambda one: one))
        for name, answering in guessing.HABITS.items()
        for lang in LANGS
    }


def fumbled(task: Task) -> float:
    """The most that doing the same to any terminal earns of a task: nothing, waiting, a restart, one key after the other."""
    keys = [{"do": "press", "key": key} for key in ("menu", "1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "ok", "cancel")]
    ways: list[list[Any]] = [[], [{"do": "wait", "minutes": 30}], [{"do": "restart"}], keys, [*keys, *reversed(keys)] * 3]
    ways += [[{"do": "restart"}, {"do": "wait", "minutes": 5}, *([key] * 3)] for key in keys]
    found = [score_task(task, one, "v00") for one in ways]
    assert not [one for one in found if one.refused]
    return max(one.share for one in found) * task.points


def of_calls(key: Key, row: strategies.Row) -> float:
    return sum(percent * key.cases[name].points / 100 for name, percent in zip(row.cases, row.scores, strict=True))


@each_assignment
def test_no_habit_of_playing_with_any_habit_of_answering_earns_half(key: Key) -> None:
    rows = strategies.table(list(key.cases.values()), searches=1, search_steps=3)
    by_hand = sum(fumbled(task) for task in key.tasks.values())
    half = points(by_rule(key).values()) / 2
    totals = {
        (row.name, *way): of_calls(key, row) + answers + by_hand
        for row in rows
        if row.name != "model"
        for way, answers in guessed(key).items()
    }

    assert len(totals) == (len(strategies.HABITS) + 2) * len(guessing.HABITS) * len(LANGS)
    assert {"reader"} <= {row.name for row in rows}
    assert {name: total for name, total in totals.items() if total >= half} == {}
    assert of_calls(key, rows[0]) == points(key.cases.values())


@pytest.mark.slow
@each_assignment
def test_the_best_list_of_acts_that_a_search_finds_does_not_earn_half(key: Key) -> None:
    calls = [draw(case, "v00") for case in key.cases.values()]
    found = strategies.search(calls, 2, 900)
    percents = [strategies.percent(strategies.play_habit(call, found)) for call in calls]
    total = sum(percent * call.case.points / 100 for percent, call in zip(percents, calls, strict=True))

    assert total > 0
    assert total + max(guessed(key).values()) + sum(fumbled(task) for task in key.tasks.values()) < points(by_rule(key).values()) / 2


ENDS = {
    "R0": ("basic-steps", "settle"),
    "R1": ("admin-reset",),
    "R2": ("push-profile", "clear-code", "send-code:registered"),
    "R4": ("vendor-token", "push-profile"),
    "R5": ("wipe", "push-profile"),
    "R6": ("swap",),
    "refuse": ("refuse",),
    "R7": ("route:security",),
}


def play_by_the_file(call: Call) -> Played:
    """Somebody who reads all of questions.json: knows class, threat and standing, does every act for which the call has words of its own,
    in the order of the catalogue, stops every clock first, ends it by the class table, and writes down the true sum."""
    case, mark = call.case, law.class_of(call)
    end = min((one for one in law.RANK if one != "R7" and mark in strategies._classes(one)), key=lambda one: law.RANK[one], default="R7")
    if case.threat != "none" or case.standing_in_doubt:
        end = "refuse" if case.threat in ("none", "impostor") else "R7"
    ends = ENDS.get(end) or (f"route:{law.OWNERS.get(mark, 'security')}",)
    here = [one.act.partition("@")[0] for one in case.says if one.act.partition("@")[2] in ("", call.subject)]
    known = {*here, *(act for flag in case.flags for act in flag.sources), *(act for clock in case.clocks for act in clock.unless)}
    groups = {name: acts()[name.partition(":")[0]].group for name in strategies.everything()}
    first = [clock.unless[0] for clock in case.clocks if groups.get(clock.unless[0].partition("@")[0]) in ("protect", "inspect")]
    asks = [name for name, group in groups.items() if group in ("ask", "look") and name in known]
    before = [*strategies.VERIFY, "inspect-body", "evidence", "keep-receipts", "upload"]
    after = ["explain:reason-and-route", "offer-alternative", "test-and-void", "reconcile", "harden", "closing-note"]
    before = [one for one in before if one in known or one == "match-record"]
    steps = [*first, *asks, *before, *ends, *(one for one in after if one in known)]
    place, amount = money_of(call, play_steps(call, steps).world)
    option = "R7" if end == "refuse" else end
    ticket = Ticket(lock_class=mark, authority=law.AUTHORITY[mark], option=option, reason=law.REASON[mark], money=place, amount=amount)
    return play_steps(call, steps, Act("ticket", ticket=ticket))


@pytest.mark.parametrize("name", KEYS)
def test_whoever_reads_the_released_file_and_guesses_earns_less_than_half(name: str) -> None:
    key = KEYS[name]
    published = read_published(REPOSITORY / "release" / name)
    total = 0.0
    for case in key.cases.values():
        assert draw(published.case(case.id), "v00").devices == draw(case, "v00").devices
        total += strategies.percent(play_by_the_file(draw(case, "v00"))) * case.points / 100

    assert 0 < total + max(guessed(key).values()) + sum(fumbled(task) for task in key.tasks.values()) < points(key.exercises.values()) / 2


# ---- neighbours

PAIRS = [(f"v{number:02}", f"v{(number * 7 + 5) % 64:02}") for number in range(0, 64, 3)]


@each_case
def test_something_a_right_answer_needs_differs_between_learners(case: Case) -> None:
    """Between most: a serial or a sum in the model solution's own acts differs, and to have the neighbour's costs."""
    pairs = [(mine, theirs) for mine, theirs in PAIRS if mine != theirs]
    acts_of = {name: [row.act for row in play_listed(draw(case, name), case.solution).rows] for name in {*chain(*pairs)}}

    assert mean(acts_of[mine] != acts_of[theirs] for mine, theirs in pairs) >= 0.9
    assert mean(strategies.neighbour(case, mine, theirs) < 100 for mine, theirs in pairs) >= 0.9


@pytest.mark.parametrize("name", KEYS)
def test_learner_and_grader_draw_the_same_numbers(name: str) -> None:
    published = read_published(REPOSITORY / "release" / name)
    for case in KEYS[name].cases.values():
        theirs = published.case(case.id)
        assert [variant_for(theirs, one) for one in LEARNERS] == [variant_for(case, one) for one in LEARNERS]
        for variant in VARIANTS:
            ours, drawn = draw(case, variant), draw(theirs, variant)
            assert (drawn.values, drawn.devices) == (ours.values, ours.devices)
    for task in KEYS[name].tasks.values():
        given = published.task(task.id)
        assert [variant_for(given, one) for one in LEARNERS] == [variant_for(task, one) for one in LEARNERS]
        assert [begin(given, variant) for variant in VARIANTS] == [begin(task, variant) for variant in VARIANTS]


def strangers(key: Key) -> list[tuple[str, str]]:
    """Pairs of learners who have the same numbers in no call of an assignment."""
    found = [
        (one, other)
        for one, other in pairwise(LEARNERS)
        if all(variant_for(case, one) != variant_for(case, other) for case in key.cases.values())
    ]
    assert len(found) > 40
    return found


def retold(key: Key, lines: Iterable[Entry], learner: str, at: bool) -> list[Entry]:
    """A neighbour's lines with one's own name and numbers of the variant in them, and with `at` times of one's own."""
    played = {**key.cases, **key.tasks}
    mine = {name: variant_for(one, learner) for name, one in played.items()}
    day = "2026-11-23T" if at else "2026-11-22T"
    return [msgspec.structs.replace(line, variant=mine.get(line.q, learner), at=line.at.replace("2026-11-22T", day)) for line in lines]


@each_assignment
def test_a_neighbours_acts_in_ones_own_variant_earn_less_than_half_of_the_calls(key: Key) -> None:
    for mine, theirs in strangers(key)[:4]:
        done = graded(key, retold(key, record(key, theirs), mine, at=True), mine)

        assert sum(earned(done, key.cases).values()) < points(key.cases.values()) / 2
        assert {name for name, one in earned(done, key.cases).items() if one < key.cases[name].points} == key.cases.keys()


@each_assignment
def test_a_whole_record_of_a_neighbour_is_flagged_with_the_name_and_what_was_played(key: Key) -> None:
    mine, theirs = strangers(key)[0]
    lines = record(key, theirs)
    flags = {flag.reason: flag.detail for flag in graded(key, lines, mine).flags}

    assert flags["other-learner"] == theirs
    assert set(flags) == {"other-learner", "other-variant"}
    assert flags["other-variant"].split(", ")[0] in key.cases
    assert {flag.reason for flag in graded(key, [line for line in lines if line.q not in key.questions], mine).flags} == {"other-variant"}


@pytest.mark.parametrize("name", KEYS)
def test_a_neighbours_record_under_ones_own_name_is_known_by_its_times(name: str, tmp_path: Path) -> None:
    """Answers to questions do not vary: told at other times under one's own name they are right, and no sign of anything."""
    key = KEYS[name]
    mine, theirs = strangers(key)[0]
    lines = record(key, theirs)
    files = {theirs: lines, mine: retold(key, lines, mine, at=False), "later": retold(key, lines, "later", at=True)}
    folders = {learner: tmp_path / str(number) for number, learner in enumerate(files)}
    for learner, folder in folders.items():
        folder.mkdir()
        (folder / LOG).write_bytes(b"".join(map(encode, files[learner])))
    later = graded(key, files["later"], "later")

    assert _alike(folders) == {theirs: {mine}, mine: {theirs}, "later": set()}
    assert later.flags == ()
    assert earned(later, key.questions) == {one.id: 0 if isinstance(one, Written) else one.points for one in key.questions.values()}
    assert sum(earned(later, key.cases).values()) < points(key.cases.values()) / 2


def test_no_two_exercises_of_the_four_have_one_id_and_every_title_is_its_own() -> None:
    ids = [name for key in KEYS.values() for name in key.exercises]
    titles = [case.title[lang] for case in (*CASES.values(), *PRACTICE.values()) for lang in LANGS]

    assert len(ids) == len(set(ids))
    assert len(titles) == len(set(titles))
    assert not [pair for pair in combinations(CASES.values(), 2) if shared(pair[0].solution.steps, pair[1].solution.steps) > 0.75]


@each_task
def test_a_tasks_solution_is_recorded_as_it_is_graded(task: Task) -> None:
    lines = [line.answer for line in task_lines(task, "luo", done=False)]

    assert score_task(task, lines, variant_for(task, "luo")).share == 1
