"""What the simulated terminal is made of: an invented make and model, the Haylark H2 (禾雀 H2), with invented codes.

All values are immutable. Money is a whole number of fen (¥0.01), time a whole number of minutes. The ledger in `State` is the truth
about every sale, also of what the device itself no longer knows; what a person may see of it is in `views.py`.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

MAKE: Final = "Haylark H2"
MAX_TRIES: Final = 3
"""Wrong codes in a row after which an operator or a code is locked (an invented figure of this model)."""
MAX_STORED: Final = 50
"""Offline sales the device stores before it refuses more."""
DAY: Final = 24 * 60
CELL_LIFE: Final = 180 * DAY
"""Minutes without power after which the backup cell is flat, which the device cannot tell from an attack (docs/domain.md B1 L11)."""
DORMANT: Final = 365 * DAY
"""Minutes without a sale after which the acquirer stops the terminal (docs/domain.md D4, inspection guideline)."""

Place = Literal["stored", "batch", "settled", "voided", "reversed", "lost"]
RefundPlace = Literal["batch", "settled", "voided", "lost"]
HoldPlace = Literal["open", "completed", "cancelled", "orphaned"]
CodeName = Literal["supervisor", "refund", "system", "screen"]
RemoteLock = Literal["risk", "arrears", "location", "lifecycle"]
Part = Literal["sim", "credential", "system", "kiosk", "parameters", "keys", "application", "enrolment"]
Task = Literal["wipe", "push"]


class _Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of the terminal: immutable, compared by value."""


class Claim(_Value, frozen=True, kw_only=True):
    """The merchant's claim from one sale. `place` is the only thing about it that ever changes.

    `traced` marks a claim that reached the host by receipts and not by the device.
    """

    trace: int
    amount: int
    place: Place
    traced: bool = False


class Refund(_Value, frozen=True, kw_only=True):
    """Money promised back to a cardholder; it has states of its own and is no part of any claim."""

    trace: int
    amount: int
    place: RefundPlace


class Hold(_Value, frozen=True, kw_only=True):
    """A pre-authorisation. `orphaned`: open at the issuer, but the device can no longer complete or cancel it (docs/domain.md C2 G6)."""

    trace: int
    amount: int
    place: HoldPlace


class Operator(_Value, frozen=True, kw_only=True):
    """A cashier's login. `temporary`: the code was set by somebody else and must be changed at first use."""

    id: str
    pin: str
    tries: int = 0
    locked: bool = False
    temporary: bool = False


class Code(_Value, frozen=True, kw_only=True):
    """A code for one function. `temporary` as with operators."""

    name: CodeName
    value: str
    tries: int = 0
    locked: bool = False
    temporary: bool = False


class Entry(_Value, frozen=True, kw_only=True):
    """What somebody is typing: which page is open, the digits so far, and for whom or what they are meant."""

    page: Literal["idle", "menu", "amount", "card", "operator", "pin", "code", "new-code", "refund", "void", "status"] = "idle"
    digits: str = ""
    about: str = ""


class State(_Value, frozen=True, kw_only=True):
    """One terminal at one moment. The defaults are a healthy one on its counter, nobody logged in but operator 01.

    `capture`: who keeps the detail of the unsettled batch. `place`: where the device stands, compared with its registered place.
    `tamper`: what fired the sensors; the device itself cannot tell, so no view shows it.
    """

    serial: str = "H2-000000"
    tid: str = "00000001"
    mid: str = "000000000000001"
    capture: Literal["device", "host"] = "device"
    powered: bool = True
    charging: bool = True
    battery: int = 100
    unpowered_for: int = 0
    link: Literal["mobile", "wifi", "none"] = "wifi"
    sim: Literal["ready", "pin-locked", "suspended", "missing"] = "ready"
    isolated: bool = False
    place: Literal["registered", "elsewhere"] = "registered"
    operators: tuple[Operator, ...] = (Operator(id="01", pin="2601"), Operator(id="02", pin="2602"), Operator(id="03", pin="2603"))
    on_duty: str = "01"
    codes: tuple[Code, ...] = (
        Code(name="supervisor", value="260411"),
        Code(name="refund", value="260412"),
        Code(name="system", value="26041326"),
        Code(name="screen", value="260414"),
    )
    screen_locked: bool = False
    kiosk: bool = True
    system_asked: bool = False
    enrolled: bool = True
    application: Literal["approved", "expired", "missing"] = "approved"
    parameters: bool = True
    keys: Literal["loaded", "faulty", "missing"] = "loaded"
    credential: bool = True
    clock_right: bool = True
    signed_in: bool = True
    touch: bool = True
    tamper: Literal["none", "opened", "dropped", "cell", "cold"] = "none"
    reactivation: bool = False
    remote: frozenset[RemoteLock] = frozenset()
    blocked: bool = False
    batch_limit: int = 500
    tasks: tuple[Task, ...] = ()
    now: int = 0
    last_sale: int = 0
    next_trace: int = 1
    claims: tuple[Claim, ...] = ()
    refunds: tuple[Refund, ...] = ()
    holds: tuple[Hold, ...] = ()
    entry: Entry = Entry()
    result: str = ""
    receipt: tuple[str, ...] = ()


class Message(_Value, frozen=True, kw_only=True):
    """Something the device, the host or the TMS says. `name` is a name in `words.WORDS`, `values` fill its placeholders."""

    name: str
    values: dict[str, str] = {}


def is_online(state: State) -> bool:
    """Whether the device reaches the host and the TMS now."""
    linked = state.link == "wifi" or (state.link == "mobile" and state.sim == "ready")
    return state.powered and linked and not state.isolated


def total(state: State, place: Place) -> int:
    """The sum of the claims in `place`, in fen."""
    return sum(claim.amount for claim in state.claims if claim.place == place)


def count(state: State, place: Place) -> int:
    """How many claims are in `place`."""
    return sum(claim.place == place for claim in state.claims)
