"""What learners of a habit hand in, computed from the key, and what it must earn. For `lockdesk demo --term`."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from ..cases import Act, Case, Ticket, draw, ticket_lists, variant_for
from ..key import Exercise, Key
from ..proofs import play_listed, random_acts
from ..questions import Match, Multi, Number, Order, Question, Single, Written, right_keys
from ..replay import score_log
from ..replay.task import Task, score_task
from ..scoring import score, worth
from ..text import Lang

Habit = Literal["perfect", "half", "guess", "blank"]
SHARE: dict[Habit, float] = {"perfect": 1.0, "half": 0.5, "guess": 0.0, "blank": 0.0}
"""The share of a written answer's points that the demo's grader gives."""
GUESSED_ACTS = 12


class Doing(msgspec.Struct, frozen=True):
    """What is recorded for one exercise, answer by answer, in which variant, and what it must earn."""

    exercise: Exercise
    variant: str
    edition: str
    answers: tuple[Any, ...]
    expected: float


def doings(key: Key, learner: str, habit: Habit, lang: Lang) -> list[Doing]:
    """Everything that a learner of this habit does in an assignment; the same for the same names."""
    found = []
    for number, (name, exercise) in enumerate(key.exercises.items()):
        chance = random.Random(f"{learner} {name}")  # noqa: S311 a learner's whim, not a secret
        variant = variant_for(exercise, learner) if isinstance(exercise, Case | Task) else learner
        if habit == "blank":
            answers: Sequence[Any] = ()
        elif isinstance(exercise, Case):
            answers = _call(exercise, variant, habit, chance)
        elif isinstance(exercise, Task):
            answers = _task(exercise, habit, chance)
        else:
            answers = (_answer(exercise, habit, number, chance, lang),)
        found.append(Doing(exercise, variant, key.edition_of(name), tuple(answers), _worth(exercise, variant, answers, habit)))
    return found


def solution_of(exercise: Case | Task, variant: str) -> list[dict[str, Any]]:
    """What is recorded of somebody who does what the exercise's own solution does."""
    chance = random.Random()  # noqa: S311 not drawn from: a solution leaves nothing to it
    return _call(exercise, variant, "perfect", chance) if isinstance(exercise, Case) else _task(exercise, "perfect", chance)


def _worth(exercise: Exercise, variant: str, answers: Sequence[Any], habit: Habit) -> float:
    if not answers:
        return 0.0
    match exercise:
        case Written():
            return exercise.points * SHARE[habit]
        case Case():
            return worth(exercise.points, score_log(exercise, list(answers), variant).percent / 100)
        case Task():
            return worth(exercise.points, score_task(exercise, list(answers[:-1]), variant).share)
        case _:
            return score(exercise, answers[0]).earned


def _answer(question: Question, habit: Habit, number: int, chance: random.Random, lang: Lang) -> Any:
    """A right answer, a wrong one to every second question, or one drawn by chance."""
    if habit == "guess":
        return _guess(question, chance)
    right = _right(question, lang)
    return right if habit == "perfect" or number % 2 == 0 or isinstance(question, Written) else _wrong(question)


def _right(question: Question, lang: Lang) -> Any:
    match question:
        case Single():
            return next(iter(right_keys(question)))
        case Multi():
            return sorted(right_keys(question))
        case Order():
            return [step.key for step in question.steps]
        case Match():
            return {item.key: item.target for item in question.items}
        case Number():
            return question.answer
        case Written():
            return question.sample[lang]


def _wrong(question: Question) -> Any:
    match question:
        case Single() | Multi():
            wrong = [option.key for option in question.options if not option.correct]
            return wrong[0] if isinstance(question, Single) else wrong
        case Order():
            return [step.key for step in (*question.steps[1:], question.steps[0])]
        case Match():
            return {item.key: next(one.key for one in question.targets if one.key != item.target) for item in question.items}
        case Number():
            return question.answer + question.tolerance + 1
        case Written():
            return "?"


def _guess(question: Question, chance: random.Random) -> Any:
    match question:
        case Single():
            return chance.choice(question.options).key
        case Multi():
            return [option.key for option in question.options if chance.random() < 0.5] or [question.options[0].key]
        case Order():
            return [step.key for step in chance.sample(question.steps, len(question.steps))]
        case Match():
            return {item.key: chance.choice(question.targets).key for item in question.items}
        case Number():
            return chance.randrange(100)
        case Written():
            return "…"


def _call(case: Case, variant: str, habit: Habit, chance: random.Random) -> list[dict[str, Any]]:
    """The model solution, the first half of it with its ticket, or acts and a ticket drawn by chance; as the desk records them."""
    call = draw(case, variant)
    model = [row.act for row in play_listed(call, case.solution).rows]
    if habit == "guess":
        fields = {name: chance.choice(rows).key for name, rows in ticket_lists().items()}
        ticket = Act("ticket", ticket=Ticket(**fields, amount=float(chance.randrange(5000))))
        acts = [*random_acts(call, chance, GUESSED_ACTS), ticket]
    else:
        acts = model if habit == "perfect" else [*model[: len(model) // 2], model[-1]]
    return [{name: value for name, value in msgspec.to_builtins(act).items() if value not in ("", None)} for act in acts]


def _task(task: Task, habit: Habit, chance: random.Random) -> list[dict[str, Any]]:
    """The solution, the first half of it, or keys pressed by chance; then the terminal is handed over."""
    events: list[dict[str, Any]] = msgspec.to_builtins(list(task.solution))
    if habit == "half":
        events = events[: max(1, len(events) // 2)]
    if habit == "guess":
        events = [{"do": "press", "key": chance.choice([*"0123456789", "ok", "menu", "cancel"])} for _ in range(GUESSED_ACTS)]
    return [*events, {"done": 1}]
