"""A call is a world: acts move it, words answer from it, what is unlawful is possible, and what is impossible says why."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import REPOSITORY
from lockdesk.cases import (
    Act,
    Call,
    Case,
    Ticket,
    World,
    acts,
    catalogue,
    draw,
    law,
    level,
    named,
    opening,
    start,
    step,
    ticket_lists,
    variant_for,
)
from lockdesk.cases.call import VARIANTS, is_variant
from lockdesk.cases.model import Check, Clock, Device
from lockdesk.cases.reading import read_case, read_cases
from lockdesk.cases.speech import phrases
from lockdesk.errors import ContentError
from lockdesk.lint import text_faults
from lockdesk.replay import play_steps
from lockdesk.terminal import Event, State, count, is_sound, locks, total
from lockdesk.terminal import step as terminal_step
from lockdesk.terminal.events import ChangeSim

FOLDER = REPOSITORY / "notebooks/cases"
CASES = read_cases(FOLDER)
each_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def call_of(name: str, variant: str = "v00", **changes: Any) -> Call:
    """A practice case, with some of its fields changed."""
    return draw(msgspec.structs.replace(CASES[name], **changes), variant)


def caller(name: str, **changes: Any) -> Any:
    return msgspec.structs.replace(CASES[name].caller, **changes)


def after(call: Call, *steps: str) -> World:
    return play_steps(call, steps).world


def heard(call: Call, *steps: str) -> str:
    """What is heard at the last of these steps, in English."""
    world = after(call, *steps[:-1])
    _, lines = step(call, world, named(call, world, steps[-1]))
    return " ".join(line.text.en for line in lines)


# ---- words


def test_every_word_of_catalogue_and_phrase_book_stands_in_both_languages_without_faults() -> None:
    assert [str(fault) for fault in text_faults(catalogue(), "catalogue")] == []
    assert [str(fault) for fault in text_faults(phrases(), "phrases")] == []


@each_case
def test_every_word_of_a_case_is_without_faults(case: Case) -> None:
    assert [str(fault) for fault in text_faults(case, case.id)] == []


@pytest.mark.parametrize("field", ["lock_class", "option"])
def test_a_ticket_can_say_that_there_is_no_lock_and_no_option(field: str) -> None:
    assert "none" in {one.key for one in ticket_lists()[field]}


@each_case
def test_every_act_is_answered_in_both_languages_before_and_after_everything(case: Case) -> None:
    call = draw(case, "v05")
    for before in ((), ("ask-who", "match-record", "call-back:on-file"), case.solution.steps):
        world = after(call, *before)
        for kind in acts().values():
            for name in [f"{kind.id}:{choice.key}" for choice in kind.choices] or [kind.id]:
                _, lines = step(call, world, named(call, world, name))
                assert lines, name
                for line in lines:
                    assert line.text.en.strip(), name
                    assert line.text.zh.strip(), name
                    assert "{" not in line.text.en + line.text.zh, name


# ---- variants


@each_case
def test_a_variant_is_the_same_call_every_time_and_another_one_is_not(case: Case) -> None:
    again = msgspec.structs.replace(case)

    assert draw(case, "v07").devices == draw(again, "v07").devices
    assert draw(case, "v07").values != draw(case, "v08").values


@each_case
def test_variants_differ_in_sums_and_serials_and_never_in_a_lock(case: Case) -> None:
    calls = [draw(case, f"v{number:02d}") for number in range(0, VARIANTS, 7)]

    assert len({call.devices[call.subject].serial[:7] for call in calls}) > 1
    assert len({tuple(locks(state) for state in call.devices.values()) for call in calls}) == 1
    assert len({law.best(call) for call in calls}) == 1


@each_case
def test_no_two_terminals_of_a_call_have_the_same_serial(case: Case) -> None:
    for number in range(VARIANTS):
        states = draw(case, f"v{number:02d}").devices.values()
        assert len({state.serial for state in states}) == len({state.tid for state in states}) == len(states)


def test_a_learner_always_gets_the_same_variant() -> None:
    case = CASES["gate-fourteen"]

    assert variant_for(case, "lin") == variant_for(case, "lin")
    assert len({variant_for(case, f"learner {number}") for number in range(60)}) > 20


@pytest.mark.parametrize("name", ["v64", "v-1", "00", "v0", "v007", "", None, 7, "v²3", "V01"])
def test_other_names_are_no_variants(name: object) -> None:
    assert not is_variant(name)


def test_the_drawn_sum_is_the_one_in_the_terminal_and_in_the_words() -> None:
    call = call_of("gate-fourteen", "v11")

    assert total(call.devices["lane-1"], "stored") == round(float(call.values["stored-sum"]) * 100)
    assert call.values["stored-sum"] in heard(call, "upload", "reconcile")


# ---- proof and level


def test_numbers_are_compared_only_after_somebody_read_them_out() -> None:
    call = call_of("gate-fourteen")

    assert level(after(call, "match-record")) == 0
    assert "Nobody has read a number" in heard(call, "match-record")
    assert level(after(call, "ask-who", "match-record")) == 1


def test_the_record_of_another_terminal_does_not_agree() -> None:
    call = call_of("gate-fourteen")

    assert level(after(call, "ask-who", "match-record@lane-2")) == 0


def test_each_level_rests_on_the_one_below() -> None:
    call = call_of("gate-fourteen")

    assert level(after(call, "call-back:on-file", "second-approval")) == 0
    assert level(after(call, "ask-who", "match-record", "second-approval")) == 1
    assert level(after(call, "ask-who", "match-record", "call-back:on-file", "second-approval")) == 3


@pytest.mark.parametrize("theatre", ["knowledge-questions", "call-back:number-given"])
def test_what_proves_nothing_answers_well_and_changes_no_level(theatre: str) -> None:
    call = call_of("gate-fourteen")

    assert heard(call, "ask-who", "match-record", theatre)
    assert level(after(call, "ask-who", "match-record", theatre)) == 1


def test_a_check_that_fails_is_a_fact() -> None:
    world = after(call_of("refund-of-318"), "call-back:on-file")

    assert "cannot-prove" in world.facts
    assert level(world) == 0


def substituted() -> Call:
    """A bar's terminal whose serial ends in another digit than on the list: somebody has exchanged it."""
    device = msgspec.structs.replace(CASES["glass-and-tiles"].devices[0], history=(), read="X")
    return call_of("glass-and-tiles", devices=(device,), says=(), threat="substitution")


def test_a_serial_that_differs_is_a_fact_and_no_proof() -> None:
    world = after(substituted(), "ask-who", "match-record")

    assert "mismatch" in world.facts
    assert level(world) == 0
    assert heard(substituted(), "ask-who").count("X") == 1
    assert "On file" in heard(substituted(), "ask-who", "match-record")


def test_a_substituted_terminal_is_a_call_for_containment() -> None:
    call = substituted()

    assert law.best(call) == "R7"
    assert after(call, "ask-who", "view-devices", "inspect-body", "route:security").desk == "security"


# ---- acts on terminals


def test_an_unknown_serial_changes_nothing_and_says_so() -> None:
    call = call_of("gate-fourteen")

    world, lines = step(call, start(call), Act("wipe", on="H2-999999"))

    assert world.devices["lane-1"].claims == call.devices["lane-1"].claims
    assert "H2-999999" in lines[0].text.en
    assert world.done == ()


def test_unlawful_is_possible() -> None:
    world = after(call_of("booth-in-hall-seven"), "lift-lock")

    assert is_sound(world.devices["travel"])


def test_an_upload_saves_what_a_wipe_then_cannot_lose() -> None:
    call = call_of("gate-fourteen")

    assert count(after(call, "wipe").devices["lane-1"], "lost") == 19
    assert count(after(call, "upload", "wipe").devices["lane-1"], "lost") == 0


def test_receipts_kept_before_a_swap_make_its_sales_traceable() -> None:
    call = call_of("glass-and-tiles")

    assert count(after(call, "swap").devices["bar"], "lost") == 112
    assert count(after(call, "keep-receipts", "swap").devices["bar"], "lost") == 0
    assert "0 approved online in the open batch, ¥0.00" in heard(call, "keep-receipts", "swap", "view-host")


def test_a_temporary_code_is_needed_after_a_clear_and_nobody_waits_for_one_otherwise() -> None:
    call = call_of("white-screen-at-reception")

    assert "no temporary code" in heard(call_of("thirty-slips"), "send-code:registered")
    assert not is_sound(after(call, "clear-code").devices["desk-1"])
    assert is_sound(after(call, "clear-code", "send-code:registered").devices["desk-1"])


def test_a_terminal_that_is_gone_cannot_be_inspected_and_can_be_blocked() -> None:
    call = call_of("gone-at-closing-time")
    world = after(call, "inspect-body@mobile", "block@mobile")

    assert "body" not in world.facts
    assert world.devices["mobile"].blocked


def test_what_is_answered_depends_on_what_was_done() -> None:
    call = call_of("gate-fourteen")

    assert "And the nineteen?" in heard(call, "swap")
    assert "it is empty" in heard(call, "upload", "swap")


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.devices])
def test_a_line_of_the_beginning_gives_way_once_the_terminals_stand_otherwise(name: str) -> None:
    call = call_of(name)

    assert "refused at the host" not in heard(call, "view-host")
    assert "refused at the host" in heard(call, "block", "view-host")


def test_of_what_a_system_showed_the_beginning_is_repeated() -> None:
    call = call_of("three-tills-since-nine")
    first = heard(call, "view-host")

    assert first in heard(call, "block", "view-host")
    assert "Now: " in heard(call, "block", "view-host")
    assert heard(call, "ask-who", "view-host") == first


def test_of_what_the_caller_saw_only_the_present_is_told() -> None:
    call = call_of("operator-three-at-noon")
    solved = CASES["operator-three-at-noon"].solution.steps

    assert "locked" in heard(call, "ask-screen").lower()
    assert "locked" not in heard(call, *solved, "ask-screen").lower()


# ---- isolated, and back


def test_a_terminal_with_nothing_against_it_goes_back_on_the_network_for_what_needs_it() -> None:
    call = call_of("gate-fourteen")
    world = after(call, "isolate", "upload")

    assert "back on the network" in heard(call, "isolate", "upload")
    assert "back on the network" not in heard(call, "upload")
    assert count(world.devices[call.subject], "stored") == 0
    assert not world.devices[call.subject].isolated


def test_a_test_sale_puts_it_back_and_what_needs_no_network_does_not() -> None:
    call = call_of("thirty-slips")

    assert not after(call, "isolate", "test-and-void").devices[call.subject].isolated
    assert after(call, "isolate", "keep-receipts", "push-profile").devices[call.subject].isolated


def test_an_alarm_keeps_it_off_until_security_has_released_it() -> None:
    device = msgspec.structs.replace(CASES["glass-and-tiles"].devices[0], reactivation=True, stored=None)
    full = caller("glass-and-tiles", proof=("match", "call-back", "second", "security"))
    call = call_of("glass-and-tiles", caller=full, devices=(device,))
    proved = ("isolate", "ask-who", "match-record", "call-back:on-file", "second-approval")

    assert after(call, *proved, "push-profile").devices[call.subject].isolated
    assert not after(call, *proved, "security-release", "push-profile").devices[call.subject].isolated
    assert is_sound(after(call, *proved, "security-release", "vendor-token", "push-profile").devices[call.subject])


def test_a_threat_keeps_it_off_as_well() -> None:
    call = call_of("code-on-his-telephone")

    assert after(call, "isolate", "basic-steps").devices[call.subject].isolated


# ---- desks


def test_a_case_may_name_more_desks() -> None:
    full = ("ask-scope", "view-host", "ask-who", "route:contract")

    assert after(call_of("three-tills-since-nine", desks=("contract",)), *full).desk == "contract"
    assert after(call_of("three-tills-since-nine"), *full).desk == ""


def test_risk_contains_a_threat_as_security_does() -> None:
    threat = call_of("code-on-his-telephone", desks=("risk",))
    lock = call_of("three-tills-since-nine")

    assert law.ended(threat, after(threat, "ask-change", "ask-machine", "view-history", "ask-who", "route:risk")) == "R7"
    assert law.ended(lock, after(lock, "ask-scope", "view-host", "ask-who", "route:risk")) == "R3"


def test_a_refusal_that_is_reported_stays_a_refusal() -> None:
    call = call_of("refund-of-318")
    report = ("ask-who", "match-record", "ask-screen", "view-merchant", "route:security")

    assert law.best(call) == "refuse"
    assert law.ended(call, after(call, *report)) == "R7"
    assert law.ended(call, after(call, *report, "refuse")) == "refuse"
    assert law.ended(call, after(call, "refuse", *report[:-1])) == "refuse"


def test_the_issuer_says_who_may_call_it() -> None:
    assert "number on the card" in heard(call_of("thirty-slips"), "route:issuer")


def test_a_thin_case_comes_back_and_a_full_one_is_taken_once() -> None:
    call = call_of("three-tills-since-nine")
    full = ("ask-scope", "view-host", "ask-who", "route:risk")

    assert "too thin" in heard(call, "ask-who", "route:risk")
    assert "too thin" in heard(call, "ask-who", "ask-scope", "route:risk")
    assert "too thin" in heard(call, "ask-scope", "view-host", "route:risk")
    assert after(call, *full).desk == "risk"
    assert "Another desk" in heard(call, *full, "route:level2")


def test_a_desk_that_does_not_own_the_class_says_so() -> None:
    assert "Not ours" in heard(call_of("three-tills-since-nine"), "ask-scope", "view-host", "ask-who", "route:contract")


# ---- time


def test_a_clock_strikes_unless_the_named_act_came_before() -> None:
    call = call_of("gate-fourteen")
    slow = ("call-back:on-file",) * 7

    assert not world_online(after(call, *slow))
    assert world_online(after(call, "upload", *slow))


def test_a_clock_strikes_at_its_minute_and_not_before() -> None:
    call = call_of("gate-fourteen")

    assert world_online(after(call, *("view-tms",) * 24))
    assert not world_online(after(call, *("view-tms",) * 25))


def test_what_is_answered_depends_on_whether_the_clock_has_struck() -> None:
    call = call_of("gate-fourteen")
    late = ("view-tms",) * 25

    assert "Ready for sale" in heard(call, "ask-screen")
    assert "courier has it" in heard(call, *late, "ask-screen")
    assert "it reacts" in heard(call, *late, "swap", "ask-screen")
    assert "arrow is gone" in heard(call, "upload", *late, "ask-screen")


def world_online(world: World) -> bool:
    return world.devices["lane-1"].link != "none"


def test_when_patience_is_spent_the_caller_is_gone_and_the_desk_works_on() -> None:
    call = call_of("operator-three-at-noon", patience=3)
    world = after(call, "ask-screen", "ask-scope", "ask-change", "ask-machine", "ask-who", "view-tms")

    assert world.gone
    assert "who" not in world.facts
    assert "tms" in world.facts


def test_patience_lasts_through_its_last_minute() -> None:
    call = call_of("operator-three-at-noon", patience=3)

    assert not after(call, "ask-screen", "ask-scope", "ask-change").gone
    assert after(call, "ask-screen", "ask-scope", "ask-change", "view-tms").gone


def test_nothing_happens_after_the_ticket() -> None:
    call = call_of("operator-three-at-noon")
    world, _ = step(call, start(call), Act("ticket", ticket=Ticket()))

    assert step(call, world, Act("ask-screen"))[0] == world


# ---- the least destructive option, computed

BEST = {
    "operator-three-at-noon": "R1",
    "refund-of-318": "refuse",
    "white-screen-at-reception": "R2",
    "three-tills-since-nine": "R3",
    "booth-in-hall-seven": "R3",
    "glass-and-tiles": "R6",
    "code-on-his-telephone": "R7",
    "gone-at-closing-time": "R7",
    "thirty-slips": "R0",
    "gate-fourteen": "R6",
    "after-the-video": "R5",
}


@pytest.mark.parametrize("name", BEST)
def test_the_best_option_is_found_without_being_written_down(name: str) -> None:
    assert law.best(call_of(name)) == BEST[name]


def test_the_owner_on_the_telephone_makes_a_remote_reset_lawful() -> None:
    call = call_of("refund-of-318", caller=caller("refund-of-318", standing="authorised", proof=("match", "call-back")))

    assert law.best(call) == "R2"


def test_an_administrator_within_reach_makes_his_own_reset_the_best() -> None:
    owner = caller("refund-of-318", standing="authorised", proof=("match", "call-back"))

    assert law.best(call_of("refund-of-318", caller=owner, administrator="caller")) == "R1"


def test_a_second_approval_is_what_a_swap_hangs_on() -> None:
    without = caller("gate-fourteen", proof=("match", "call-back"))

    assert law.best(call_of("gate-fourteen", caller=without)) == "level2"


def test_staff_are_pointed_to_their_administrator_and_get_no_code_cleared() -> None:
    name = "operator-three-at-noon"
    proved = caller(name, proof=("match", "call-back", "portal"))

    assert "R2" not in law.lawful(call_of(name, caller=proved))
    assert law.best(call_of(name, caller=proved, administrator="unreachable")) == "level2"


def test_without_a_spare_nobody_here_can_help() -> None:
    assert law.best(call_of("gate-fourteen", spare=False)) == "level2"


def test_a_sound_terminal_and_no_lock_is_a_call_to_reassure() -> None:
    device = msgspec.structs.replace(CASES["thirty-slips"].devices[0], batch_limit=500)

    assert law.best(call_of("thirty-slips", devices=(device,))) == "reassure"


def test_an_impostor_on_a_location_lock_leaves_only_containment() -> None:
    call = call_of("booth-in-hall-seven", threat="impostor", caller=caller("booth-in-hall-seven", standing="impostor"))

    assert law.lawful(call) == {"R7": (0, 7)}


def test_a_blocked_card_is_explained() -> None:
    assert law.best(call_of("thirty-slips", lock_class="L14")) == "explain"


@pytest.mark.parametrize(("sim", "end"), [("suspended", "R2"), ("pin-locked", "R2"), ("missing", "R6")])
def test_a_locked_sim_card_is_released_by_its_owner_and_a_missing_one_is_a_swap(sim: Any, end: str) -> None:
    device = msgspec.structs.replace(CASES["gate-fourteen"].devices[0], link="mobile", stored=None, history=(ChangeSim(sim),))
    proved = caller("gate-fourteen", proof=("match", "call-back", "second"))

    assert law.best(call_of("gate-fourteen", caller=proved, devices=(device,), lock_class="L13")) == end


def test_a_model_that_can_be_re_activated_makes_a_token_lawful_at_id4_and_still_only_second_best() -> None:
    device = msgspec.structs.replace(CASES["glass-and-tiles"].devices[0], reactivation=True, stored=None)
    full = caller("glass-and-tiles", proof=("match", "call-back", "second", "security"))
    call = call_of("glass-and-tiles", caller=full, devices=(device,))

    assert {"R4", "R6"} <= law.lawful(call).keys()


@each_case
def test_no_lawful_option_loses_more_than_the_best(case: Case) -> None:
    lawful = law.lawful(draw(case, "v00"))

    assert lawful[law.best(draw(case, "v00"))] == min(lawful.values())


# ---- any acts at all

SERIALS = st.sampled_from(["lane-1", "lane-2", "H2-999999"])
KINDS = list(acts().values())
ANY_ACT = st.sampled_from(KINDS).flatmap(
    lambda kind: st.builds(
        Act, st.just(kind.id), st.sampled_from([choice.key for choice in kind.choices] or [""]), SERIALS if kind.device else st.just("")
    )
)


@given(st.sampled_from(sorted(CASES)), st.lists(ANY_ACT, max_size=40), st.integers(0, VARIANTS - 1))
@settings(max_examples=120, deadline=None)
def test_no_act_raises_time_only_passes_and_no_sale_vanishes(name: str, doings: list[Act], number: int) -> None:
    call = draw(CASES[name], f"v{number:02d}")
    world = start(call)
    names = list(call.devices)
    for doing in doings:
        device = {"lane-1": names[0], "lane-2": names[-1]}.get(doing.on, "")
        act = msgspec.structs.replace(doing, on=world.devices[device].serial) if device else doing
        before = world
        world, lines = step(call, world, act)
        assert lines
        assert world.minute >= before.minute
        assert before.facts.keys() <= world.facts.keys()
        assert before.proofs <= world.proofs
        for key, state in before.devices.items():
            old = {claim.trace: claim.amount for claim in state.claims}
            new = {claim.trace: claim.amount for claim in world.devices[key].claims}
            assert old.items() <= new.items()


@given(st.sampled_from(sorted(CASES)), st.lists(ANY_ACT, max_size=30))
@settings(max_examples=60, deadline=None)
def test_a_quiet_call_goes_the_same_way_as_a_loud_one(name: str, doings: list[Act]) -> None:
    call = draw(CASES[name], "v00")
    quiet = msgspec.structs.replace(call, quiet=True)
    loud_world = quiet_world = start(call)
    for act in doings:
        loud_world, _ = step(call, loud_world, act)
        quiet_world, _ = step(quiet, quiet_world, act)

    assert loud_world == quiet_world


# ---- the file

GOOD = (FOLDER / "thirty-slips.toml").read_text(encoding="utf-8")


def faults_with(tmp_path: Path, *changes: tuple[str, str]) -> list[str]:
    text = GOOD
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = tmp_path / "case.toml"
    path.write_text(text, encoding="utf-8")
    try:
        read_case(path)
    except ContentError as error:
        return [str(fault) for fault in error.faults]
    return []


def test_a_good_file_has_no_faults(tmp_path: Path) -> None:
    assert faults_with(tmp_path) == []


BROKEN = {
    "a missing language": ('title.zh = "谁的卡都刷不了"\n', "", "title.zh: missing"),
    "an unknown field": ("patience = 32", "patince = 32", "Did you mean 'patience'"),
    "an unknown act in a step": (
        'steps = ["ask-screen", "ask-who", "match-record", "settle"]',
        'steps = ["ask-scren"]',
        "there is no act 'ask-scren'",
    ),
    "an unknown choice": ('"route:level2"', '"route:level9"', "has no choice 'level9'"),
    "a step without its choice": ('"route:level2"', '"route"', "wanted: a choice"),
    "an unknown device": ('"view-host", "settle"', '"view-host", "settle@till"', "no device 'till'"),
    "an unknown class": ('lock_class = "L12"', 'lock_class = "L16"', "'L16' is none of"),
    "an unknown second reason": ("patience = 32", 'patience = 32\nreasons = ["luck"]', "'luck' is none of"),
    "an unknown second desk": ("patience = 32", 'patience = 32\ndesks = ["front"]', "'front' is none of"),
    "an unknown check": ('misses = ["nothing-deleted"]', 'misses = ["no-such"]', "'no-such' is no check"),
    "an unknown value": ('total = "$batch-sum"', 'total = "$bath-sum"', "is no [[vary]]"),
    "an unfilled placeholder": ("¥{batch-sum}.”", "¥{bath-sum}.”", "filled by nothing"),
    "a check that asks for nothing": ('did = ["ask-screen"]\nbefore = ["ask-screen", "settle"]\n', "", "asks for nothing"),
    "a check worth too much": ("points = 5\ndid = ", "points = 50\ndid = ", "at most 8"),
    "an unknown event": ("batch_limit = 30", 'batch_limit = 30\nhistory = [{ do = "explode" }]', "explode"),
    "a standing nobody has": ('standing = "staff"', 'standing = "cousin"', "cousin"),
    "low above high": ("low = 2100", "low = 9100", "low must be below high"),
    "a clock that is not there": ('after = ["settle"]', "struck = 1", "there is no clock number 1"),
    "words for a desk": ('act = "ask-machine"', 'act = "route:level2"', "is never heard"),
    "an id that is no id": ('id = "thirty-slips"', 'id = "Thirty Slips"', "kebab-case"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_fault_is_named_with_its_place(tmp_path: Path, fault: str) -> None:
    old, new, wanted = BROKEN[fault]

    found = faults_with(tmp_path, (old, new))

    assert any(wanted in one for one in found), found
    assert all(one.startswith("case.toml") for one in found)


def test_all_faults_are_reported_together(tmp_path: Path) -> None:
    pairs = [BROKEN[name][:2] for name in ("an unknown choice", "an unknown class", "low above high", "an unfilled placeholder")]

    assert len(faults_with(tmp_path, *pairs)) >= 4


def test_a_file_that_is_no_toml_or_no_text_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("x = = 1")
    (tmp_path / "b.toml").write_bytes(b"\xff\xfe")

    with pytest.raises(ContentError) as caught:
        read_cases(tmp_path)

    assert len(caught.value.faults) == 2


def test_two_cases_cannot_have_the_same_id(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.toml").write_text(GOOD, encoding="utf-8")

    with pytest.raises(ContentError, match="id of another case"):
        read_cases(tmp_path)


@each_case
def test_quotation_marks_inside_a_spoken_line_are_single(case: Case) -> None:
    texts = [case.opens, *(one.text for one in (*case.says, *case.clocks))]

    assert [text for one in texts for text in (one.en, one.zh) if re.search("“[^”]*“", text)] == []


@each_case
def test_the_file_bears_the_name_of_the_case_and_the_opening_is_spoken(case: Case) -> None:
    assert tomllib.loads((FOLDER / f"{case.id}.toml").read_text(encoding="utf-8"))["id"] == case.id
    assert opening(draw(case, "v00"), start(draw(case, "v00"))).zh


# ---- what docs/cases.md promises

GUIDE = (REPOSITORY / "docs/cases.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (L\d[^|]*) \| (.+) \|$", GUIDE, re.MULTILINE)


def test_every_lock_class_can_be_written_as_the_guide_says() -> None:
    found: set[str] = set()
    for marks, how in ROWS:
        events = re.findall(r"`(\{.+?\})`", how)
        for chosen in [*re.findall(r"\"([a-z]+)\"(?=[,;]|$| and|$)", how.split("`")[-1]), ""]:
            history = [tomllib.loads(f"e = {event}")["e"] for event in events]
            for event in history:
                for key in ("kind", "by", "name"):
                    if chosen and key in event and chosen in ("arrears", "lifecycle", "opened", "supervisor"):
                        event[key] = chosen
            state = State(sim="ready", link="mobile")
            for event in history * (3 if "three times" in how else 1):
                state, _ = terminal_step(state, msgspec.convert(event, Event))
            found |= set(locks(state))
        assert marks

    assert found >= {f"L{number}" for number in range(1, 16)} - {"L11", "L14"}


def test_the_guide_names_every_field_of_a_case() -> None:
    fields = {name.encode_name for kind in (Case, Device, Clock, Check) for name in msgspec.structs.fields(kind)}

    assert {name for name in fields if not re.search(rf"\b{name}\b", GUIDE)} == set()
