"""A score is what replaying the acts shows: each rule costs what it says, and no log, however hostile, does more than earn 0."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import REPOSITORY
from lockdesk.cases import Act, Case, Ticket, acts, draw, law
from lockdesk.cases.reading import read_cases
from lockdesk.lint import text_faults
from lockdesk.proofs import play_listed
from lockdesk.replay import MAX_ENTRIES, CaseScore, money_of, play, play_steps, resolved, score_log, score_of
from lockdesk.replay.marks import marks_of
from lockdesk.replay.sheet import sheet
from lockdesk.terminal import total
from lockdesk.terminal.events import Spoil

CASES = read_cases(REPOSITORY / "notebooks/cases")
each_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def changed(name: str, **changes: Any) -> Case:
    return msgspec.structs.replace(CASES[name], **changes)


def marks(case: Case | str, *steps: str) -> set[str]:
    """The fines, caps and breaches these steps bring, without those of the end."""
    found = case if isinstance(case, Case) else CASES[case]
    return {mark.id for mark in marks_of(play_steps(draw(found, "v00"), steps))} - {"wrong-end", "no-ticket", "level2-took-it"}


def score(case: Case | str, *steps: str, **ticket: Any) -> CaseScore:
    found = case if isinstance(case, Case) else CASES[case]
    closing = Act("ticket", ticket=Ticket(**ticket)) if ticket else None
    return score_of(play_steps(draw(found, "v00"), steps, closing))


def line(result: CaseScore, name: str) -> float:
    """The share of a check that was earned."""
    found = next(one for one in result.lines if one.id == name)
    return found.earned / found.possible if found.possible else found.earned


def model_log(case: Case, variant: str = "v00") -> list[dict[str, Any]]:
    """The model solution as a front end would have recorded it."""
    played = play_listed(draw(case, variant), case.solution)
    return [{name: value for name, value in msgspec.to_builtins(row.act).items() if value is not None} for row in played.rows]


# ---- the words of the sheet


def test_every_line_of_the_sheet_is_in_both_languages_with_a_source() -> None:
    assert [str(fault) for fault in text_faults(sheet(), "sheet")] == []
    assert all(one.source.startswith("domain ") for one in (*sheet().checks, *sheet().marks))


@each_case
def test_every_score_line_says_what_was_seen_why_and_where(case: Case) -> None:
    for listed in (case.solution, *case.paths, *case.mistakes):
        for one in score_of(play_listed(draw(case, "v00"), listed)).lines:
            assert one.name.zh
            assert one.why.en
            assert one.source
            assert one.seen


# ---- the whole


@each_case
def test_the_model_earns_everything_in_every_variant(case: Case) -> None:
    for number in range(0, 64, 5):
        assert score_of(play_listed(draw(case, f"v{number:02d}"), case.solution)).percent == 100


@each_case
def test_a_log_read_back_from_disk_earns_what_the_play_earned(case: Case) -> None:
    log = json.loads(json.dumps(model_log(case, "v09")))

    assert score_log(case, log, "v09").percent == 100


@each_case
def test_doing_nothing_is_worth_nothing(case: Case) -> None:
    assert score_log(case, [], "v00").percent == 0


@each_case
def test_points_are_never_above_a_hundred_and_add_up(case: Case) -> None:
    result = score_of(play_listed(draw(case, "v00"), case.solution))
    checks = [one for one in result.lines if one.kind in ("check", "own")]

    assert sum(one.possible for one in checks) == pytest.approx(100)
    assert sum(one.earned for one in checks) == pytest.approx(100)


@each_case
def test_a_forgotten_ticket_caps_a_perfect_call(case: Case) -> None:
    assert 35 <= score_of(play_steps(draw(case, "v00"), case.solution.steps)).percent <= 60


@each_case
def test_a_neighbours_log_is_worth_little_in_ones_own_variant(case: Case) -> None:
    assert score_log(case, model_log(case, "v03"), "v44").percent < (95 if case.id == "refund-of-318" else 50)


def test_on_average_a_neighbours_log_is_worth_less_than_half() -> None:
    found = [score_log(case, model_log(case, "v03"), "v44").percent for case in CASES.values()]

    assert sum(found) / len(found) < 50


@each_case
def test_what_comes_after_the_ticket_counts_for_nothing(case: Case) -> None:
    more = [{"act": "take-payment"}] * 6

    assert score_log(case, [*model_log(case), *more], "v00").percent == 100


# ---- hostile logs

HOSTILE: dict[str, object] = {
    "no list": {"act": "ask-screen"},
    "a string": "ask-screen",
    "nothing": None,
    "an unknown act": [{"act": "unlock-everything"}],
    "an unknown choice": [{"act": "route", "arg": "president"}],
    "a choice where none is": [{"act": "ask-screen", "arg": "x"}],
    "a number for an act": [{"act": 7}],
    "an extra field": [{"act": "ask-screen", "score": 100}],
    "a list for an act": [[]],
    "a ticket without its fields": [{"act": "ticket"}],
    "a ticket of the wrong type": [{"act": "ticket", "ticket": {"amount": "all of it"}}],
    "an endless amount": [{"act": "ticket", "ticket": {"amount": 1e300}}],
    "a ticket on another act": [{"act": "ask-screen", "ticket": {}}],
    "an endless serial": [{"act": "wipe", "on": "H" * 10_000}],
    "100,000 entries": [{"act": "ask-screen"}] * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_log_earns_nothing_and_says_why(name: str) -> None:
    result = score_log(CASES["gate-fourteen"], HOSTILE[name], "v00")

    assert result.percent == 0
    assert [one.kind for one in result.lines] == ["refused"]
    assert result.lines[0].name.en
    assert result.lines[0].name.zh


@pytest.mark.parametrize("variant", ["v64", "", None, 3, ["v00"], "v00 "])
def test_a_variant_the_edition_does_not_have_earns_nothing(variant: object) -> None:
    result = score_log(CASES["gate-fourteen"], model_log(CASES["gate-fourteen"]), variant)

    assert result.percent == 0
    assert result.lines[0].id == "bad-variant"


@given(
    st.lists(
        st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))
    )
)
@settings(max_examples=100, deadline=None)
def test_no_json_at_all_raises(log: list[Any]) -> None:
    assert score_log(CASES["gate-fourteen"], log, "v00").percent == 0


@given(
    st.lists(st.sampled_from([kind for kind in acts().values() if not kind.choices]), max_size=MAX_ENTRIES), st.sampled_from(sorted(CASES))
)
@settings(max_examples=40, deadline=None)
def test_any_log_of_acts_scores_between_0_and_100_and_always_the_same(kinds: list[Any], name: str) -> None:
    case = CASES[name]
    serial = draw(case, "v21").devices[draw(case, "v21").subject].serial
    log = [{"act": kind.id, "on": serial if kind.device else ""} for kind in kinds]

    first = score_log(case, log, "v21")

    assert 0 <= first.percent <= 100
    assert first == score_log(case, log, "v21")


# ---- breaches

UNDER_THREAT = "code-on-his-telephone"


@pytest.mark.parametrize(
    ("name", "steps", "mark"),
    [
        ("refund-of-318", ("clear-code",), "no-right"),
        ("operator-three-at-noon", ("ask-who", "match-record", "clear-code"), "no-right"),
        ("gate-fourteen", ("wipe",), "destroyed"),
        ("thirty-slips", ("clear-batch",), "destroyed"),
        ("glass-and-tiles", ("wipe",), "tampered-work"),
        ("glass-and-tiles", ("push-profile",), "tampered-work"),
        ("glass-and-tiles", ("vendor-token",), "token-barred"),
        ("white-screen-at-reception", ("clear-code", "send-code:read-out"), "code-told"),
        ("white-screen-at-reception", ("clear-code", "send-code:chat"), "code-told"),
        (UNDER_THREAT, ("explain:detection-rule",), "rule-told"),
        ("three-tills-since-nine", ("take-payment",), "payment-taken"),
        ("booth-in-hall-seven", ("lift-lock",), "lock-lifted"),
        ("gate-fourteen", ("swap@lane-2",), "wrong-terminal"),
    ],
)
def test_a_breach_leaves_nothing(name: str, steps: tuple[str, ...], mark: str) -> None:
    assert mark in marks(name, *steps)
    assert score(name, *steps, lock_class="L1").percent == 0


def test_under_a_threat_nobody_has_anything_changed() -> None:
    genuine = CASES["gate-fourteen"]

    assert "no-right" not in marks(genuine, "swap")
    assert "no-right" in marks(changed("gate-fourteen", threat="third-party"), "swap")


@each_case
def test_a_breach_after_a_perfect_call_leaves_nothing_of_it(case: Case) -> None:
    assert score(case, *case.solution.steps, "take-payment", lock_class="L1").percent == 0


# ---- fines and caps


@pytest.mark.parametrize(
    ("name", "steps", "mark"),
    [
        ("white-screen-at-reception", ("clear-code",), "unverified"),
        ("gate-fourteen", ("settle",), "below-level"),
        ("gate-fourteen", ("isolate",), "stopped-sound"),
        ("gone-at-closing-time", ("block@till",), "stopped-sound"),
        ("operator-three-at-noon", ("explain:promise",), "promise"),
        ("three-tills-since-nine", ("explain:system-error",), "untruth"),
        ("three-tills-since-nine", ("explain:detection-rule",), "rule-told-genuine"),
        ("glass-and-tiles", ("basic-steps",), "touched-tampered"),
        ("glass-and-tiles", ("settle",), "touched-tampered"),
        ("glass-and-tiles", ("clear-code",), "touched-tampered"),
        ("glass-and-tiles", ("admin-reset",), "touched-tampered"),
        ("three-tills-since-nine", ("route:security",), "false-alarm"),
        ("three-tills-since-nine", ("route:contract",), "wrong-desk"),
        ("three-tills-since-nine", ("ask-scope", "view-host", "ask-who", "route:risk", "route:risk"), "second-desk"),
        ("operator-three-at-noon", ("ask-who", "match-record", "basic-steps"), "no-use"),
        ("thirty-slips", ("send-code:registered",), "no-code"),
        ("operator-three-at-noon", ("refuse",), "turned-away"),
        ("refund-of-318", ("call-back:number-given",), "number-given"),
        ("operator-three-at-noon", ("view-tms",) * 4, "idle"),
        ("glass-and-tiles", ("swap",), "untraced"),
    ],
)
def test_a_fine_is_for_what_it_says(name: str, steps: tuple[str, ...], mark: str) -> None:
    assert mark in marks(name, *steps)
    assert mark not in marks(name, *CASES[name].solution.steps)


@each_case
def test_a_model_solution_pays_no_fine(case: Case) -> None:
    played = play_listed(draw(case, "v00"), case.solution)

    assert marks_of(played) == ()


def test_one_level_short_and_no_proof_at_all_differ() -> None:
    name = "white-screen-at-reception"

    assert "short" in marks(name, "ask-who", "match-record", "clear-code")
    assert "far-short" in marks(name, "clear-code")


def test_a_tampered_unit_is_swapped_at_the_second_level_only_once_security_has_it() -> None:
    asked = ("ask-screen", "ask-change", "ask-who", "match-record", "call-back:on-file")

    assert "short" in marks("glass-and-tiles", *asked, "swap")
    assert not {"short", "far-short"} & marks("glass-and-tiles", *asked, "route:security", "swap")


def test_a_protective_block_asks_less_once_half_the_evidence_of_a_threat_is_in() -> None:
    assert "below-level" in marks("gone-at-closing-time", "block@mobile")
    assert "below-level" not in marks("gone-at-closing-time", "ask-change", "view-devices", "block@mobile")


def test_the_lower_bar_is_for_the_block_alone() -> None:
    assert "below-level" in marks("gone-at-closing-time", "ask-change", "view-devices", "harden@till")


def test_two_needless_acts_are_free_and_each_further_one_costs() -> None:
    name = "operator-three-at-noon"
    fines = [sum(-one.earned for one in score(name, "view-tms", *("view-tms",) * again).lines if one.id == "idle") for again in range(5)]

    assert fines == [0, 0, 0, 1, 2]


def test_a_fine_is_paid_each_time_and_shown_once() -> None:
    result = score("glass-and-tiles", "basic-steps", "basic-steps")
    found = [one for one in result.lines if one.id == "touched-tampered"]

    assert [one.earned for one in found] == [-24]


def test_level_two_is_no_way_out_of_a_call_that_could_be_solved() -> None:
    name = "thirty-slips"
    full = ("ask-screen", "ask-who", "match-record", "view-host", "route:level2", "explain:reason-and-route", "closing-note")

    assert score(name, *full, lock_class="L12", authority="desk", option="none", reason="not-settled", money="in-batch").percent <= 40


def test_where_the_means_are_missing_level_two_is_the_right_end() -> None:
    case = changed("gate-fourteen", spare=False)
    found = score(case, "ask-screen", "view-tms", "ask-who", "match-record", "call-back:on-file", "route:level2")

    assert line(found, "option") == 1
    assert "level2-took-it" not in {one.id for one in found.lines}


def test_a_token_with_security_s_release_is_lawful_where_the_model_allows_it_and_keys_follow_at_the_same_level() -> None:
    device = msgspec.structs.replace(CASES["glass-and-tiles"].devices[0], reactivation=True)
    full = msgspec.structs.replace(CASES["glass-and-tiles"].caller, proof=("match", "call-back", "second", "security"))
    case = changed("glass-and-tiles", devices=(device,), caller=full)
    steps = ("ask-who", "match-record", "call-back:on-file", "second-approval", "security-release", "vendor-token", "push-profile")

    assert marks(case, *steps) == {"untraced"}
    assert marks(case, "keep-receipts", *steps) == set()
    assert "unverified" in marks(case, *steps[:4], *steps[5:])
    assert "token-barred" in marks("glass-and-tiles", "vendor-token")


def test_a_ticket_that_claims_what_was_not_done_is_fined() -> None:
    assert "contradicts" in {one.id for one in score("operator-three-at-noon", "ask-who", option="R1").lines}


# ---- checks


def test_triage_counts_what_was_known_when_it_was_decided() -> None:
    name = "operator-three-at-noon"

    assert line(score(name, "ask-screen", "ask-scope", "admin-reset"), "triage") == 1
    assert line(score(name, "ask-screen", "admin-reset", "ask-scope"), "triage") == 0.5
    assert line(score(name, "admin-reset", "ask-screen", "ask-scope"), "triage") == 0


def test_a_caller_s_standing_and_the_case_s_own_facts_belong_to_the_evidence() -> None:
    assert line(score("refund-of-318", "ask-screen", "refuse"), "triage") == pytest.approx(1 / 3)
    assert line(score("three-tills-since-nine", "ask-scope", "refuse"), "triage") == pytest.approx(1 / 3)
    assert line(score("three-tills-since-nine", "view-host", "refuse"), "triage") == pytest.approx(2 / 3)


def test_verification_after_the_change_does_not_count() -> None:
    name = "white-screen-at-reception"
    early = score(name, "ask-who", "match-record", "portal-approval", "clear-code", "send-code:registered")
    late = score(name, "clear-code", "send-code:registered", "ask-who", "match-record", "portal-approval")

    assert line(early, "verified") == 1
    assert line(late, "verified") == 0


def test_inspection_matters_where_the_body_decides() -> None:
    case = CASES["glass-and-tiles"]
    blind = [step for step in case.solution.steps if step != "inspect-body"]
    found = score_of(play_listed(draw(case, "v00"), msgspec.structs.replace(case.solution, steps=tuple(blind))))

    assert found.percent <= 70


def test_a_look_at_the_body_counts_before_the_end_and_not_after_it() -> None:
    name = "glass-and-tiles"

    assert line(score(name, "inspect-body", "evidence", "swap"), "inspected") == 1
    assert line(score(name, "swap", "inspect-body", "evidence"), "inspected") == pytest.approx(0.4)


def test_a_terminal_a_stranger_reached_for_is_looked_at_though_it_works() -> None:
    name = "code-on-his-telephone"
    seen = ("ask-change", "view-history", "explain:reason-and-route", "ask-who")

    assert line(score(name, *seen, "inspect-body", "evidence", "route:security"), "inspected") == 1
    assert line(score(name, *seen, "route:security"), "inspected") == 0


def test_gates_are_read_at_the_moment_of_the_swap() -> None:
    name = "gate-fourteen"
    before = (
        "ask-who",
        "match-record",
        "view-merchant",
        "call-back:on-file",
        "inspect-body",
        "view-host",
        "upload",
        "evidence",
        "view-tms",
    )

    assert line(score(name, *before, "swap"), "gates") == 1
    assert line(score(name, "swap", *before), "gates") == 0
    for left_out in set(before) - {"ask-who", "match-record"}:
        assert line(score(name, *(one for one in before if one != left_out), "swap"), "gates") == pytest.approx(7 / 8), left_out


def test_money_is_protected_by_the_one_who_asked_and_sent_it() -> None:
    name = "gate-fourteen"

    assert line(score(name, "view-host", "upload"), "protected") == 1
    assert line(score(name, "upload"), "protected") == pytest.approx(0.6)
    assert line(score(name, "view-host"), "protected") == pytest.approx(0.4)
    assert line(score(name, "view-host", "wipe"), "protected") == 0


def test_a_lawful_option_that_is_not_the_least_earns_half() -> None:
    name = "glass-and-tiles"

    assert (
        line(
            score(name, "ask-screen", "ask-change", "inspect-body", "ask-who", "match-record", "call-back:on-file", "route:security"),
            "option",
        )
        == 0.5
    )


def test_afterwards_pays_only_when_the_end_is_right() -> None:
    name = "operator-three-at-noon"

    assert line(score(name, "harden", "closing-note"), "after") == 0
    assert line(score(name, "ask-who", "match-record", "admin-reset", "harden", "closing-note"), "after") == 1


TICKET = {"lock_class": "L1", "authority": "administrator", "option": "R1", "reason": "tries"}


def test_a_right_ticket_without_evidence_is_worth_its_option_only() -> None:
    name = "operator-three-at-noon"

    assert line(score(name, "ask-who", "match-record", "admin-reset", **TICKET), "ticket") == pytest.approx(0.2)


def test_each_field_of_a_ticket_counts_for_itself() -> None:
    name = "operator-three-at-noon"
    steps = ("ask-screen", "ask-scope", "ask-who", "match-record", "admin-reset")
    place, amount = money_of(draw(CASES[name], "v00"), play_steps(draw(CASES[name], "v00"), steps).world)
    full = {**TICKET, "money": place, "amount": amount}

    assert line(score(name, *steps, **full), "ticket") == pytest.approx(1)
    for field, lost in (("lock_class", 0.3), ("authority", 0.2), ("option", 0.2), ("reason", 0.15), ("money", 0.15)):
        assert line(score(name, *steps, **{**full, field: "none" if field != "money" else "lost"}), "ticket") == pytest.approx(1 - lost), (
            field
        )
    assert line(score(name, *steps, **{**full, "amount": amount + 1}), "ticket") == pytest.approx(1 - 0.075)
    assert line(score(name, *steps, **{**full, "lock_class": "L2"}), "ticket") == pytest.approx(1 - 0.18)


def test_time_is_free_up_to_a_quarter_more_and_gone_at_twice() -> None:
    case = changed("operator-three-at-noon", patience=500)
    steps = case.solution.steps
    slow = [line(score(case, *steps, *("view-tms",) * extra), "time") for extra in (0, 3, 9, 14)]

    assert slow[0] == slow[1] == 1
    assert 0 < slow[2] < 1
    assert slow[3] == 0


# ---- a case's own vocabulary


def own(check: dict[str, Any], *steps: str) -> bool:
    from lockdesk.cases.model import Check
    from lockdesk.replay.own import is_met
    from lockdesk.text import Text

    case = CASES["gate-fourteen"]
    found = msgspec.convert({"id": "c", "points": 3, "why": {"en": "e", "zh": "z"}, "source": "domain F", **check}, Check)
    assert isinstance(found.why, Text)
    return is_met(found, play_steps(draw(case, "v00"), steps))


RIGHT = CASES["gate-fourteen"].solution.steps


@pytest.mark.parametrize(
    ("check", "steps", "met"),
    [
        ({"did": ["upload", "swap"]}, ("upload", "swap"), True),
        ({"did": ["upload", "swap"]}, ("upload",), False),
        ({"did": ["upload@lane-2"]}, ("upload@lane-1",), False),
        ({"did": ["call-back"]}, ("call-back:on-file",), True),
        ({"did": ["call-back:number-given"]}, ("call-back:on-file",), False),
        ({"any": ["upload", "settle"]}, ("settle",), True),
        ({"any": ["upload", "settle"]}, ("ask-who",), False),
        ({"did_not": ["wipe"]}, (), False),
        ({"did_not": ["wipe"]}, RIGHT, True),
        ({"did_not": ["upload"]}, RIGHT, False),
        ({"before": ["upload", "swap"]}, ("upload", "swap"), True),
        ({"before": ["upload", "swap"]}, ("upload",), True),
        ({"before": ["upload", "swap"]}, ("swap", "upload"), False),
        ({"before": ["upload", "swap"]}, ("swap",), False),
        ({"within": ["upload", 5]}, ("upload",), True),
        ({"within": ["upload", 5]}, ("ask-who", "upload"), False),
        ({"seen": ["tms"]}, ("view-tms",), True),
        ({"seen": ["tms", "host"]}, ("view-tms",), False),
        ({"did": ["upload"], "seen": ["tms"]}, ("upload",), False),
    ],
)
def test_the_vocabulary_of_checks_means_what_it_says(check: dict[str, Any], steps: tuple[str, ...], met: bool) -> None:
    assert own(check, *steps) is met


# ---- replay


@each_case
def test_replaying_the_acts_of_a_play_gives_the_same_world(case: Case) -> None:
    call = draw(case, "v13")
    doings = resolved(call, case.solution.steps)

    assert play(call, doings).world == play(call, doings, aloud=True).world == play_steps(call, case.solution.steps).world


def test_best_and_end_agree_in_every_model_solution() -> None:
    for case in CASES.values():
        played = play_listed(draw(case, "v00"), case.solution)
        assert law.ended(played.call, played.world) == law.best(played.call)


# ---- as true as the first answer


def ticket_line(case: Case | str, *steps: str, **ticket: Any) -> float:
    return line(score(case, *steps, **ticket), "ticket")


def test_of_a_fall_either_alarm_may_be_named() -> None:
    case = CASES["glass-and-tiles"]
    model = case.solution
    given = {"authority": model.authority, "option": model.option, "reason": model.reason}

    fallen = [ticket_line(case, *model.steps, lock_class=mark, **given) for mark in ("L10", "L11", "L12")]

    assert fallen[0] == fallen[1] > fallen[2]


def test_a_case_may_name_more_reasons() -> None:
    case = CASES["operator-three-at-noon"]
    steps = case.solution.steps

    more = ticket_line(changed("operator-three-at-noon", reasons=("fraud",)), *steps, lock_class="L1", reason="fraud")

    assert more > ticket_line(case, *steps, lock_class="L1", reason="fraud")
    assert more == ticket_line(case, *steps, lock_class="L1", reason="tries")


def test_where_nothing_is_at_risk_an_everyday_batch_is_a_true_answer() -> None:
    case = CASES["operator-three-at-noon"]
    call = draw(case, "v00")
    batch = total(call.devices[call.subject], "batch") / 100
    steps = case.solution.steps

    safe, named, short = (
        ticket_line(case, *steps, lock_class="L1", money=money, amount=amount)
        for money, amount in (("safe", 0.0), ("in-batch", batch), ("in-batch", batch - 1))
    )

    assert batch > 0
    assert safe == named > short


def test_stopping_what_cannot_sell_and_holds_nothing_costs_nothing() -> None:
    device = CASES["gate-fourteen"].devices[0]
    dead = msgspec.structs.replace(device, stored=None, history=(*device.history, Spoil("application")))

    assert "stopped-sound" in marks(changed("gate-fourteen", devices=(msgspec.structs.replace(device, stored=None),)), "isolate")
    assert "stopped-sound" not in marks(changed("gate-fourteen", devices=(dead,)), "isolate")


def test_a_threat_may_be_reported_by_a_caller_who_proved_nothing() -> None:
    steps = ("ask-change", "ask-machine", "view-history", "ask-who", "route:risk")

    assert "below-level" in marks("code-on-his-telephone", *steps)
    assert "below-level" not in marks(changed("code-on-his-telephone", desks=("risk",)), *steps)
