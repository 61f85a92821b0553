"""A call as one learner has it: it shows what the console shows, records act by act, and comes back as it was left."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lockdesk
from builders import EDITION, JSON, NOON, REPOSITORY, both, case_file, entry, single
from lockdesk import case as front_door
from lockdesk.answers import AnswerLog, encode
from lockdesk.cases import Case, acts, draw, ticket_lists, variant_for
from lockdesk.cases.model import Play
from lockdesk.cases.publishing import published
from lockdesk.cases.reading import read_case, read_cases
from lockdesk.proofs import play_listed
from lockdesk.published import Published
from lockdesk.replay import MAX_ENTRIES
from lockdesk.text import HTML_LANG, LANGS, Lang, word
from lockdesk.widgets.call import CaseWidget
from lockdesk.widgets.desk import CaseExercise
from lockdesk.widgets.desk_words import say
from lockdesk.widgets.fallback import Notice
from lockdesk.widgets.sheet import Sheet

CASES = read_cases(REPOSITORY / "notebooks/cases")
NOODLES = CASES["operator-three-at-noon"]
each_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)
each_lang = pytest.mark.parametrize("lang", LANGS)

Kernel = Callable[..., Path]
Doing = dict[str, Any]
TICKET = {"lock_class": "L12", "authority": "desk", "option": "R0", "reason": "software", "money": "safe", "amount": 0}


def call(case: Case = NOODLES, log: AnswerLog | None = None, lang: Lang = "en", learner: str = "learner") -> CaseExercise:
    return CaseExercise(case, learner, lang, log, lambda: NOON)


def again(one: CaseExercise, log: AnswerLog, lang: Lang = "en") -> CaseExercise:
    """The same call after a restart: from what is on disk alone."""
    return call(one.case, AnswerLog(log.path), lang)


def received(one: CaseExercise) -> dict[str, Any]:
    """The view as a front end has it."""
    view: dict[str, Any] = json.loads(json.dumps(one.view(), allow_nan=False))
    return view


def unsaved(one: CaseExercise) -> dict[str, Any]:
    """The view without what is said about saving."""
    return received(one) | {"save": None}


def words_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, one in value.items():
            yield name
            yield from words_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from words_in(one)


def doings(case: Case, listed: Play | None = None, learner: str = "learner") -> list[Doing]:
    """A listed play, by default the model solution, as a front end reports it; with its ticket."""
    played = play_listed(draw(case, variant_for(case, learner)), listed or case.solution)
    plain = [msgspec.to_builtins(row.act) for row in played.rows]
    return [{name: value for name, value in one.items() if value not in ("", None)} for one in plain]


def do(one: CaseExercise, *answers: object) -> dict[str, Any]:
    for answer in answers:
        one.handle("act", answer)
    return received(one)


def recorded(log: AnswerLog) -> list[Any]:
    return [one.answer for one in AnswerLog(log.path).read().entries]


def ticket(**instead: Any) -> Doing:
    return {"act": "ticket", "ticket": TICKET | instead}


def no_space(*_: object) -> int:
    raise OSError(28, "no space")


# ---- what is shown


@each_lang
@each_case
def test_every_case_opens_in_both_languages(case: Case, lang: Lang) -> None:
    view = received(call(case, lang=lang))

    assert (view["id"], view["kind"], view["prompt"], view["lang"]) == (case.id, "case", case.title[lang], HTML_LANG[lang])
    assert [line["who"] for line in view["lines"]] == ["caller"]
    assert (view["minute"], view["try"], view["closed"], view["gone"], view["debrief"]) == (0, 1, False, False, None)
    assert not [text for text in words_in(view) if re.search(r"\{\w+\}", text) and text not in view["words"].values()]


def test_every_act_is_offered_once_as_a_tab_or_in_a_group() -> None:
    view = received(call())

    offered = [tab["id"] for tab in view["tabs"]] + [act["id"] for group in view["groups"] for act in group["acts"]]

    assert sorted(offered) == sorted(acts())


@each_case
def test_the_view_has_the_same_keys_in_every_state(case: Case) -> None:
    one = call(case)
    before = received(one).keys()

    for answer in doings(case):
        assert do(one, answer).keys() == before
    one.handle("again")
    assert received(one).keys() == before


@each_lang
@each_case
def test_before_the_ticket_the_view_holds_nothing_of_the_key(case: Case, lang: Lang) -> None:
    plays = (case.solution, *case.paths, *case.mistakes)
    key = [part.why[other] for part in (*plays, *case.checks) for other in LANGS]
    key += [clock.text[other] for clock in case.clocks for other in LANGS if "{" not in clock.text[other]]
    ids = {part.id for part in (*plays, *case.checks)} - {"model"}
    one = call(case, lang=lang)

    for answer in [None, *doings(case)[:-1]]:
        view = do(one, answer) if answer else received(one)
        words = list(words_in(view))
        assert not [text for text in words for secret in key if secret in text]
        assert not ids & set(words)
        assert not [text for text in words if re.search(r"\bID ?[0-4]\b", text)]
        assert not {"threat", "standing", "impostor", "unlisted", "substitution", "third-party", "solution", "proof"} & set(words)


@each_case
def test_the_first_view_is_the_same_whatever_is_true(case: Case) -> None:
    bare = msgspec.structs.replace(
        case,
        threat="theft" if case.threat != "theft" else "none",
        caller=msgspec.structs.replace(case.caller, standing="impostor" if case.caller.standing != "impostor" else "staff", proof=()),
        solution=Play(id="other", steps=(), why=case.title),
        checks=(),
        paths=(),
        mistakes=(),
    )

    assert received(call(bare)) == received(call(case))


@each_case
def test_what_the_caller_would_say_later_is_not_on_the_page(case: Case) -> None:
    words = "\n".join(words_in(received(call(case))))

    assert not [one.act for one in case.says if "{" not in one.text.en and one.text.en in words]


# ---- acts


def test_acts_are_recorded_one_line_each(log: AnswerLog) -> None:
    played = doings(NOODLES)

    do(call(log=log), *played)

    assert recorded(log) == played


@each_case
def test_minutes_and_lines_only_grow(case: Case) -> None:
    one = call(case)
    before = received(one)

    for answer in doings(case):
        after = do(one, answer)
        assert after["minute"] >= before["minute"]
        assert after["lines"][: len(before["lines"])] == before["lines"]
        assert len(after["lines"]) > len(before["lines"])
        before = after


def test_an_act_takes_its_minutes_and_stands_in_the_conversation_with_the_answer() -> None:
    view = do(call(lang="zh"), {"act": "ask-who"})

    assert (view["minute"], view["clock"]) == (2, say("clock", "zh", minute=2))
    assert [line["who"] for line in view["lines"]] == ["caller", "you", "caller"]
    assert view["lines"][1]["text"] == acts()["ask-who"].name.zh
    assert [view["lines"][0]["name"], view["lines"][2]["name"]] == [say("caller", "zh"), NOODLES.caller.name.zh]


def test_the_caller_has_no_name_before_it_is_asked_for() -> None:
    assert received(call())["lines"][0]["name"] == say("caller", "en")


def test_a_lookup_fills_its_tab_and_says_when() -> None:
    view = do(call(), {"act": "ask-screen"}, {"act": "view-merchant"})

    tab = next(tab for tab in view["tabs"] if tab["id"] == "view-merchant")
    assert tab["opened"]
    assert NOODLES.contacts[0].name.en in tab["text"]
    assert tab["asOf"] == say("as-of", "en", minute=2)
    assert [tab["id"] for tab in view["tabs"] if tab["opened"]] == ["view-merchant"]


def test_no_serial_is_known_before_somebody_reads_it_out_or_the_list_is_open() -> None:
    serials = [state.serial for state in draw(NOODLES, variant_for(NOODLES, "learner")).devices.values()]
    first = call()
    second = call()

    assert received(first)["terminals"] == []
    assert not [serial for serial in serials for text in words_in(received(first)) if serial in text]
    assert do(first, {"act": "ask-who"})["terminals"] == [{"serial": serials[0], "name": say("read-out", "en")}]
    assert do(second, {"act": "view-devices"})["terminals"] == [{"serial": serials[0], "name": NOODLES.devices[0].label.en}]
    assert do(first, {"act": "view-devices"})["terminals"] == received(second)["terminals"]


@each_case
def test_the_device_list_names_every_terminal_of_the_case(case: Case) -> None:
    view = do(call(case), {"act": "view-devices"})

    assert [one["name"] for one in view["terminals"]] == [device.label.en for device in case.devices]
    assert view["needsTerminal"] == bool(case.devices)


@each_case
def test_the_caller_hangs_up_when_patience_ends_and_the_console_still_works(case: Case) -> None:
    one = call(case)
    do(one, {"act": "ask-who"})

    while received(one)["minute"] <= case.patience:
        do(one, {"act": "security-release"})
    view = received(one)
    asked = do(one, {"act": "ask-screen"})
    looked = do(one, {"act": "view-merchant"})

    assert view["gone"]
    assert not [line for line in asked["lines"][len(view["lines"]) :] if line["who"] == "caller"]
    assert next(tab for tab in looked["tabs"] if tab["id"] == "view-merchant")["opened"]
    assert do(one, ticket())["closed"]


def test_a_call_has_room_for_as_many_entries_as_are_read_and_the_last_is_the_tickets(log: AnswerLog) -> None:
    one = call(log=log)
    do(one, *[{"act": "view-merchant"}] * (MAX_ENTRIES - 1))
    full = unsaved(one)

    refused = do(one, {"act": "view-merchant"})
    closed = do(one, ticket())

    assert refused["say"] == say("too-many", "en")
    assert refused | {"say": "", "save": None} == full
    assert closed["closed"]
    assert len(recorded(log)) == MAX_ENTRIES
    assert unsaved(again(one, log)) == unsaved(one)


# ---- the ticket and the debrief


@each_lang
@each_case
def test_the_model_solution_earns_everything(case: Case, lang: Lang) -> None:
    view = do(call(case, lang=lang), *doings(case))

    assert view["closed"]
    assert view["debrief"]["value"] == 100
    assert view["debrief"]["percent"] == say("percent", lang, percent="100", count=1)
    assert all(check["met"] for check in view["debrief"]["checks"])
    assert len(view["debrief"]["acts"]) == len(doings(case))


@each_case
def test_a_listed_mistake_earns_what_it_says_and_is_told_why(case: Case) -> None:
    for mistake in case.mistakes:
        if not mistake.ticket or not all(getattr(mistake, name) for name in ("lock_class", "authority", "option", "reason")):
            continue
        view = do(call(case), *doings(case, mistake))

        missing = [check for check in view["debrief"]["checks"] if not check["met"]]
        assert view["debrief"]["value"] == pytest.approx(mistake.score, abs=2)
        assert missing
        assert all(check["why"] and check["source"] for check in missing)


def test_nothing_can_be_done_after_the_ticket(log: AnswerLog) -> None:
    one = call(log=log)
    do(one, *doings(NOODLES))
    before = received(one)

    assert do(one, {"act": "view-merchant"}, ticket()) == before
    assert len(recorded(log)) == len(doings(NOODLES))


@pytest.mark.parametrize("name", [*ticket_lists(), "amount"])
def test_a_ticket_with_a_field_left_open_changes_nothing(log: AnswerLog, name: str) -> None:
    one = call(log=log, lang="zh")
    do(one, {"act": "ask-who"})
    before = unsaved(one)
    fields = {field: value for field, value in TICKET.items() if field != name}

    for given_ in (fields, TICKET | {name: ""}, TICKET | {name: None}, TICKET | {name: "nothing"}, TICKET | {name: []}):
        view = do(one, {"act": "ticket", "ticket": given_})
        assert view["say"] == say("incomplete", "zh")
        assert view | {"say": "", "save": None} == before
    assert len(recorded(log)) == 1


@pytest.mark.parametrize("amount", [float("nan"), float("inf"), -float("inf"), 1e13, 10**400, True, "12", [12]], ids=repr)
def test_a_sum_that_is_none_changes_nothing(log: AnswerLog, amount: Any) -> None:
    one = call(log=log)

    view = do(one, ticket(amount=amount))

    assert (view["closed"], view["say"]) == (False, say("incomplete", "en"))
    assert recorded(log) == []


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "ask-who",
        ["ask-who"],
        {},
        {"act": "reboot-the-bank"},
        {"act": ["ask-who"]},
        {"act": "ask-who", "arg": "x"},
        {"act": "ask-who", "more": 1},
        {"act": "call-back"},
        {"act": "call-back", "arg": "on-moon"},
        {"act": "wipe", "on": 3},
        {"act": "wipe", "on": "9" * 41},
        {"act": "wipe", "on": "\ud800"},
        {"act": "ask-who", "ticket": TICKET},
        {"start": 2},
        {"act": "ask-who", 3: 4},
    ],
    ids=repr,
)
def test_what_is_no_act_changes_nothing_and_says_so(log: AnswerLog, answer: Any) -> None:
    one = call(log=log)
    before = received(one)

    view = do(one, answer)

    assert view["say"] == say("no-such-act", "en")
    assert view | {"say": ""} == before
    assert recorded(log) == []


JUNK = JSON | st.fixed_dictionaries(
    {"act": st.sampled_from([*acts(), "ticket", "start"])},
    optional={"arg": JSON, "on": JSON, "ticket": JSON | st.dictionaries(st.sampled_from([*TICKET]), JSON), "start": JSON},
)


@given(st.lists(st.tuples(st.sampled_from(["act", "again", "answer", "hint", ""]), JUNK), max_size=12))
def test_whatever_a_front_end_sends_nothing_raises_and_only_acts_count(events: list[tuple[str, Any]]) -> None:
    one = call()

    for event, answer in events:
        before = received(one)
        one.handle(event, answer)
        after = received(one)
        if len(after["lines"]) == len(before["lines"]):
            assert after | {"say": ""} == before | {"say": ""}
        else:
            assert event == "act"
            assert isinstance(answer, dict)
            assert answer["act"] in acts()
            assert not after["closed"]


# ---- another try


def test_another_try_is_counted_starts_afresh_and_leaves_the_old_lines(log: AnswerLog) -> None:
    one = call(log=log)
    first = received(one)
    one.handle("again")
    assert received(one) == first
    do(one, {"act": "ask-who"}, ticket())

    one.handle("again")
    view = received(one)

    assert view["try"] == 2
    assert view | {"try": 1, "save": None} == first | {"save": None}
    assert recorded(log) == [{"act": "ask-who"}, ticket(), {"start": 2}]
    assert do(one, *doings(NOODLES))["debrief"]["percent"] == say("percent", "en", percent="100", count=2)


# ---- restoring


@each_lang
@each_case
def test_a_restart_at_any_point_changes_nothing(case: Case, lang: Lang, log: AnswerLog) -> None:
    one = call(case, log, lang)
    wrong = [{"act": "ask-who"}, {"act": "wipe", "on": "000"}, ticket()]

    for answer in [*wrong, "again", *doings(case)]:
        if answer == "again":
            one.handle("again")
        else:
            do(one, answer)
        assert unsaved(again(one, log, lang)) == unsaved(one)
    assert received(again(one, log, lang))["save"]["state"] == "restored"
    assert received(one)["debrief"]["value"] == 100


def test_the_call_goes_on_in_the_other_language(log: AnswerLog) -> None:
    one = call(log=log)
    do(one, *doings(NOODLES)[:3])

    other = again(one, log, "zh")

    assert received(other)["minute"] == received(one)["minute"]
    assert do(other, *doings(NOODLES)[3:])["debrief"]["value"] == 100


def test_a_call_begun_under_another_name_goes_on_in_the_variant_it_began_in(log: AnswerLog) -> None:
    names = ("somebody", "else")
    assert variant_for(NOODLES, names[0]) != variant_for(NOODLES, names[1])
    played = doings(NOODLES, learner=names[0])
    do(call(log=log, learner=names[0]), *played[:4])

    other = call(log=AnswerLog(log.path), learner=names[1])
    do(other, *played[4:])
    other.handle("again")
    do(other, *played[:4])

    assert {one.variant for one in log.read().entries} == {variant_for(NOODLES, names[0])}
    assert unsaved(call(log=AnswerLog(log.path), learner=names[1])) == unsaved(other)


def hostile_answers() -> list[Any]:
    odd: list[Any] = [None, 0, "x", [], {}, {"act": "none-such"}, {"act": 3}, {"start": 2}, {"start": True}, {"start": []}]
    odd += [{"act": "ticket"}, {"act": "ticket", "ticket": {}}, ticket(amount="x"), ticket(amount=1e15), ticket(option="R9")]
    odd += [{"act": "call-back", "arg": "x"}, {"act": "wipe", "on": "8" * 60}, [[[[1]]]], {"act": {"act": {"act": "ask-who"}}}]
    return odd


def test_ten_thousand_hostile_lines_change_nothing(log: AnswerLog) -> None:
    odd = hostile_answers()
    lines = [encode(entry(NOODLES.id, odd[n % len(odd)], n + 1, variant=["v00", "", "v99"][n % 3])) for n in range(10_000)]
    log.path.write_bytes(b"".join(lines))

    one = call(log=log)

    assert unsaved(one) == unsaved(call())
    assert do(one, *doings(NOODLES))["debrief"]["value"] == 100
    assert unsaved(again(one, log)) == unsaved(one)


@given(st.lists(JUNK, max_size=8))
def test_a_hostile_record_never_raises(answers: list[Any]) -> None:
    class Lies(AnswerLog):
        def read(self) -> Any:
            return msgspec.structs.replace(super().read(), entries=tuple(entry(NOODLES.id, one, variant="v00") for one in answers))

    view = received(call(log=Lies(Path("/nonexistent/answers.jsonl"))))

    assert view["try"] == 1
    assert not view["closed"]


def test_lines_after_a_ticket_count_for_nothing_until_the_next_try(log: AnswerLog) -> None:
    one = call(log=log)
    do(one, {"act": "ask-who"})
    slow = again(one, log)
    do(one, ticket())

    do(slow, {"act": "view-merchant"})

    assert unsaved(again(one, log)) == unsaved(one)


def test_a_call_of_an_older_edition_is_left_in_the_record_and_begun_anew(log: AnswerLog) -> None:
    do(call(log=log), *doings(NOODLES))
    newer = msgspec.structs.replace(NOODLES, edition="2027-01")

    view = received(call(newer, AnswerLog(log.path)))

    assert (view["closed"], view["try"], len(view["lines"])) == (False, 1, 1)
    assert view["save"] == {"state": "older", "text": word("restored-older", "en", time="12:10")}
    assert len(recorded(log)) == len(doings(NOODLES))


# ---- saving


def test_a_graded_call_has_one_try_and_no_debrief(log: AnswerLog) -> None:
    def graded() -> CaseExercise:
        sheet = Sheet(Published(1, "small", EDITION, both("A call"), (), (published(NOODLES),)), "learner", "en", log, lambda: NOON)
        return CaseExercise(NOODLES, "learner", "en", log, lambda: NOON, sheet)

    one = graded()
    closed = do(one, *doings(NOODLES))
    one.handle("again")
    log.append(entry({"start": 2}, q=NOODLES.id, edition=NOODLES.edition))

    assert (closed["closed"], closed["debrief"]) == (True, None)
    assert (received(one)["try"], received(one)["closed"], received(graded())["closed"]) == (1, True, True)
    assert {"start": 2} not in recorded(log)[:-1]
    assert not set(words_in(received(one))) & {check.why.en for check in NOODLES.checks}


def test_a_preview_records_nothing() -> None:
    view = do(call(), *doings(NOODLES))

    assert view["save"] == {"state": "preview", "text": word("preview", "en")}
    assert view["debrief"]["value"] == 100


@each_lang
def test_an_act_that_was_not_saved_is_said_to_be(log: AnswerLog, monkeypatch: pytest.MonkeyPatch, lang: Lang) -> None:
    monkeypatch.setattr(os, "write", no_space)

    view = do(call(log=log, lang=lang), {"act": "ask-who"})

    assert view["save"] == {"state": "failed", "text": word("disk-full", lang)}
    assert len(view["lines"]) == 3


def test_what_could_not_be_saved_is_saved_before_the_next_act(log: AnswerLog, monkeypatch: pytest.MonkeyPatch) -> None:
    one = call(log=log)
    played = doings(NOODLES)
    do(one, *played[:2])
    with monkeypatch.context() as full:
        full.setattr(os, "write", no_space)
        do(one, *played[2:4])

    do(one, *played[4:])

    assert recorded(log) == played
    assert received(one)["save"]["state"] == "saved"
    assert received(again(one, log))["debrief"]["value"] == 100


def test_a_record_that_is_not_ours_is_named(log: AnswerLog) -> None:
    log.path.write_text("my notes\n")

    view = received(call(log=log))

    assert view["save"] == {"state": "failed", "text": word("not-ours", "en", detail=str(log.path))}


# ---- the front door


@pytest.fixture
def small(kernel: Kernel) -> Case:
    """The small case beside the lessons of a fresh kernel."""
    return read_case(case_file(kernel(single()).parent / "cases"))


def shown(name: str = "small-call") -> CaseWidget:
    widget = front_door(name)
    assert isinstance(widget, CaseWidget), widget
    return widget


def told(name: str) -> str:
    notice = front_door(name)
    assert isinstance(notice, Notice)
    return repr(notice)


def send(widget: CaseWidget, *answers: Any) -> None:
    for answer in answers:
        widget.events = [{"client": "tab", "n": widget.view["acks"].get("tab", 0) + 1, "type": "act", "answer": answer}]


@each_lang
def test_a_cell_shows_the_case_in_the_language_of_its_folder(small: Case, kernel: Kernel, lang: Lang) -> None:
    kernel(lang=lang)

    widget = shown()

    assert widget.view["prompt"] == small.title[lang]
    assert small.title[lang] in widget._repr_mimebundle_()[0]["text/html"]
    assert repr(widget) == "<case 'small-call'>"


def test_a_cell_that_is_run_again_shows_the_same_widget_as_far_as_the_call_has_come(small: Case) -> None:
    widget = shown()
    send(widget, {"act": "ask-screen"})

    assert shown() is widget
    assert (widget.view["minute"], len(widget.view["lines"])) == (1, 3)


def test_a_new_kernel_shows_the_call_as_it_was_left(small: Case, kernel: Kernel) -> None:
    send(shown(), {"act": "ask-screen"}, {"act": "ask-who"})

    kernel()

    assert shown().view["minute"] == 3
    assert shown().view["save"]["state"] == "restored"


def test_an_unknown_case_is_said_with_the_nearest_names(small: Case) -> None:
    text = told("smal-call")

    assert word("unknown-question", "en", id="smal-call", where="notebooks/cases").split("notebooks")[0] in text
    assert word("did-you-mean", "en", near="small-call") in text


def test_an_unknown_case_is_said_where_there_are_no_cases(kernel: Kernel) -> None:
    kernel(lang="zh")

    text = told("small-call")

    assert "small-call" in text
    assert word("tell-author", "zh") in text


def test_a_faulty_case_is_said_and_stops_no_cell(small: Case, kernel: Kernel) -> None:
    case_file(kernel().parent / "cases", "faulty", patience="-3")
    case_file(kernel().parent / "cases", "torn").write_text("edition = ")

    assert "faulty.toml, patience" in told("faulty")
    assert "torn.toml" in told("torn")
    assert shown().view["id"] == "small-call"


def test_the_record_names_the_case_its_edition_and_variant(small: Case, kernel: Kernel) -> None:
    send(shown(), {"act": "ask-screen"})

    (line,) = AnswerLog(kernel().parent / "answers.jsonl").read().entries

    assert (line.q, line.edition, line.attempt, line.lang, line.answer) == (small.id, EDITION, 1, "en", {"act": "ask-screen"})
    assert re.fullmatch(r"v[0-6]\d", line.variant)


def test_every_cell_after_the_first_finds_the_front_door_too(small: Case) -> None:
    shown()

    assert lockdesk.case("small-call") is shown()
