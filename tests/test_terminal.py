"""The simulated terminal keeps every claim, never raises, reaches every lock class, and each option does what it does in truth."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_args, get_type_hints

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockdesk.lint import text_faults
from lockdesk.terminal import State, display, is_sound, lamps, locks, receipt, say, sells, signs, step, stopped, total
from lockdesk.terminal.events import (
    AdminReset,
    ApplyToken,
    Authorise,
    Block,
    BreakTouch,
    CallTms,
    Cancel,
    ChangeCode,
    ChangeSim,
    ClearBatch,
    ClearCode,
    Complete,
    Connect,
    DropTasks,
    EnterCode,
    Event,
    GiveBack,
    Hurt,
    Isolate,
    Lift,
    Lock,
    LockScreen,
    LogOn,
    MenuReset,
    Move,
    Plug,
    Power,
    PowerCut,
    PresentCard,
    Press,
    Push,
    Queue,
    Restart,
    Sale,
    Settle,
    SignIn,
    Spoil,
    Swap,
    Upload,
    Void,
    Wait,
    Wipe,
)
from lockdesk.terminal.state import DAY
from lockdesk.terminal.words import WORDS

OFFLINE = Connect("none")
UNPLUG = Plug(False)
WRONG_PIN = LogOn("03", "0000")


def after(*events: Event, state: State | None = None) -> State:
    """The terminal after these events, a healthy one before them."""
    state = state if state is not None else State()
    for event in events:
        state, _ = step(state, event)
    return state


def said(state: State, event: Event) -> list[str]:
    return [message.name for message in step(state, event)[1]]


def shown(state: State, lang: str = "en") -> str:
    return " / ".join(line[lang] for line in display(state))  # type: ignore[index]


def press(keys: str) -> list[Event]:
    """Keys separated by blanks; a run of digits is pressed one by one."""
    single = [key for word in keys.split() for key in (word if word.isdigit() else [word])]
    return [Press(key) for key in single]  # type: ignore[arg-type]


# ---- any sequence of events

FIELDS = {
    "amount": st.integers(-5, 10**6) | st.integers(),
    "trace": st.integers(0, 12) | st.integers(),
    "minutes": st.integers(-5, 600 * DAY) | st.integers(),
    "value": st.sampled_from(["2601", "260412", "123456", "", "²²²²", "x"]) | st.text(max_size=6),
    "pin": st.sampled_from(["2601", "2603", "0000"]),
    "operator": st.sampled_from(["01", "03", "99"]),
    "who": st.sampled_from(["01", "03", "supervisor", "refund", "system", "screen", "nobody"]),
    "serial": st.sampled_from(["H2-000000", "H2-000001", ""]),
}


def strategy_for(kind: type[Any]) -> st.SearchStrategy[Any]:
    def field(name: str, annotation: object) -> st.SearchStrategy[Any]:
        if name in FIELDS:
            return FIELDS[name]
        if annotation is bool:
            return st.booleans()
        choices = get_args(annotation)
        return st.sampled_from(choices) if choices and choices[0] is not bool else st.text(max_size=4)

    hints = get_type_hints(kind)
    return st.builds(kind, **{name: field(name, hints[name]) for name in kind.__struct_fields__})


EVENTS: st.SearchStrategy[Event] = st.one_of([strategy_for(kind) for kind in get_args(Event)])
BUSINESS: st.SearchStrategy[Event] = st.one_of(
    st.builds(Sale, st.integers(1, 10**5)),
    st.builds(GiveBack, st.integers(1, 10**4)),
    st.builds(Authorise, st.integers(1, 10**4)),
    st.builds(Void, st.integers(1, 9)),
    st.sampled_from([OFFLINE, Connect("wifi"), Upload(), Settle(), ClearBatch(), Wipe(), MenuReset(), Swap("H2-1"), SignIn()]),
)
SEQUENCES = st.lists(EVENTS | BUSINESS, max_size=40) | st.lists(BUSINESS, min_size=10, max_size=40)
STATES = st.builds(
    State,
    capture=st.sampled_from(["device", "host"]),
    link=st.sampled_from(["mobile", "wifi", "none"]),
    batch_limit=st.integers(1, 6),
    reactivation=st.booleans(),
    charging=st.booleans(),
)
FORWARD = {
    "stored": {"stored", "batch", "voided", "lost"},
    "batch": {"batch", "settled", "voided", "lost"},
    "settled": {"settled"},
    "voided": {"voided"},
    "reversed": {"reversed"},
    "lost": {"lost"},
}


@given(STATES, SEQUENCES)
@settings(max_examples=400, deadline=None)
def test_every_claim_stays_in_the_ledger_with_its_sum_and_only_moves_forward(state: State, events: list[Event]) -> None:
    for event in events:
        before = {claim.trace: claim for claim in state.claims}
        state, _ = step(state, event)
        now = {claim.trace: claim for claim in state.claims}
        assert len(now) == len(state.claims)
        assert before.keys() <= now.keys()
        for trace, claim in before.items():
            assert now[trace].amount == claim.amount
            assert now[trace].place in FORWARD[claim.place]
        assert all(now[trace].place in ("stored", "batch", "reversed") for trace in now.keys() - before.keys())


@given(STATES, SEQUENCES)
@settings(max_examples=200, deadline=None)
def test_refunds_and_holds_stay_in_the_ledger_and_end_once(state: State, events: list[Event]) -> None:
    for event in events:
        before = state
        state, _ = step(state, event)
        for old, new in zip(before.refunds, state.refunds, strict=False):
            assert old.amount == new.amount
            assert old.place in ("batch", new.place)
        for old, new in zip(before.holds, state.holds, strict=False):
            assert old.amount == new.amount
            assert old.place in ("open", new.place)
        assert len(state.refunds) >= len(before.refunds)
        assert len(state.holds) >= len(before.holds)


@given(STATES, SEQUENCES)
@settings(max_examples=300, deadline=None)
def test_no_event_raises_and_everything_can_be_shown_in_both_languages(state: State, events: list[Event]) -> None:
    for event in events:
        state, messages = step(state, event)
        for text in (*display(state), *receipt(state), *map(say, messages)):
            assert text.en
            assert text.zh
        assert stopped(state) is None or stopped(state) in WORDS
        assert lamps(state).power == state.powered


@given(STATES, SEQUENCES)
@settings(max_examples=100, deadline=None)
def test_the_same_events_give_the_same_terminal(state: State, events: list[Event]) -> None:
    assert after(*events, state=state) == after(*events, state=state)


@given(SEQUENCES)
@settings(max_examples=100, deadline=None)
def test_a_state_survives_being_written_and_read(events: list[Event]) -> None:
    state = after(*events)

    assert msgspec.json.decode(msgspec.json.encode(state), type=State) == state
    assert msgspec.json.decode(msgspec.json.encode(events), type=list[Event]) == events


# ---- every lock class, by events, and how it looks

REACHED: dict[str, tuple[Iterable[Event], str, str]] = {
    "L1": ([WRONG_PIN] * 3, "Operator locked", "操作员已锁定"),
    "L2": ([EnterCode("refund", "1")] * 3, "Refund password locked", "退货密码已锁定"),
    "L3": (press("menu 9"), "System manager password", "系统管理员密码"),
    "L4": ([Spoil("credential"), CallTms()], "TMS login refused", "登录被拒绝"),
    "L5": ([LockScreen()], "unlock the screen", "解锁屏幕"),
    "L6": ([MenuReset()], "enterprise account", "企业账号"),
    "L7": ([Lock("risk")], "Contact your service provider", "联系服务商"),
    "L8": ([Lock("arrears")], "overdue", "逾期"),
    "L9": ([Move("elsewhere")], "position abnormal", "移机锁定"),
    "L10": ([Hurt("dropped")], "TAMPERED", "已触发防拆"),
    "L11": ([UNPLUG, Power(False), Wait(181 * DAY), Power(True)], "TAMPERED", "已触发防拆"),
    "L12": ([PowerCut(), Power(True)], "Please sign on", "请签到"),
    "L13": ([Connect("mobile"), ChangeSim("suspended")], "SIM suspended", "停机"),
    "L14": ([Sale(500, "pin-blocked")], "PIN tries exceeded", "密码次数超限"),
    "L15": ([Wait(366 * DAY)], "disabled", "停用"),
}


@pytest.mark.parametrize("mark", REACHED)
def test_every_lock_class_is_reached_by_events_and_shows_as_described(mark: str) -> None:
    events, english, chinese = REACHED[mark]

    state = after(*events)

    assert mark in signs(state)
    assert english in shown(state)
    assert chinese in shown(state, "zh")


def test_a_healthy_terminal_is_under_no_lock_class_and_sells() -> None:
    assert signs(State()) == ()
    assert is_sound(State())
    assert "Ready" in shown(State())


@pytest.mark.parametrize("mark", [mark for mark in REACHED if mark not in ("L1", "L2", "L3", "L4", "L13", "L14")])
def test_a_terminal_under_one_of_these_classes_takes_no_payment(mark: str) -> None:
    state = after(*REACHED[mark][0])

    assert total(after(Sale(500), state=state), "batch") == 0


@pytest.mark.parametrize(("one", "other"), [("dropped", "cold"), ("opened", "cell")])
def test_the_display_does_not_tell_why_the_sensors_fired(one: Any, other: Any) -> None:
    assert display(after(Hurt(one))) == display(after(Hurt(other)))
    assert locks(after(Hurt(one))) != locks(after(Hurt(other)))


def test_one_locked_operator_leaves_the_others_selling() -> None:
    state = after(WRONG_PIN, WRONG_PIN, WRONG_PIN, LogOn("01", "2601"), Sale(4600))

    assert total(state, "batch") == 4600


def test_a_right_code_forgives_the_wrong_ones_before_it() -> None:
    state = after(WRONG_PIN, WRONG_PIN, LogOn("03", "2603"), WRONG_PIN, WRONG_PIN)

    assert locks(state) == ()


def test_a_locked_operator_is_refused_even_with_the_right_code() -> None:
    state = after(*[WRONG_PIN] * 3)

    assert said(state, LogOn("03", "2603")) == ["operator-locked"]


def test_a_blocked_card_is_the_cards_matter_and_the_next_card_sells() -> None:
    state = after(Sale(500, "pin-blocked"))

    assert locks(state) == ()
    assert sells(state)


def test_a_full_journal_asks_to_settle_and_sells_again_after_it() -> None:
    full = after(Sale(100), Sale(100), state=State(batch_limit=2))

    assert "settle first" in shown(full)
    assert sells(after(Settle(), state=full))


def test_a_location_lock_falls_once_a_moved_terminal_is_online_and_not_before() -> None:
    offline = after(OFFLINE, Move("elsewhere"))

    assert "L9" not in locks(offline)
    assert "L9" in locks(after(Connect("wifi"), state=offline))


def test_moving_back_does_not_lift_a_location_lock() -> None:
    assert "L9" in locks(after(Move("elsewhere"), Move("registered")))


# ---- sales, uploads, settlement


def test_a_sale_without_network_is_stored_and_an_upload_brings_it_into_the_batch() -> None:
    state = after(OFFLINE, Sale(3689))

    assert total(state, "stored") == 3689
    assert total(after(Connect("wifi"), Upload(), state=state), "batch") == 3689


def test_settling_leaves_stored_sales_where_they_are() -> None:
    state = after(Sale(100), OFFLINE, Sale(50), Connect("wifi"), Settle())

    assert (total(state, "settled"), total(state, "stored")) == (100, 50)


def test_a_sale_the_host_did_not_answer_is_reversed() -> None:
    state = after(Sale(700, "no-answer"))

    assert (total(state, "reversed"), total(state, "batch")) == (700, 0)


def test_a_void_takes_back_an_open_sale_and_never_a_settled_one() -> None:
    assert total(after(Sale(1), Void(1)), "voided") == 1
    assert total(after(Sale(1), Settle(), Void(1)), "settled") == 1


def test_a_completed_hold_becomes_a_claim_and_a_cancelled_one_does_not() -> None:
    held = after(Authorise(900))

    assert total(after(Complete(1), state=held), "batch") == 900
    assert after(Cancel(1), state=held).claims == ()
    assert [hold.place for hold in after(Complete(1), Cancel(1), state=held).holds] == ["completed"]


def test_a_refund_with_a_locked_code_is_refused() -> None:
    locked = after(*[EnterCode("refund", "0")] * 3)

    assert said(locked, GiveBack(318)) == ["refund-locked"]
    assert [refund.amount for refund in after(GiveBack(318)).refunds] == [318]


def test_a_dead_screen_stops_the_person_and_not_the_tms() -> None:
    state = after(OFFLINE, Sale(5), Connect("wifi"), BreakTouch())

    assert total(after(Upload(), state=state), "stored") == 5
    assert total(after(Upload(remote=True), state=state), "batch") == 5


@pytest.mark.parametrize(("kind", "left"), [("risk", 0), ("location", 0), ("arrears", 5), ("lifecycle", 5)])
def test_a_lock_of_the_owner_traps_stored_sales_and_a_stop_of_payments_does_not(kind: Any, left: int) -> None:
    state = after(OFFLINE, Sale(5), Connect("wifi"), Lock(kind), Upload(remote=True))

    assert total(state, "stored") == left


# ---- what each option does, and destroys

BUSY = after(Sale(4600), OFFLINE, Sale(1900), Connect("wifi"), Authorise(300), GiveBack(10))
BUSY_AT_HOST = after(Sale(4600), OFFLINE, Sale(1900), Connect("wifi"), Authorise(300), GiveBack(10), state=State(capture="host"))


def test_r0_a_sign_in_sets_the_clock_and_loses_nothing() -> None:
    state = after(PowerCut(), Power(True), SignIn(), state=BUSY)

    assert is_sound(state)
    assert state.claims == BUSY.claims


def test_r0_a_restart_keeps_stored_sales_and_helps_no_lock() -> None:
    for mark in ("L1", "L2", "L5", "L6", "L7", "L8", "L9", "L10", "L15"):
        state = after(*REACHED[mark][0], state=BUSY)
        again = after(Restart(), state=state)
        assert mark in locks(again)
        assert again.claims == state.claims


def test_r1_the_administrator_sets_a_code_that_must_be_changed_at_first_use() -> None:
    state = after(*[WRONG_PIN] * 3, AdminReset("03", "4711"))

    assert said(state, LogOn("03", "4711")) == ["change-now"]
    assert "L1" in locks(state)
    changed = after(ChangeCode("03", "8264"), state=state)
    assert is_sound(changed)
    assert after(LogOn("03", "8264"), state=changed).on_duty == "03"


def test_r1_the_portal_cannot_set_a_code_of_the_provider() -> None:
    assert said(State(), AdminReset("system", "11112222")) == ["not-the-merchants"]


def test_r2_clearing_the_screen_lock_leaves_a_temporary_code_and_every_sale() -> None:
    state = after(LockScreen(), ClearCode("screen", "7731"), state=BUSY)

    assert "L5" in locks(state)
    assert state.claims == BUSY.claims
    assert is_sound(after(ChangeCode("screen", "5520"), state=state))


def test_r2_a_temporary_code_cannot_be_kept() -> None:
    state = after(*[WRONG_PIN] * 3, ClearCode("03", "7731"))

    assert said(state, ChangeCode("03", "7731")) == ["not-changed"]


@pytest.mark.parametrize("event", [ClearCode("03", "7731"), Push("parameters"), Push("keys")])
def test_r2_needs_a_terminal_that_can_be_reached(event: Event) -> None:
    assert said(after(OFFLINE), event) == ["unreachable"]
    assert said(after(MenuReset()), event) == ["unreachable"]


@pytest.mark.parametrize(
    ("trouble", "part"),
    [
        (Spoil("credential"), "credential"),
        (LockScreen(), "kiosk"),
        (Spoil("parameters"), "parameters"),
        (Spoil("application"), "application"),
    ],
)
def test_r2_a_push_mends_its_own_part(trouble: Event, part: Any) -> None:
    assert locks(after(trouble)) != ()
    assert is_sound(after(trouble, Push(part)))


@pytest.mark.parametrize("sim", ["suspended", "pin-locked"])
def test_r2_the_owner_of_the_sim_card_releases_it_though_the_terminal_is_offline(sim: Any) -> None:
    state = after(Connect("mobile"), ChangeSim(sim))

    assert said(state, Push("parameters")) == ["unreachable"]
    assert said(state, Push("sim")) == ["pushed"]
    assert is_sound(after(Push("sim"), state=state))


def test_r2_a_sim_card_that_is_not_there_cannot_be_released() -> None:
    state = after(Connect("mobile"), ChangeSim("missing"))

    assert said(state, Push("sim")) == ["not-taken"]
    assert "L13" in locks(after(Push("sim"), state=state))


def test_r2_keys_are_followed_by_a_sign_in() -> None:
    state = after(Spoil("keys"), Push("keys"))

    assert stopped(state) == "sign-in"
    assert is_sound(after(SignIn(), state=state))


def test_r2_keys_do_not_take_in_a_tampered_terminal() -> None:
    state = after(Hurt("dropped"))

    assert said(state, Push("keys")) == ["not-taken"]
    assert state.keys == "missing"


@pytest.mark.parametrize("kind", ["risk", "arrears", "location", "lifecycle"])
def test_r3_the_owners_decision_lifts_exactly_its_own_lock(kind: Any) -> None:
    state = after(*[Lock(one) for one in ("risk", "arrears", "location", "lifecycle")], Lift(kind))

    assert state.remote == {"risk", "arrears", "location", "lifecycle"} - {kind}


def test_r3_a_lifted_location_lock_registers_the_new_place() -> None:
    assert is_sound(after(Move("elsewhere"), Lift("location"), Wait(5)))


def test_r4_a_token_opens_one_serial_of_a_model_that_allows_it_and_the_memory_is_gone() -> None:
    state = after(Hurt("dropped"), ApplyToken("H2-000000"), state=msgspec.structs.replace(BUSY, reactivation=True))

    assert locks(state) == ("L12",)
    assert state.keys == "missing"
    assert (total(state, "stored"), total(state, "lost")) == (0, 6500)
    assert [hold.place for hold in state.holds] == ["orphaned"]


@pytest.mark.parametrize(("reactivation", "serial"), [(False, "H2-000000"), (True, "H2-000001")])
def test_r4_is_refused_for_other_models_and_other_serials(reactivation: bool, serial: str) -> None:
    state = after(Hurt("dropped"), state=State(reactivation=reactivation))

    assert said(state, ApplyToken(serial)) == ["token-refused"]


@pytest.mark.parametrize(("busy", "lost", "kept"), [(BUSY, 6500, 0), (BUSY_AT_HOST, 1900, 4600)])
def test_r5_a_wipe_loses_stored_sales_always_and_the_batch_unless_the_host_has_it(busy: State, lost: int, kept: int) -> None:
    state = after(Wipe(), state=busy)

    assert (total(state, "lost"), total(state, "batch")) == (lost, kept)
    assert not sells(state)


def test_r5_a_wipe_takes_payments_again_only_after_the_whole_set_up() -> None:
    state = after(LockScreen(), Wipe())
    for part in ("application", "parameters", "keys"):
        assert not sells(after(SignIn(), state=state))
        state = after(Push(part), state=state)  # type: ignore[arg-type]

    assert is_sound(after(SignIn(), state=state))


@pytest.mark.parametrize("mark", ["L7", "L8", "L9", "L10", "L15"])
def test_r5_a_wipe_lifts_no_decision_and_no_alarm(mark: str) -> None:
    assert mark in locks(after(*REACHED[mark][0], Wipe()))


def test_r5_an_untrusted_reset_ends_at_the_enrolment_page_with_the_sales_gone() -> None:
    state = after(MenuReset(), state=BUSY)

    assert locks(state) == ("L6",)
    assert total(state, "lost") == 6500
    assert is_sound(after(*(Push(part) for part in ("enrolment", "application", "parameters", "keys")), SignIn(), state=state))  # type: ignore[arg-type]


@pytest.mark.parametrize(("receipts", "lost", "traced"), [(False, 6500, 0), (True, 0, 6500)])
def test_r6_what_only_the_old_unit_knew_is_traced_by_receipts_or_lost(receipts: bool, lost: int, traced: int) -> None:
    state = after(Hurt("dropped"), Swap("H2-000777", receipts), state=BUSY)

    assert is_sound(state)
    assert state.serial == "H2-000777"
    assert total(state, "lost") == lost
    assert sum(claim.amount for claim in state.claims if claim.traced) == traced


@pytest.mark.parametrize("mark", ["L7", "L8", "L9", "L15"])
def test_r6_locks_that_are_decisions_travel_to_the_new_unit(mark: str) -> None:
    assert mark in locks(after(*REACHED[mark][0], Swap("H2-000777")))


def test_r7_an_isolated_or_blocked_terminal_sells_nothing_and_keeps_everything() -> None:
    for event in (Isolate(), Block()):
        state = after(event, state=BUSY)
        assert not sells(state)
        assert state.claims == BUSY.claims


def test_clearing_the_batch_loses_what_was_not_settled() -> None:
    state = after(Settle(), Sale(7), ClearBatch(), state=BUSY)

    assert (total(state, "settled"), total(state, "lost")) == (4600, 1907)


def test_a_queued_wipe_runs_when_time_passes_and_can_be_stopped_before() -> None:
    queued = after(Queue("wipe"), state=BUSY)

    assert total(after(Wait(1), state=queued), "lost") == 6500
    assert total(after(DropTasks(), Wait(1), state=queued), "lost") == 0
    assert total(after(Isolate(), Wait(1), state=queued), "lost") == 0


# ---- power and time


def test_a_terminal_off_its_charger_goes_dark_and_on_it_does_not() -> None:
    assert not after(UNPLUG, Wait(601)).powered
    assert after(Wait(601)).powered


def test_half_a_year_in_a_drawer_looks_like_an_attack() -> None:
    state = after(UNPLUG, Power(False), Wait(100 * DAY), Wait(81 * DAY), Power(True))

    assert locks(state) == ("L11",)
    assert locks(after(UNPLUG, Power(False), Wait(179 * DAY), Plug(True), Power(True))) == ()


# ---- keys


def test_a_sale_by_keys_ends_in_a_receipt() -> None:
    state = after(*press("4600 ok"), PresentCard())

    assert total(state, "batch") == 4600
    assert [line.en for line in receipt(state)] == [
        "SALE",
        "Trace 000001",
        "Amount ¥46.00",
        "TID 00000001",
        "MID 000000000000001",
        "Operator 01",
    ]


def test_a_page_shows_what_is_typed_and_never_a_code() -> None:
    assert "¥46.00" in shown(after(*press("4600")))
    typing = after(*press("menu 8 03 ok 2603"))
    assert "****" in shown(typing)
    assert "2603" not in shown(typing)
    assert after(Press("ok"), state=typing).on_duty == "03"


def test_settling_by_keys_prints_the_totals() -> None:
    state = after(Sale(4600), *press("menu 4"))

    assert [line.zh for line in receipt(state)][:3] == ["结算单", "笔数 1", "金额 ¥46.00"]


def test_a_refund_by_keys_wants_the_refund_code_first() -> None:
    assert [one.amount for one in after(*press("menu 3 260412 ok 31800 ok")).refunds] == [31800]
    assert after(*press("menu 3 1 ok 31800 ok")).refunds == ()


def test_three_wrong_refund_codes_by_keys_lock_the_function() -> None:
    assert locks(after(*press("menu 3 1 ok menu 3 2 ok menu 3 3 ok"))) == ("L2",)


def test_a_locked_screen_takes_its_own_code_and_no_menu() -> None:
    state = after(LockScreen())

    assert after(*press("menu 4"), state=state).claims == ()
    assert not after(*press("260414 ok"), state=state).screen_locked


def test_the_status_page_counts_what_was_not_sent() -> None:
    state = after(OFFLINE, Sale(1234), *press("menu 7"))

    assert "Not sent: 1, ¥12.34" in shown(state)


def test_cancel_leads_back_from_every_page() -> None:
    for keys in ("menu", "menu 1 5", "menu 2", "menu 3", "menu 7", "menu 8 01 ok 2", "menu 9 1"):
        assert after(*press(keys), Press("cancel")).entry.page == "idle"


# ---- words


def test_every_word_the_device_says_is_without_faults() -> None:
    assert [str(fault) for fault in text_faults(WORDS, "words")] == []
